"""Inputs made from type hints, for tasks that have no ``inputs`` of their own.

Each argument has the length that is asked for:

============================  =====================================================================
``int``                       that many digits; ``float``: as many before the point, two after it
``str``                       that many letters from a to z
``list[T]``                   that many items; so ``set[T]`` (different ones), ``tuple[T, ...]``,
                              ``dict[K, V]`` and the names that `typing` has for them
``tuple[A, B]``               each part of that length
``bool``, ``Literal[...]``    one of the values
``A | B``, ``Optional[A]``    one of the types, drawn each time
``Annotated[int, range(9)]``  one of the numbers, whatever the length
``Annotated[str, "abc"]``     a text of these characters
``Annotated[T, (x, y)]``      one of these values
``Annotated[T, range(2, 5)]`` for ``str``, ``list``, ``set`` and ``dict``: so many items instead
============================  =====================================================================

What stands inside of a container is small: numbers below 100, words of one to five letters,
containers of one to three items; the rows of a list of lists are of equal length. Other values in
``Annotated`` say nothing here and are passed over.
"""

import ast
from collections.abc import Callable
from random import Random
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .errors import TaskRejected
from .makers import Unclear, evaluated, maker

if TYPE_CHECKING:
    from rfft.tracer.program import Program

_ADD = "or add inputs(length, rng)"


def inferred(
    rule: "Program", module: ModuleType, where: str
) -> Callable[[int, Random], tuple[Any, ...]]:
    """Return what makes the arguments of a rule from its type hints, which its module evaluates.

    Raises TaskRejected, with what to add, where the hints do not say enough; what is returned does
    so where there are too few different values.
    """
    makers = []
    for name, text in hints(rule, where):
        try:
            hint = evaluated(text, vars(module))
        except Exception as error:
            raise TaskRejected(
                f"{where}: the type hint {name}: {text} cannot be evaluated: {error}"
            ) from None
        try:
            makers.append(maker(hint))
        except Unclear as unclear:
            raise TaskRejected(
                f"{where}: no input can be made for {name}: {text}, {unclear}; "
                f"give it another type {_ADD}"
            ) from None

    def make(length: int, rng: Random) -> tuple[Any, ...]:
        try:
            return tuple([one(length, rng) for one in makers])
        except Unclear as unclear:
            raise TaskRejected(
                f"{where}: no input of length {length}: {unclear}; set MAX_LENGTH {_ADD}"
            ) from None

    return make


def hints(rule: "Program", where: str) -> list[tuple[str, str]]:
    """Return the name and the text of the type hint of each argument that is given a value.

    Raises TaskRejected where there is no hint.
    """
    given = rule.node.args
    written = {a.arg: a.annotation for a in (*given.posonlyargs, *given.args)}
    found = []
    for name, parameter in rule.signature.parameters.items():
        annotation = written.get(name)
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            break  # may be left out
        if parameter.kind is parameter.KEYWORD_ONLY or annotation is None:
            if parameter.default is not parameter.empty:
                break  # the arguments after it keep their defaults too
            if parameter.kind is parameter.KEYWORD_ONLY:
                raise TaskRejected(
                    f"{where}: {name} is given by keyword only; a task gives all by position"
                )
            raise TaskRejected(
                f"{where}: no input can be made for {name}: "
                f"add a type hint, such as {name}: list[int], {_ADD}"
            )
        found.append((name, ast.unparse(annotation)))
    return found
