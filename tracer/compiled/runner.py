"""Runs a rule through code that is compiled for the shapes of its arguments."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias

from ..program import Program
from ..values.show import DIGITS
from .captures import Captures
from .codegen import Function, R, generate
from .refusals import refuse
from .shapes import OWNED, Shape, Unproved, describe, may_hold

LAST = "why the last run was slow"
"""The key in the memo of a rule under which this stands, None if it was not."""
Run: TypeAlias = tuple[R, list[Any], Any, str, int]
"""What came of compiled code: its reporter, the reports, the result, its text, the steps."""


@dataclass(slots=True)
class _Made(Generic[R]):
    """Compiled code with what it needs to know of its arguments, all from their shapes."""

    function: Function
    reporter: R
    changed: list[int]  # the positions of the lists, dicts and sets that the rule may change
    shallow: list[int]  # those of all lists, dicts and sets that hold no others
    deep: list[int]  # those of arguments that may


def last_reason(rule: Program) -> str | None:
    """Return why the last run was not by compiled code; before any, what the source tells."""
    if last_reason not in rule.memo:
        try:
            refuse(rule)
        except Unproved as reason:
            return str(reason)
    told: str | None = rule.memo.get(last_reason)
    return told


class Compiled(Generic[R]):
    """Runs a rule through code compiled for the shapes of its arguments, once for each kind."""

    def __init__(
        self, rule: Program, reporter: Callable[[Captures], R], tabled: bool = False
    ) -> None:
        self._rule = rule
        self._reporter = reporter
        self._tabled = tabled
        self._names = rule.parameters.plain or []
        self._made: dict[tuple[Shape | None, ...], _Made[R] | str] = {}  # or why there is none

    def reason(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str | None:
        """Return why there is no compiled code for these arguments, None if there is."""
        try:
            self._ready(args, kwargs)
        except Unproved as reason:
            return str(reason)
        return None

    def run(
        self,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        described: Sequence[tuple[Shape | None, str]] | None = None,
    ) -> Run[R] | None:
        """Run the rule; None if it cannot be done, or not to the end, with compiled code.

        Then the arguments are as they were. `described` are they as `describe` tells of them,
        where that is known already.
        """
        try:
            made, texts = self._ready(args, kwargs, described)
        except Unproved as reason:
            self._rule.memo[last_reason] = str(reason)
            return None
        reports: list[Any] = []
        # What the rule may have changed: only the arguments themselves, as `shapes` has proved.
        before = [args[n].copy() for n in made.changed] if made.changed else []
        try:
            result, answer, steps = made.function(reports, *args, *texts)
        except Exception as error:
            for n, copied in zip(made.changed, before, strict=True):
                _restore(args[n], copied)
            told = str(error) if isinstance(error, Unproved) else type(error).__name__
            self._rule.memo[last_reason] = f"the compiled code did not come to its end: {told}"
            return None
        self._rule.memo[last_reason] = None
        return made.reporter, reports, result, answer, steps

    def _ready(
        self,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        described: Sequence[tuple[Shape | None, str]] | None = None,
    ) -> tuple[_Made[R], list[str]]:
        """Return the code for some arguments, and their texts. Raises Unproved."""
        if kwargs or len(args) != len(self._names):
            refuse(self._rule)
            raise Unproved("arguments are given by name or left to their defaults")
        if sys.get_int_max_str_digits() != DIGITS:
            raise Unproved("the limit on the digits of ints is not the usual one")
        shapes: list[Shape | None] = []
        texts: list[str] = []
        for shape, text in described or map(describe, args):
            shapes.append(shape)
            texts.append(text)
        key = tuple(shapes)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._make(key)
        if isinstance(made, str):
            raise Unproved(made)
        if made.changed and len(made.shallow) + len(made.deep) > 1:
            changed = {id(args[n]) for n in made.changed}
            reached = sum([id(args[n]) in changed for n in made.shallow])
            reached += sum([_count(args[n], changed) for n in made.deep])
            if reached > len(changed):
                raise Unproved("an argument that is changed is also reached by another")
        return made, texts

    def _make(self, shapes: tuple[Shape | None, ...]) -> _Made[R] | str:
        """Return the code for arguments of some shapes, or why there is none."""
        known: list[Shape] = []
        try:
            refuse(self._rule)
            for name, shape in zip(self._names, shapes, strict=True):
                if shape is None:
                    kinds = "numbers, printable text and containers of these"
                    raise Unproved(f"the argument {name} is not made of {kinds}")
                known.append(shape)
            generated = generate(self._rule, known, self._reporter, self._tabled)
        except Unproved as reason:
            return str(reason)
        except SyntaxError:
            return "parts nested deeper than Python's parser allows"
        containers = [n for n, shape in enumerate(known) if shape[0] in OWNED]
        changed = [n for n in containers if self._names[n] in generated.changed]
        deep = [n for n, shape in enumerate(known) if may_hold(shape)]
        shallow = [n for n in containers if n not in deep]
        return _Made(generated.function, generated.reporter, changed, shallow, deep)


def _restore(argument: Any, copied: Any) -> None:
    """Give an argument the content back that it had before."""
    if type(argument) is list:
        argument[:] = copied
    else:
        argument.clear()
        argument.update(copied)


def _count(value: Any, ids: set[int]) -> int:
    """Return how often objects with some identities are reached from a value."""
    kind = type(value)
    parts = value.values() if kind is dict else value if kind in (list, tuple) else ()
    return (id(value) in ids) + sum([_count(part, ids) for part in parts])
