"""Draws variants of a program: some of the changes, one after the other.

Nothing is run here, so a variant is one that should mean the same; `checked` runs it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

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


def drawn(draft_of: "Rule", number: int, key: str, **known: object) -> Iterator[Variant]:
    """Yield different variants of a rule, at most some times as many as `number`.

    `key` decides which. What is `known` of the rule is for `Draft`. There are none where
    `looks_up_names`.
    """
    source = draft_of.own_source
    if looks_up_names(draft_of):
        return
    try:
        start = Draft(cst.parse_module(source), draft_of.function, **known)  # type: ignore[arg-type]
    except (cst.ParserSyntaxError, RecursionError):  # newer syntax than libcst has
        return
    seen = {draft_of.text}
    for place in range(_TRIES * number):
        variant = _one(start, Random(f"{key}/{place}"))
        if variant is None:
            continue
        try:
            rule = Rule.from_source(variant.source, variant.function)
            rule = Rule.from_source(rule.own_source, rule.function)
            Rule.from_source(rule.text)
        except SourceRejected:
            continue
        if rule.text not in seen:
            seen.add(rule.text)
            yield Variant(rule.source, rule.function, variant.changes)


def _one(draft: Draft, rng: Random) -> Variant | None:
    made: list[str] = []
    for name, changes in CHANGES.items():
        if rng.random() < _SHARE:
            changed = rng.choice(changes)(draft, rng)
            if changed.text != draft.text:
                made.append(name)
            draft = changed
    return Variant(draft.text, draft.function, tuple(made)) if made else None
