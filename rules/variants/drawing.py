"""Draws variants of a program: some of the changes, one after the other.

Nothing is run here, so a variant is one that should mean the same; `checked` runs it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

import libcst as cst

from rfft.tracer import Rule, SourceRejected

from . import classes, docstrings, hints, loops, names, order, sums
from .draft import Draft

Change = Callable[[Draft, Random], Draft]

CHANGES: Mapping[str, tuple[Change, ...]] = {
    "hints": (hints.take_out, hints.put_in),
    "docstrings": (docstrings.take_out, docstrings.put_in),
    "loops": (loops.rewrite,),
    "sums": (sums.rewrite,),
    "order": (order.rewrite,),
    "classes": (classes.rewrite,),
    "names": (names.alike, names.meaningless),
}
"""The changes in the order in which they are made; of a kind with several, one is made."""

_TRIES = 6  # for each variant that is wanted
_SHARE = 0.6  # of the changes
_BY_NAME = re.compile(
    r"\b(eval|exec|compile|globals|locals|vars|dir|getattr|setattr|hasattr|delattr|__dict__"
    r"|__name__|__qualname__|__annotations__|__code__|__doc__|inspect|singledispatch"
    r"|get_type_hints|format_map|__import__|importlib|_getframe)\b"
)


@dataclass(frozen=True)
class Variant:
    """A program that means the same as another one.

    `source` and `function` are as for a rule; `changes` says what has been changed.
    """

    source: str
    function: str
    changes: tuple[str, ...]


def looks_up_names(rule: Rule) -> bool:
    """Tell whether a program looks for names while it runs, such as by `globals`."""
    return bool(_BY_NAME.search(rule.own_source))


def drawn(
    rule: Rule,
    number: int,
    key: str,
    kinds: Mapping[str, str] = MappingProxyType({}),
    fixed: frozenset[str] = frozenset(),
    asks: bool = False,
) -> Iterator[Variant]:
    """Yield different variants of a rule, at most some times as many as `number`.

    `key` decides which. `kinds`, `fixed` and `asks` are as for `Draft`. There are none where
    `looks_up_names`.
    """
    source, name = rule.own_source, rule.function.rpartition(".")[2]
    if looks_up_names(rule):
        return
    if len(re.findall(rf"\bdef {name}\b", source)) > 1:
        kinds = {}  # it is not clear of which one they are
    try:
        module = cst.parse_module(source)
    except (cst.ParserSyntaxError, RecursionError):  # newer syntax than libcst has
        return
    start = Draft(module, rule.function, dict(kinds), fixed, asks)
    seen = {rule.text}
    for place in range(_TRIES * number):
        variant = _one(start, Random(f"{key}/{place}"))
        if variant is None:
            continue
        try:
            made = Rule.from_source(variant.source, variant.function)
            made = Rule.from_source(made.own_source, made.function)
            Rule.from_source(made.text)
        except SourceRejected:
            continue
        if made.text not in seen:
            seen.add(made.text)
            yield Variant(made.source, made.function, variant.changes)


def _one(draft: Draft, rng: Random) -> Variant | None:
    made: list[str] = []
    for name, changes in CHANGES.items():
        if rng.random() < _SHARE:
            changed = rng.choice(changes)(draft, rng)
            if changed.text != draft.text:
                made.append(name)
            draft = changed
    return Variant(draft.text, draft.function, tuple(made)) if made else None
