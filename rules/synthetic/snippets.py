"""Rules of the paper's kind (appendix D.2): a loop over two lists, made of 22 snippets.

What the paper leaves open is decided so: a program has eight different snippets, as the two printed
ones have; each takes the two lists in either order; numbers are from 1 to 99. Raw programs of this
kind end on all inputs in some 70 of 100 cases; a program is kept if it ends on `_PROBES` inputs,
and so do all the inputs that are made for it.
"""

import functools
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, NamedTuple, TypeAlias

from .names import random_names
from .program import Program, indented
from .values import Numbers

SNIPPETS = tuple(
    """\
if one:
    one[-1] += N

if one:
    one[0] += N

if one:
    var = one.pop(0)
    two.append(var)

if one:
    var = one.pop()
    two.append(var)

one.insert(0, N)

one.sort()

one.reverse()

one = one[1:] if one else one

if two:
    one.insert(0, two[0])
else:
    one.insert(0, N)

val = two[-1] if two else N
one.append(val)

if one and two and one[0] > two[0]:
    one.pop(0)

if one and two and one[-1] < two[-1]:
    one.pop()

if one:
    one.pop(0)

if one and two:
    one.append(two.pop())

if one and one[0] % 2 == 0:
    one.pop(0)

if one and one[0] % 2 == 1:
    one.pop(0)

if len(one) > len(two):
    two.insert(0, one.pop())

if one and one[0] > N:
    one.pop(0)

if one and one[0] < N:
    one.pop(0)

if two:
    one.append(two.pop(0))

if one:
    one.pop()

if two:
    two.pop()
""".rstrip().split("\n\n")
)
"""The snippets, of two lists and a number."""

_SIZE = 8
_VALUES = Numbers(1, 99)
_PROBES = (1, 2, 3, 5, 8, 12, 20, 30)
_MOST = 300  # iterations; programs that end take far fewer
_PLACE = re.compile(r"\b(?:one|two|N)\b")

_List: TypeAlias = list[int]
_Step: TypeAlias = Callable[[_List, _List, int], tuple[_List, _List]]


class Choice(NamedTuple):
    """A snippet of a program: its number, whether the lists are swapped, and its constant."""

    snippet: int
    swapped: bool
    constant: int


def draw(rng: Random) -> Program:
    """Return a program that ends."""
    while True:
        choices = [
            Choice(snippet, rng.random() < 0.5, rng.randint(_VALUES.low, _VALUES.high))
            for snippet in rng.sample(range(len(SNIPPETS)), _SIZE)
        ]
        names = random_names(rng)
        program = make(choices, next(names), next(names))
        probes = (program.raw_arguments(length, rng) for length in _PROBES)
        if all(ends(choices, arguments) for arguments in probes):
            return program


def make(choices: Sequence[Choice], one: str, two: str) -> Program:
    """Return the program of these snippets over lists of these names."""
    body: list[str] = []
    for choice in choices:
        body += _lines(choice, *((two, one) if choice.swapped else (one, two)))
    return Program(
        function="process_list",
        parameters=((one, _VALUES), (two, _VALUES)),
        body=(f"while {one} and {two}:", *indented(body)),
        result=one,
        admits=functools.partial(ends, tuple(choices)),
    )


def _lines(choice: Choice, one: str, two: str) -> list[str]:
    """Return the lines of a snippet over lists of these names."""
    put = {"one": one, "two": two, "N": str(choice.constant)}
    return _PLACE.sub(lambda place: put[place[0]], SNIPPETS[choice.snippet]).split("\n")


def ends(choices: Sequence[Choice], arguments: Sequence[Any]) -> bool:
    """Tell whether a program ends on two lists, which stay as they are, within `_MOST` rounds."""
    one, two = (list(argument) for argument in arguments)
    steps = _steps()
    program = [(steps[number], swapped, constant) for number, swapped, constant in choices]
    for _ in range(_MOST):
        if not (one and two):
            return True
        for step, swapped, constant in program:
            if swapped:
                two, one = step(two, one, constant)
            else:
                one, two = step(one, two, constant)
    return False


@functools.cache
def _steps() -> tuple[_Step, ...]:
    """Return the snippets as functions that return both lists."""
    made: list[_Step] = []
    for snippet in SNIPPETS:
        lines = indented([*snippet.split("\n"), "return one, two"])
        names: dict[str, Any] = {}
        exec("\n".join(["def step(one, two, N):", *lines]), names)
        made.append(names["step"])
    return tuple(made)
