"""Traces of everyday Python are true by the word of the observer, and all styles tell of them."""

import pytest

from rfft.tracer import Rule, check
from rfft.tracer.inputs import parse_input
from rfft.tracer.tracing import Trace

from ..styles import BUILT_IN
from .apart import examine
from .idioms import IDIOMS
from .rows import Case


def function_of(source: str) -> str | None:
    """Return the name of the rule, None where it is plain."""
    return None if "class Solution" in source else "f"


@pytest.mark.parametrize(("source", "told"), IDIOMS, ids=range(len(IDIOMS)))
def test_is_true(source: str, told: str) -> None:
    outcome = examine(Case("", source, function_of(source), told))
    assert (outcome.reason, [str(f) for f in outcome.findings]) == ("", [])


@pytest.mark.parametrize(("source", "told"), IDIOMS, ids=range(len(IDIOMS)))
def test_is_told_by_all_styles(source: str, told: str) -> None:
    rule = Rule.from_source(source, function_of(source))
    for style in BUILT_IN:
        args, kwargs = parse_input(told, rule.classes)
        text = Trace(rule, args, kwargs).run().response(style)
        args, kwargs = parse_input(told, rule.classes)
        assert rule.writer(style)(*args, **kwargs).response == text
        assert check(rule, told, text, style).right
