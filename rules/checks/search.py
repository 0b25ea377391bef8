"""Looks for inputs that do what no generated input does.

`find_inputs` looks for branches that are missed: generated inputs are changed at random, with the
numbers and texts that stand in the rule mixed in, and what reaches a new branch is changed further.
`find_other` looks for another answer at a length whose answers are all the same.

An input counts if it is right for the rule as far as can be known: the rule raises nothing, and
its oracle, if it has one, gives the same answer.
"""

import ast
import copy
import time
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from rfft.tracer import Rule
from rfft.tracer.values.show import show

from .coverage import Covered, Number, TooLong

_Arguments = tuple[Any, ...]
_Right = Callable[[_Arguments, Any], bool]  # whether a result is the right one for arguments

_RUNS = 4000
_SECONDS = 1.0
_BRANCHES = 20_000  # that one run may pass
_LONGEST = 200  # items or characters


def find_inputs(
    rule: Rule, covered: Covered, missed: set[Number], seeds: Sequence[_Arguments], right: _Right
) -> dict[Number, _Arguments]:
    """Return an input for each missed branch that one was found for."""
    rng = Random(0)
    change = _Changes(rule, rng)
    pool = [copy.deepcopy(seed) for seed in seeds]
    found: dict[Number, _Arguments] = {}
    known: set[Number] = set()
    deadline = time.monotonic() + _SECONDS
    for _ in range(_RUNS):
        if not pool or not missed - found.keys() or time.monotonic() > deadline:
            break
        arguments = copy.deepcopy(rng.choice(pool))
        for _ in range(rng.choice((1, 1, 2, 3, 5))):
            arguments = change.arguments(arguments)
        kept = copy.deepcopy(arguments)
        try:
            result = covered(arguments, _BRANCHES)
        except (Exception, TooLong):
            continue
        if covered.taken - known:
            known |= covered.taken
            pool.append(kept)
        new = (covered.taken & missed) - found.keys()
        if new and right(copy.deepcopy(kept), result):
            found.update(dict.fromkeys(new, kept))
    return found


