"""Kinds of lines that are easily false or missing, each with the text that is right."""

import copy
import re
from pathlib import Path

import pytest

from rfft.tracer import Rule, Trace, trace
from rfft.tracer.inputs import parse_input

from ...styles import TRACING
from ..recorded.semantics import recorded


def traced(source: str, *args: object) -> Trace:
    """Trace a rule; assert that both ways to run it give the same text."""
    rule = Rule.from_source(source, "f")
    one = trace(rule, *copy.deepcopy(args))
    for style in TRACING:
        assert recorded(rule, *copy.deepcopy(args)).response(style) == one.response(style)
        assert rule.writer(style)(*copy.deepcopy(args)).response == one.response(style)
    return one


FILE = Path(__file__).with_name("data") / "truth.txt"
CASES = re.findall(r"(?ms)^==== ([^\n]*)\n(.*?)\n----\n(.*?)(?=^====|^# |\Z)", FILE.read_text())


@pytest.mark.parametrize(("arguments", "source", "lines"), CASES, ids=[s for _, s, _ in CASES])
def test_what_is_so_is_stated(arguments: str, source: str, lines: str) -> None:
    args, _ = parse_input(arguments)
    response = traced(source, *args).response()
    assert f"\n{lines}" in response, response


def test_a_variable_that_stays_as_it_was_is_not_said_to_change() -> None:
    source = (
        "class A: pass\ndef f(nums):\n    def go(i):\n        if i == len(nums): return 0\n"
        "        return go(i + 1)\n    return go(0)"
    )
    assert "now," not in traced(source, [7]).response()


def test_a_name_bound_in_a_test_is_a_state_of_the_loop() -> None:
    source = "def f(n):\n    s = 0\n    while (n := n // 2) > 0:\n        s += n\n    return s"
    assert traced(source, 9).response("scratchpad").count("n = 1") == 0
    (first, *_) = [step for step in traced(source, 9).steps if step.kind == "while"]
    assert (first.before, first.after) == ({"n": "9"}, {"n": "4"})


def test_no_change_is_said_only_of_what_was_looked_at() -> None:
    source = "def f(d, k):\n    d.setdefault(k, 1)\n    d.setdefault(k, 2)\n    return d"
    assert traced(source, {}, "a").response().count("no change") == 1


def test_a_rule_that_looks_at_its_variables_is_left_alone() -> None:
    source = (
        "def f(n):\n    if n > 5: k = 1\n    seen = locals()\n    match n:\n"
        "        case x if n < seen['n'] + 1: m = x\n    return sorted(seen), m"
    )
    assert traced(source, 3).result[1] == 3
