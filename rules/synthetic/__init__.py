"""Synthetic rules: as many as one wants, each drawn from a seed and a number.

There are four kinds (`KINDS`):

``snippets``
    The programs of the paper (appendix D.2): a loop over two lists whose body is drawn from
    22 snippets. They differ in which snippets they have, and in names and constants.
``grammar``
    Programs drawn from a grammar of loops, tests, and steps on numbers, texts and lists, so that
    they differ in structure too.
``steps``
    Short programs of a few small values: a loop that counts or cuts a text, with one to three
    steps in it. Their traces are what a small model can learn.
``changes``
    Programs of a loop that changes a long text or number a few times, or counts and adds: what
    takes a model that copies already to longer inputs.

>>> from rfft.rules.synthetic import draw
>>> rule = draw(seed=1, index=0, kind="grammar")
>>> arguments = rule.arguments(length=5)
>>> prompt = rule.prompt(arguments, "rfft-icl")
>>> response = rule.rule.writer("rfft-icl")(*arguments).response

A rule depends on its kind, seed and number alone: not on the rules drawn before, the Python
version, the machine or the hash seed.
"""

from collections.abc import Callable
from random import Random

from ..task import random_for
from . import changes, grammar, snippets, steps
from .program import Program
from .rule import SyntheticRule

__all__ = ["KINDS", "SyntheticRule", "draw"]

_DRAWN: dict[str, Callable[[Random], Program]] = {
    "snippets": snippets.draw,
    "grammar": grammar.draw,
    "steps": steps.draw,
    "changes": changes.draw,
}
KINDS = tuple(_DRAWN)
"""The kinds of synthetic rules."""


def draw(seed: int, index: int, kind: str = "snippets") -> SyntheticRule:
    """Return a synthetic rule; the same for the same seed, number and kind everywhere.

    Raises ValueError if there is no such kind.
    """
    if kind not in _DRAWN:
        raise ValueError(f"no synthetic rules of kind {kind!r}; there are {', '.join(KINDS)}")
    rng = random_for(f"synthetic/{kind}", seed, 0, index)
    return SyntheticRule(f"{kind}_{seed}_{index}", kind, _DRAWN[kind](rng))
