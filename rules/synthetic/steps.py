"""Rules of a few small values: one loop that counts down, or takes apart a text or a number.

It has one to three steps in it. Traces are short, and differ in little but what the rule says:
which names there are, by how much the loop counts and how far, what a step does. So a small
model can learn from them to do what a rule says. A program ends by construction, as nothing but the
loop's own step changes what it is over.
"""

import re
from collections.abc import Iterator
from random import Random
from typing import Any

from .names import common_names, random_names
from .program import Program, indented
from .values import Counted, Digits, Pieces, Small, Values

_STEPS = (
    "{t} += {c}", "{t} += {c}", "{t} -= {c}", "{t} -= {c}", "{t} += {p}", "{t} -= {p}",
    "{t} += {u}", "{t} -= {u}", "{t} = {u} - {t}", "{t} = {u} + {c}", "{t} = {n}", "{t} = {p}",
    "{t} = {i}", "{t} = ({t} + {c}) % {m}", "{t} = ({t} + {p}) % {m}", "{t} = ({i} + {p}) % {m}",
    "{t} = ({t} + {i}) % {m}", "{t}, {u} = {u}, {t}", "{t} = max({t}, {i})", "{t} = min({t}, {u})",
    "{s} += {ch}", "{s} += {ch}", "{s} = {ch} + {s}", "{s} += {k}",
)  # fmt: skip
_TESTS = (
    "{t} > {n}", "{t} < {n}", "{t} == {n}", "{t} == {p}", "{t} < {p}", "{t} % 2 == 0",
    "{t} != {u}", "{t} > {u}", "{i} % 2 == 1", "{i} % 3 == 0", "{i} > {n}", "{i} == {p}",
    "{ch} == {k}", "{ch} == {k}", "{ch} > {k}", "{ch} != {k}",
)  # fmt: skip
_RESULTS = ("{t}", "{t}", "{t}", "{s}", "{s}", "{t} + 1", "{t} - {u}", "{t} % 10", "{i} + {t}")
_ALPHABETS = ("0123456789", "0123456789", "abcdefghijklmnopqrstuvwxyz", "abcdefghij")
_HOLE = re.compile(r"\{(\w+)\}")
_LENGTHS = (1, 2, 3, 5, 8, 15)  # at which a program is tried
_LARGEST = 999  # what a number may become there
_LONGEST = 30  # and how many characters a text may have that was put together


def draw(rng: Random) -> Program:
    """Return a program whose numbers stay small and whose answers differ."""
    while True:
        program = _Drawing(rng).program()
        if program is not None and _is_good(program, rng):
            return program


