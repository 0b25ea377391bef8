"""What a place in a drawn program may read and change, and how it fills the holes of a template."""

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from random import Random

from .templates import NUMBERS, PLAIN_TESTS, TESTS

_HOLE = re.compile(r"\{(\w+)\}")


@dataclass(slots=True)
class Scope:
    """The names that a place in a program sees. `ranges` has what bounded numbers can be."""

    rng: Random
    names: Iterator[str]
    alphabet: str = "abc"
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
    letters: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    totals: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)  # of numbers
    collected: list[str] = field(default_factory=list)  # lists of texts
    depth: int = 0  # how many blocks are around it
    may_continue: bool = False

    def inner(self) -> "Scope":
        """Return the scope of a block: what it adds to it stays in it."""
        scope = copy(self)
        scope.ranges = dict(self.ranges)
        scope.letters = list(self.letters)
        scope.words = list(self.words)
        scope.totals = list(self.totals)
        scope.texts = list(self.texts)
        scope.lists = list(self.lists)
        scope.collected = list(self.collected)
        scope.depth += 1
        return scope

    def freeze(self, name: str) -> None:
        """Take a variable from those that statements may change."""
        for kept in (self.totals, self.texts, self.lists, self.collected):
            if name in kept:
                kept.remove(name)

    @property
    def changeable(self) -> list[str]:
        """The variables that statements may change."""
        return [*self.totals, *self.texts, *self.lists, *self.collected]

    def draw(self, templates: tuple[str, ...]) -> str:
        """Return one of the templates, filled."""
        return self.fill(self.rng.choice(_able(templates, self._cannot())))

    def has(self, wanted: Sequence[str]) -> bool:
        """Tell whether there is something for each of these holes."""
        return self._cannot().isdisjoint(wanted)

    def fill(self, template: str) -> str:
        """Return a template with its holes filled."""
        known: dict[str, str] = {}

        def put(match: re.Match[str]) -> str:
            hole = match[1]
            if hole not in _FILL:  # the caller's
                return match[0]
            if hole not in known:
                known[hole] = _FILL[hole](self, known)
            return known[hole]

        return _HOLE.sub(put, template)

    def _cannot(self) -> frozenset[str]:
        """Return the holes for which there is nothing."""
        cannot: set[str] = set()
        if len(self.ranges) < 2:
            cannot |= {"y"} if self.ranges else {"x", "y", "near"}
        if len(self.totals) < 2:
            cannot |= {"u"} if self.totals else {"t", "u"}
        for hole, there in (
            ("ch", self.letters),
            ("word", self.words),
            ("s", self.texts),
            ("xs", self.lists),
            ("ws", self.collected),
        ):
            if not there:
                cannot.add(hole)
        if not (self.letters or self.words):
            cannot |= {"k", "ks"}
        return frozenset(cannot)

    def number_but(self, known: str) -> str:
        """Return a bounded number that is another one."""
        return self.rng.choice([name for name in self.ranges if name != known])

    def near(self, name: str) -> str:
        """Return a constant within the middle of what a number can be."""
        low, high = self.ranges[name]
        part = (high - low) // 4
        return str(self.rng.randint(low + part, high - part))


@functools.cache
def _able(templates: tuple[str, ...], cannot: frozenset[str]) -> tuple[str, ...]:
    """Return the templates that have none of these holes."""
    return tuple(t for t in templates if cannot.isdisjoint(_HOLE.findall(t)))


_Filler = Callable[[Scope, dict[str, str]], str]
_FILL: dict[str, _Filler] = {
    "x": lambda s, _: s.rng.choice(list(s.ranges)),
    "y": lambda s, known: s.number_but(known.get("x", "")),
    "near": lambda s, known: s.near(known["x"]),
    "c": lambda s, _: str(s.rng.randint(1, 9)),
    "m": lambda s, _: str(s.rng.randint(2, 9)),
    "e": lambda s, _: s.draw(NUMBERS),
    "few": lambda s, _: str(s.rng.randint(2, 4)),
    "many": lambda s, _: str(s.rng.randint(11, 99)),
    "q": lambda s, _: s.draw(TESTS),
    "a": lambda s, _: s.draw(PLAIN_TESTS),
    "b": lambda s, _: s.draw(PLAIN_TESTS),
    "t": lambda s, _: s.rng.choice(s.totals),
    "u": lambda s, known: s.rng.choice([t for t in s.totals if t != known.get("t")]),
    "ch": lambda s, _: s.rng.choice(s.letters),
    "k": lambda s, _: repr(s.rng.choice(s.alphabet)),
    "ks": lambda s, _: repr("".join(s.rng.sample(s.alphabet, (len(s.alphabet) + 1) // 2))),
    "word": lambda s, _: s.rng.choice(s.words),
    "s": lambda s, _: s.rng.choice(s.texts),
    "xs": lambda s, _: s.rng.choice(s.lists),
    "ws": lambda s, _: s.rng.choice(s.collected),
}