def find_other(
    covered: Covered,
    answer: str,
    seeds: Sequence[_Arguments],
    everywhere: Sequence[_Arguments],
    right: _Right,
) -> _Arguments | None:
    """Return an input like `seeds` with another answer than theirs, or None.

    Texts and lists get other characters and items, such as stand in inputs `everywhere`, and keep
    their sizes; other arguments are those of seeds.
    """
    rng = Random(0)
    pools = [
        sorted({c for text in column for c in text})
        if all(type(value) is str for value in column)
        else [item for value in column if type(value) is list for item in value]
        for column in zip(*everywhere, strict=True)
    ]
    for _ in range(_RUNS // 10):
        arguments = tuple(
            copy.deepcopy(_refilled(value, pool, rng.choice(seeds)[place], rng))
            for place, (value, pool) in enumerate(zip(rng.choice(seeds), pools, strict=True))
        )
        kept = copy.deepcopy(arguments)
        try:
            result = covered(arguments, _BRANCHES)
        except (Exception, TooLong):
            continue
        if show(result) != answer and right(copy.deepcopy(kept), result):
            return kept
    return None


def alike(arguments: _Arguments) -> Iterator[_Arguments]:
    """Yield arguments of the same sizes that early ends may spare.

    Lists and texts have one item throughout, are sorted, turned round, or read the same both ways;
    and with each, another argument may be one that occurs in none.
    """
    for change in _CHANGED:
        yield tuple([change(value) for value in copy.deepcopy(arguments)])
    for place, value in enumerate(arguments):
        if type(value) is int:
            yield (*arguments[:place], -(10**6) - 1, *arguments[place + 1 :])


def _items(made: Callable[[list[Any]], list[Any]]) -> Callable[[Any], Any]:
    """Return what does something to the items of lists and texts, and leaves the rest."""

    def change(value: Any) -> Any:
        if type(value) is list and value:
            return made(value)
        return "".join(made(list(value))) if type(value) is str and value else value

    return change


def _mirrored(items: list[Any]) -> list[Any]:
    half = items[: (len(items) + 1) // 2]
    return half + half[: len(items) // 2][::-1]


def _in_order(items: list[Any]) -> list[Any]:
    try:
        return sorted(items)
    except TypeError:
        return items


def _first(items: list[Any]) -> list[Any]:
    return items[:1] * len(items)


def _last(items: list[Any]) -> list[Any]:
    return items[-1:] * len(items)


def _falling(items: list[Any]) -> list[Any]:
    return _in_order(items)[::-1]


def _different(items: list[Any]) -> list[Any]:
    return list(range(len(items))) if type(items[0]) is int else items


_CHANGED = [_items(made) for made in (_first, _last, _in_order, _falling, _mirrored, _different)]


def _refilled(value: Any, pool: list[Any], other: Any, rng: Random) -> Any:
    if type(value) is str and pool:
        return "".join(rng.choices(pool, k=len(value)))
    if type(value) is list and pool:
        return rng.choices(pool, k=len(value))
    return other


class _Changes:
    """Changes values at random; a value keeps its type."""

    def __init__(self, rule: Rule, rng: Random) -> None:
        self._rng = rng
        constants = [n.value for n in ast.walk(rule.module.tree) if isinstance(n, ast.Constant)]
        numbers = {n for n in constants if type(n) is int and abs(n) < 10**6}
        near = {n + d for n in numbers for d in (-1, 0, 1)}
        self._numbers = sorted({-10, -2, -1, 0, 1, 2, 3, 10, 99, 100} | near)
        texts = {t for t in constants if type(t) is str and len(t) <= 20}
        self._texts = sorted({"", *texts})
        self._characters = sorted({*"abzAZ059 -,.()[]", *"".join(texts)})

    def arguments(self, arguments: _Arguments) -> _Arguments:
        if not arguments:
            return arguments
        place = self._rng.randrange(len(arguments))
        changed = self.value(arguments[place])
        return (*arguments[:place], changed, *arguments[place + 1 :])

    def value(self, value: Any) -> Any:
        rng = self._rng
        if type(value) is bool:
            return not value
        if type(value) is int:
            near = (value + 1, value - 1, -value, rng.randrange(-100, 1000))
            return rng.choice((rng.choice(self._numbers), *near))
        if type(value) is float:
            return rng.choice((0.0, -value, value + 1, float(rng.choice(self._numbers))))
        if type(value) is str:
            return self._text(value)
        if type(value) is list:
            return self._list(value)
        if type(value) is tuple and value:
            return self.arguments(value)
        if type(value) is dict and value:
            key = rng.choice(list(value))
            changed = {k: self.value(v) if k == key else v for k, v in value.items()}
            return changed if rng.random() < 0.6 else {k: value[k] for k in value if k != key}
        return value

    def _text(self, text: str) -> str:
        rng = self._rng
        start, end = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
        match rng.randrange(6):
            case 0:
                middle = ""
            case 1:
                middle = rng.choice(self._characters)
            case 2:
                middle = rng.choice(self._texts)
            case 3:
                middle = text[start:end] * 2
            case 4:
                middle = text[start:end][::-1]
            case _:
                return rng.choice(self._texts)
        return (text[:start] + middle + text[end:])[:_LONGEST]

    def _list(self, items: list[Any]) -> list[Any]:
        rng = self._rng
        place = rng.randrange(len(items)) if items else 0
        match rng.randrange(7):
            case 0 | 1 if items:
                return [*items[:place], self.value(items[place]), *items[place + 1 :]]
            case 2 if items:
                return items[:place] + items[place + 1 :]
            case 3 if items:
                return [*items, copy.deepcopy(items[place])][:_LONGEST]
            case 4 if items:  # as many as a number of the rule says
                count = min(_LONGEST, max(0, rng.choice(self._numbers)))
                return [copy.deepcopy(rng.choice(items)) for _ in range(count)]
            case 5:
                return sorted(items, key=repr, reverse=rng.random() < 0.5)
        return []
