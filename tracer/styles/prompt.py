"""Prompts: the one place that puts one together, and that tells which style one is of.

A style words the parts (`Style.rule`, `Style.task`, or the whole in `Style.prompt`). Whoever wants
the prompt of a rule asks here, so that all have the same one.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from ..errors import SourceRejected
from .loading import built_in, load
from .style import Style

if TYPE_CHECKING:
    from ..program import Program

Worked = tuple[str, str, str]
"""A worked example: its rule, as the style shows it, its question, its response."""


class Unmade(NamedTuple):
    """A rule of which the text is known, made if a style shows something else."""

    text: str
    make: "Callable[[], Program]"


def shown(style: str | Style, rule: "Program | Unmade") -> str:
    """Return a rule as the prompts of a style show it. Raises SourceRejected if they cannot."""
    style = load(style)
    if isinstance(rule, Unmade):
        if type(style).rule is Style.rule:
            return rule.text
        rule = rule.make()
    known = _SHOWN.setdefault(rule, {})
    if style not in known:
        known[style] = style.rule(rule)
    return known[style]


def prompt_of(
    style: str | Style, rule: "Program | Unmade", question: str, example: Worked | None = None
) -> str:
    """Return the prompt for a rule and a question, with a worked example in front if given."""
    style = load(style)
    return style.prompt(shown(style, rule), question, example)


def worked(style: str | Style, rule: "Program | Unmade", question: str, response: str) -> Worked:
    """Return a worked example, to be put in front of another prompt of the same style."""
    return shown(style, rule), question, response.rstrip("\n")


def style_of(prompt: str, rule: "Program") -> Style:
    """Return the built-in style whose prompt for a rule this is; ``rfft`` if it is of none."""
    for style in map(load, built_in()):
        try:
            asked = prompt_of(style, rule, "\0")
        except SourceRejected:
            continue
        # Between its first line and the rule there may be a worked example.
        first, _, task = asked.partition("\0")[0].partition("\n")
        if prompt.startswith(first) and task in prompt:
            return style
    return load("rfft")


_SHOWN: "WeakKeyDictionary[Program, dict[Style, str]]" = WeakKeyDictionary()
