"""Style `granular`: each operation is stated where it is worked out, and all else is as it was."""

import ast

import pytest

from rfft.tracer import InputRejected, Rule, Trace, check, trace
from rfft.tracer.checking.steps import parse
from rfft.tracer.recorded.recorder import Recorder
from rfft.tracer.recorded.running import run
from rfft.tracer.styles import load
from rfft.tracer.styles.render import render

from ...observer.drawn import draw
from ...observer.leaps import leaps, operations
from ...observer.rows import Case
from ...styles import TRACING

TELLING = {
    "an item at a time": (
        "return [x * 2 for x in a if x > 1]",
        "x = 1|x > 1 = False|x = 2|x > 1 = True|x * 2 = 4|[x * 2 for x in a if x > 1] = [4]",
    ),
    "clauses one in the other": (
        "return {(x, y) for x in a for y in range(x)}",
        "x = 1|range(x) = range(0, 1)|y = 0|x = 2|range(x) = range(0, 2)|y = 0|y = 1",
    ),
    "a generator that stops early": ("return any(x > 0 for x in a)", "x = 1|x > 0 = True|any"),
    "keys that are asked for": (
        "return max(a, key=lambda v: -v)",
        "v = 1|-v = -1|v = 2|-v = -2|max(a, key=lambda v: -v) = 1",
    ),
    "a generator that runs later": (
        "g = (x + 1 for x in a)\n for y in g:\n  pass\n return y",
        "for y in g:|g = <generator f.<locals>.<genexpr>>|x = 1|x + 1 = 2|item 1|now,|y = 2",
    ),
    "a lambda that runs later": (
        "add = lambda v: v + 1\n z = add(a[0])\n return z",
        "z = add(a[0])|a = [1, 2]|a[0] = 1|v = 1|v + 1 = 2|now,|z = 2",
    ),
    "parts of a text": (
        'return f"{a[0] + 1:>3} {a[1]!r}"',
        "a[0] = 1|a[0] + 1 = 2|f'{a[0] + 1:>3}' = '  2'|a[1] = 2|f'{a[1]!r}' = '2'",
    ),
    "the branch that is taken": (
        "return a[0] + 5 if len(a) > 3 else a[1] - 7",
        "len(a) = 2|len(a) > 3 = False|a[1] = 2|a[1] - 7 = -5",
    ),
    "parts of a test": (
        "if not a[0] > 1 and a[1] > 1:\n  return 3\n return 4",
        "a[0] = 1|a[0] > 1 = False|not a[0] > 1 = True|a[1] = 2|a[1] > 1 = True|enter if",
    ),
    "what is given and not taken": ("a.pop()\n return a", "a.pop() = 2|now,|a = [1]"),
    "cases that do not fit": (
        "match a:\n  case [x]:\n   return 1\n  case _:\n   return 2",
        "case [x]:|does not fit|case _:|enter case",
    ),
    "functions of the rule in between": (
        "return [twice(x) for x in a]\ndef twice(n):\n return n * 2",
        "x = 1|call twice, depth 2",
    ),
    "an error in the middle": (
        "return [4 // (x - 1) for x in a]",
        "x = 1|x - 1 = 0|The rule raises ZeroDivisionError",
    ),
}


def rule_of(body: str) -> Rule:
    return Rule.from_source(f"def f(a):\n {body}\n", "f")


@pytest.mark.parametrize("name", TELLING)
def test_tells(name: str) -> None:
    body, lines = TELLING[name]
    text = trace(rule_of(body), [1, 2]).response("granular")
    assert f"\n{lines}".replace("|", "\n") in text


@pytest.mark.parametrize("name", TELLING)
def test_is_right_and_read_back(name: str) -> None:
    rule = rule_of(TELLING[name][0])
    traced = trace(rule, [1, 2])
    text = traced.response("granular")
    assert check(rule, "[1, 2]", text, "granular").right
    told = [step.line for step in traced.steps if step.kind not in ("call", "end")]
    assert [s.line for s in parse(rule, text, "granular") if s.kind != "call"] == told


def test_a_wrong_item_is_found() -> None:
    rule = rule_of(TELLING["an item at a time"][0])
    text = trace(rule, [1, 2]).response("granular")
    verdict = check(rule, "[1, 2]", text.replace("x * 2 = 4", "x * 2 = 5"), "granular")
    assert not verdict.right
    assert verdict.expected == "x * 2 = 4"


@pytest.mark.parametrize("name", TELLING)
def test_other_styles_are_as_they_were(name: str) -> None:
    rule = rule_of(TELLING[name][0])
    plain, detailed = (Trace(r, [[1, 2]]).run() for r in (rule, rule.detailed))
    for style in TRACING:
        if style != "granular":
            assert detailed.response(style) == plain.response(style), style


COMPILED = ("an item at a time", "clauses one in the other", "a generator that stops early")


@pytest.mark.parametrize("name", COMPILED)
def test_is_compiled(name: str) -> None:
    assert rule_of(TELLING[name][0]).detailed.why_slow([1, 2]) is None


def recorded(rule: Rule, args: list[object]) -> str:
    recorder = Recorder()
    ended = run(rule.detailed, args, {}, recorder)
    assert not recorder.failures
    return render(recorder.steps, load("granular"), ended.exception)


@pytest.mark.parametrize("name", TELLING)
def test_both_ways_write_the_same(name: str) -> None:
    rule = rule_of(TELLING[name][0])
    assert rule.writer("granular")([1, 2]).response == recorded(rule, [[1, 2]])


def test_drawn_programs_have_no_leaps() -> None:
    for seed in range(60):
        source, told = draw(seed)
        rule, args = Rule.from_source(source, "f"), ast.literal_eval(f"[{told}]")
        text = rule.writer("granular")(*args).response
        assert text == recorded(rule, ast.literal_eval(f"[{told}]"))
        counts, found = leaps(operations(Case("", source, "f", told)), text)
        assert found.total() <= 0.003 * counts.total(), (seed, found)


def test_leaps_are_counted() -> None:
    found = dict.fromkeys(("rfft", "granular"), 0)
    for body, _ in TELLING.values():
        rule = rule_of(body)
        seen = operations(Case("", rule.source, "f", "[1, 2]"))
        for style in found:
            found[style] += leaps(seen, trace(rule, [1, 2]).response(style))[1].total()
    assert found["granular"] == 0
    assert found["rfft"] > 20


def test_a_trace_that_cannot_be_run_again_says_so() -> None:
    traced = trace(rule_of("a.append(1)\n return a"), [object()])
    with pytest.raises(InputRejected):
        traced.response("granular")


def test_an_object_that_arguments_hold_twice_stays_one_in_the_run_that_is_told() -> None:
    rule = Rule.from_source(
        "def f(xs, grid):\n    xs[0] = 5\n    grid[0] = grid[1]\n    return grid\n"
    )
    xs = [1]
    text = trace(rule, xs, [xs, []]).response("granular")
    xs = [1]
    assert text == rule.writer("granular")(xs, [xs, []]).response
    assert "grid = [[5], []]" in text
