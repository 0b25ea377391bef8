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
``Annotated`` say nothing here and are passed over. `ListNode` and `TreeNode` are given as lists, of
that many nodes. ``*nums: int`` gets that many arguments. A default is kept as it is unless
``Annotated`` or ``Literal`` say what else there may be.
"""

import ast
from collections.abc import Callable
from random import Random
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .errors import TaskRejected
from .makers import Maker, Unclear, evaluated, of_parameter, spread

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
    makers: list[tuple[str, Maker]] = []
    for name, text in hints(rule, where):
        try:
            hint = evaluated(text, vars(module))
        except Exception as error:
            raise TaskRejected(
                f"{where}: the type hint {name}: {text} cannot be evaluated: {error}"
            ) from None
        try:
            makers.append((name, of_parameter(name, hint)))
        except Unclear as unclear:
            raise TaskRejected(
                f"{where}: no input can be made for {name}: {text}, {unclear}; "
                f"give it another type {_ADD}"
            ) from None

    def make(length: int, rng: Random) -> tuple[Any, ...]:
        try:
            return spread([(name, one(length, rng)) for name, one in makers])
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
    positional = [*given.posonlyargs, *given.args]
    first = len(positional) - len(given.defaults)
    defaults = {p.arg: d for p, d in zip(positional[first:], given.defaults, strict=True)}
    written = {a.arg: a.annotation for a in positional}
    found: list[tuple[str, str]] = []
    waiting: list[tuple[str, str]] = []  # defaults, given only where one after them is not kept
    for name, parameter in rule.parameters.signature.parameters.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            if given.vararg is not None and given.vararg.annotation is not None:
                found += waiting
                found.append((f"*{name}", ast.unparse(given.vararg.annotation)))
            waiting = []
            continue
        if parameter.kind is parameter.VAR_KEYWORD:
            break  # may be left out
        annotation = written.get(name)
        if parameter.kind is parameter.KEYWORD_ONLY:
            if parameter.default is not parameter.empty:
                continue
            raise TaskRejected(
                f"{where}: {name} is given by keyword only; a task gives all by position"
            )
        if name in defaults and not _narrows(annotation):
            waiting.append((name, f"Literal[({ast.unparse(defaults[name])}),]"))
            continue
        if annotation is None:
            raise TaskRejected(
                f"{where}: no input can be made for {name}: "
                f"add a type hint, such as {name}: list[int], {_ADD}"
            )
        found += [*waiting, (name, ast.unparse(annotation))]
        waiting = []
    return found


def _narrows(annotation: ast.expr | None) -> bool:
    """Tell whether a hint says which values there are, so that a default is not the only one."""
    if not isinstance(annotation, ast.Subscript):
        return False
    base = annotation.value
    return (base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")) in (
        "Annotated",
        "Literal",
    )