class _Drawing:
    """Draws one program. `holes` has what each hole of a template can be."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.names: Iterator[str] = common_names(rng) if rng.random() < 0.9 else random_names(rng)
        self.parameters: list[tuple[str, Values]] = []
        self.begin: list[str] = []
        self.holes: dict[str, list[str]] = {}

    def program(self) -> Program | None:
        """Return a program, or None if what was drawn has no use for all its variables."""
        rng = self.rng
        loop = rng.choices((self._count, self._cut, self._divide), (6, 6, 2))[0]
        head, first, last = loop()
        self._numbers()
        body: list[str] = []
        for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
            body += self._branches() if rng.random() < 0.25 else [self._fill(_STEPS)]
        rng.shuffle(self.begin)
        rng.shuffle(self.parameters)
        result = self._fill(_RESULTS)
        lines = (*self.begin, head, *indented([*first, *body, *last]))
        text = "\n".join((*lines, result))
        own = [name for name, _ in self.parameters]
        own += [line.partition(" ")[0] for line in (*self.begin, *first)]
        if any(len(re.findall(rf"\b{name}\b", text)) < 2 for name in own):
            return None
        function = f"process_{self.parameters[0][1].noun}"
        return Program(function, tuple(self.parameters), lines, result)

    def _count(self) -> tuple[str, list[str], list[str]]:
        """Draw a loop that counts down; return its head, and what its body begins and ends with."""
        rng = self.rng
        base, by = rng.choice((0, 0, 1, rng.randint(2, 60))), rng.choice((1, 1, 1, 2, 3))
        name = next(self.names)
        self.parameters.append((name, Counted(base, by)))
        head, step = f"while {name} {rng.choice(('>', '>', '!='))} {base}:", f"{name} -= {by}"
        self.holes["i"] = [name]
        return (head, [step], []) if rng.random() < 0.4 else (head, [], [step])

    def _cut(self) -> tuple[str, list[str], list[str]]:
        """Draw a loop that uses a text up; return as `_count` does."""
        rng = self.rng
        alphabet = rng.choice(_ALPHABETS)
        by, name = rng.choice((1, 1, 1, 1, 2, 3)), next(self.names)
        self.parameters.append((name, Pieces(alphabet, by)))
        at, rest = rng.choice((("0", f"{by}:"), ("-1", f":-{by}")))
        letter, step = next(self.names), f"{name} = {name}[{rest}]"
        self.holes["k"] = [repr(sign) for sign in alphabet]
        if rng.random() < 0.3:
            return f"while {name}:", [step], []
        self.holes["ch"] = [letter]
        if rng.random() < 0.6:
            self.holes["s"] = [next(self.names)]
            self.begin.append(f"{self.holes['s'][0]} = ''")
        return f"while {name}:", [f"{letter} = {name}[{at}]", step], []

    def _divide(self) -> tuple[str, list[str], list[str]]:
        """Draw a loop that takes the last digit of a number each time; return as `_count` does."""
        name, digit = next(self.names), next(self.names)
        self.parameters.append((name, Digits()))
        self.holes["p"] = [digit]
        return f"while {name} > 0:", [f"{digit} = {name} % 10", f"{name} //= 10"], []

    def _numbers(self) -> None:
        """Draw the numbers beside what the loop is over."""
        rng = self.rng
        totals = [next(self.names) for _ in range(rng.choice((1, 1, 1, 2, 2, 3)))]
        for name in totals:
            if rng.random() < 0.3:
                self.parameters.append((name, Small(0, rng.choice((9, 60)))))
            else:
                self.begin.append(f"{name} = {rng.choice((0, 0, 1, rng.randint(2, 40)))}")
        self.holes["t"] = totals
        if rng.random() < 0.4:
            name = next(self.names)
            self.parameters.append((name, Small(1, rng.choice((5, 9, 30)))))
            self.holes["p"] = [name, *self.holes.get("p", [])]

    def _branches(self) -> list[str]:
        """Draw an ``if``, with or without what else there is."""
        rng = self.rng
        lines = [f"if {self._fill(_TESTS)}:", *indented([self._fill(_STEPS)])]
        if rng.random() < 0.3:
            lines += [f"elif {self._fill(_TESTS)}:", *indented([self._fill(_STEPS)])]
        if rng.random() < 0.4:
            lines += ["else:", *indented([self._fill(_STEPS)])]
        return lines

    def _fill(self, templates: tuple[str, ...]) -> str:
        """Return one of the templates for which there is something for all holes, filled."""
        rng = self.rng
        few = rng.randint(2, 9)
        numbers = {
            # No text is counted: that is a task of its own (`nupa_length`).
            "c": str(rng.choice((1, 1, few)) if "i" in self.holes else few),
            "m": str(rng.randint(2, rng.choice((9, 30)))),
            "n": str(rng.choice((rng.randint(-5, 9), rng.randint(0, 60)))),
        }
        there = {*numbers, *self.holes}
        if len(self.holes["t"]) > 1:
            there.add("u")
        template = rng.choice([t for t in templates if there.issuperset(_HOLE.findall(t))])
        known = numbers | {hole: rng.choice(names) for hole, names in self.holes.items()}
        others = [name for name in self.holes["t"] if name != known["t"]]
        if others:
            known["u"] = rng.choice(others)
        return _HOLE.sub(lambda hole: known[hole[1]], template)


def _is_good(program: Program, rng: Random) -> bool:
    """Tell whether the values of a program stay small, and its answers are not the same always."""
    names: dict[str, Any] = {}
    exec(compile(program.text, "<drawn>", "exec"), names)
    run = names[program.function]
    answers = [run(*program.raw_arguments(length, rng)) for length in _LENGTHS]
    small = all(abs(a) <= _LARGEST if isinstance(a, int) else len(a) <= _LONGEST for a in answers)
    return small and len(set(answers)) > len(answers) // 2
