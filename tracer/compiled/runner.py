"""Runs a rule through code that is compiled for the shapes of its arguments."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..program import Program
from ..values.show import DIGITS
from .codegen import Compiler
from .shapes import OWNED, Shape, Unproved, describe

Run: TypeAlias = tuple[Compiler, list[Any], Any, str, int]
"""What came of compiled code: its compiler, what it reported, the result, its text, the steps."""


@dataclass(slots=True)
class _Made:
    """Compiled code with what it needs to know of its arguments, all from their shapes."""

    compiler: Compiler
    function: Callable[..., tuple[Any, str, int]]
    containers: int  # how many arguments are lists, dicts or sets
    changed: list[int]  # the positions of those that the rule may change


class Compiled:
    """Runs a rule through code compiled for the shapes of its arguments, once for each kind."""

    def __init__(self, rule: Program, compiler: Callable[[Sequence[Shape]], Compiler]) -> None:
        self._compiler = compiler
        self._names = rule.plain_parameters
        self._count = -1 if self._names is None else len(self._names)
        self._made: dict[tuple[Shape | None, ...], _Made | None] = {}

    def run(
        self,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        described: Sequence[tuple[Shape | None, str]] | None = None,
    ) -> Run | None:
        """Run the rule; None if it cannot be done, or not to the end, with compiled code.

        Then the arguments are as they were. `described` are they as `describe` tells of them,
        where that is known already.
        """
        if kwargs or len(args) != self._count or sys.get_int_max_str_digits() != DIGITS:
            return None
        shapes: list[Shape | None] = []
        texts: list[str] = []
        for shape, text in described or map(describe, args):
            shapes.append(shape)
            texts.append(text)
        key = tuple(shapes)
        made = self._made.get(key, ...)
        if made is ...:
            made = self._made[key] = self._make(key)
        if made is None or (made.containers > 1 and _overlap(args)):
            return None
        reports: list[Any] = []
        # What the rule may have changed: only the arguments themselves, as `shapes` has proved.
        before = [args[n].copy() for n in made.changed] if made.changed else []
        try:
            result, answer, steps = made.function(reports, *args, *texts)
        except Exception:
            for n, copied in zip(made.changed, before, strict=True):
                _restore(args[n], copied)
            return None
        return made.compiler, reports, result, answer, steps

    def _make(self, shapes: tuple[Shape | None, ...]) -> _Made | None:
        try:
            compiler = self._compiler([_proved(shape) for shape in shapes])
            function = compiler.function()
        except (Unproved, SyntaxError):  # or parts nested deeper than Python's parser allows
            return None
        containers = [n for n, shape in enumerate(shapes) if shape and shape[0] in OWNED]
        names = compiler.parameters
        changed = [n for n in containers if names[n] in compiler.shapes.mutated]
        return _Made(compiler, function, len(containers), changed)


def _proved(shape: Shape | None) -> Shape:
    if shape is None:
        raise Unproved("an argument of another type")
    return shape


def _restore(argument: Any, copied: Any) -> None:
    """Give an argument the content back that it had before."""
    if type(argument) is list:
        argument[:] = copied
    else:
        argument.clear()
        argument.update(copied)


def _overlap(args: Sequence[Any]) -> bool:
    """Tell whether one object that can change is given twice."""
    changing = [id(a) for a in args if type(a) in (list, dict, set)]
    return len(set(changing)) != len(changing)
