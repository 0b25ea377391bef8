"""The observer finds each kind of falsehood that is planted, and nothing in what is true."""

import copy
import re
from dataclasses import dataclass
from typing import Any

import pytest

from rfft.tracer import Rule, trace

from .apart import examine_apart
from .findings import Finding
from .judging import arguments, judge, observe
from .program import CannotFollow
from .rows import Case

RULE = """
LIMIT = 2


class Box:
    def __init__(self, value):
        self.value = value

    def grow(self, by):
        self.value = self.value + by
        return self.value


def double(x):
    return x * 2


def f(n, xs):
    total = 0
    box = Box(n)
    for x in xs:
        if x > LIMIT and total < 50:
            total += double(
                x,
            )
        else:
            continue
    xs.append(total)
    first = xs[0]
    grown = box.grow(first)
    while n > 0:
        n -= 1
        if n == 1:
            break
    try:
        n = xs[100]
    except IndexError as e:
        n = -1
    return total, [x + n for x in xs], grown
"""


@dataclass
class Told:
    """A trace as its text and its steps."""

    lines: list[str]
    steps: list[dict[str, Any]]

    def at(self, line: str, which: int = 0) -> int:
        """Return where a line stands."""
        return [i for i, one in enumerate(self.lines) if one == line][which]

    def step(self, source: str, which: int = 0) -> dict[str, Any]:
        """Return a step by its source."""
        return [s for s in self.steps if s["source"] == source][which]


SEEN = observe(RULE, "f", *arguments("3, [3, 1]"))
DATA = trace(Rule.from_source(RULE, "f"), 3, [3, 1]).to_json("rfft")


@pytest.fixture
def told() -> Told:
    return Told(DATA["response"].removesuffix("\n").split("\n"), copy.deepcopy(DATA["steps"]))


def found(told: Told, seen: Any = SEEN) -> list[Finding]:
    return judge(seen, "\n".join(told.lines) + "\n", told.steps)


def test_what_is_true_passes(told: Told) -> None:
    assert found(told) == []


# In the text: a line, what stands in its place (None: nothing), and the kind that is found


@pytest.mark.parametrize(
    ("line", "instead", "kind"),
    [
        ("x = 3", "x = 4", "false value"),
        ("total = 0 + 6 = 6", "total = 0 + 6 = 7", "false equation"),
        ("total = 0 + 6 = 6", "total = 1 + 5 = 6", "false equation"),
        ("total = 0 + 6 = 6", "total = 0 - 6 = 6", "false equation"),
        ("total = 0 + 6 = 6", "total = 7", "false value"),
        ("first = 3", "first = ", "empty value"),
        ("LIMIT = 2", None, "unstated read"),
        ("x * 2 = 6", "x * 2 = 8", "false value"),
        ("double returns 6", "double returns 8", "control"),
        ("call double, depth 2", "call double, depth 3", "control"),
        ("call double, depth 2", "call twice, depth 2", "control"),
        ("enter if", "do not enter if", "control"),
        ("do not enter if", "enter if", "control"),
        ("no more items", "item 3", "control"),
        ("item 2", "item 3", "control"),
        ("leave the loop", "go to the next iteration", "control"),
        ("the exception is IndexError", "the exception is KeyError", "control"),
        ("break", "continue", "control"),
        ("break", None, "control"),
        ("1. Initialize", "2. Initialize", "control"),
        ("2. Main loop", "3. Main loop", "control"),
        ("2. Main loop", "2. Outer loop", "control"),
        ("3.1 One iteration", None, "control"),
        ("4. Return", None, "control"),
        ("else:", None, "control"),
        ("no more items", None, "control"),
        ("go to the next iteration", None, "control"),
        ("now,", "now,\nnow,", "control"),
        ("xs = [3, 1]", None, "missing change"),
        ("total = 6", "total = 6\ntotal = 6", "control"),
        ("xs.append(total)", "xs.append(x)", "recital"),
        ("    x,", None, "recital"),
        ("first = xs[0]", "first = xs[0", "recital"),
        ("grown = 6", "grown = 6\x1b[0m", "unwritable line"),
        ("So the answer is (6, [2, 0, 5], 6)", "So the answer is (6, [2, 0, 4], 6)", "control"),
        ("So the answer is (6, [2, 0, 5], 6)", "The rule raises ValueError", "control"),
        ("So the answer is (6, [2, 0, 5], 6)", None, "control"),
    ],
)
def test_a_false_line_is_found(told: Told, line: str, instead: str | None, kind: str) -> None:
    at = told.at(line)
    told.lines[at : at + 1] = [] if instead is None else [instead]
    alarms = found(told)
    assert kind in {f.kind for f in alarms}, alarms
    near = [f.line for f in alarms if f.kind == kind and f.where == "text"]
    assert any(abs(number - at - 1) <= 4 for number in near), alarms


def test_a_change_that_is_dropped_is_found(told: Told) -> None:
    at = told.at("xs = [3, 1, 6]")
    assert told.lines[at - 1] == "now,"
    told.lines[at - 1 : at + 1] = ["no change"]
    (alarm, *_) = found(told)
    assert (alarm.kind, alarm.expected) == ("missing change", "xs = [3, 1, 6]")


def test_a_variable_that_has_not_changed_is_found_under_now(told: Told) -> None:
    told.lines.insert(told.at("first = 3") + 1, "xs = [3, 1, 6]")
    assert [f.kind for f in found(told)] == ["unchanged under now"]


def test_a_read_of_what_has_changed_since_is_found(told: Told) -> None:
    told.lines.remove("n = 3 - 1 = 2")
    told.lines.remove("n = 2")
    assert "not restated" in {f.kind for f in found(told)}


@pytest.mark.parametrize("title", ["1. Initialize", "4. Return"])
def test_a_title_behind_what_it_is_of_is_found(told: Told, title: str) -> None:
    at = told.at(title)
    told.lines[at : at + 2] = [told.lines[at + 1], title]
    assert "control" in {f.kind for f in found(told)}


def test_calls_in_another_order_are_found(told: Told) -> None:
    one, other = told.at("call __init__, depth 2"), told.at("call double, depth 2")
    told.lines[one], told.lines[other] = told.lines[other], told.lines[one]
    assert "control" in {f.kind for f in found(told)}


def test_a_step_that_is_dropped_is_found(told: Told) -> None:
    at = told.at("grown = box.grow(first)")
    end = told.at("grown = 6")
    del told.lines[at : end + 1]
    assert ("control", "grown = box.grow(first) is missing") in {
        (f.kind, f.expected) for f in found(told)
    }


def test_a_second_answer_is_found(told: Told) -> None:
    told.lines.append("So the answer is 42")
    assert [f.kind for f in found(told)] == ["control"]


# In the steps


@pytest.mark.parametrize(
    ("source", "key", "value", "kind"),
    [
        ("first = xs[0]", "before", {"xs": "[3, 1]"}, "false value"),
        ("first = xs[0]", "before", {}, "unstated read"),
        ("first = xs[0]", "after", {"first": "4"}, "false value"),
        ("first = xs[0]", "after", {"first": ""}, "empty value"),
        ("first = xs[0]", "after", {"first": "3", "xs": "[3, 1, 6]"}, "unchanged under now"),
        ("first = xs[0]", "depth", 2, "control"),
        ("first = xs[0]", "frame", 7, "control"),
        ("first = xs[0]", "kind", "expr", "control"),
        ("xs.append(total)", "after", {}, "missing change"),
        ("grown = box.grow(first)", "after", {"grown": "6"}, "missing change"),
        ("if x > LIMIT and total < 50:", "before", {"x": "3", "total": "0"}, "unstated read"),
        ("if x > LIMIT and total < 50:", "outcome", False, "control"),
        ("if n == 1:", "source", "if n == 2:", "control"),
        ("return x * 2", "outcome", "7", "control"),
        ("double", "after", {"x": "4"}, "false value"),
        ("double", "after", {}, "missing change"),
    ],
)
def test_a_false_step_is_found(told: Told, source: str, key: str, value: Any, kind: str) -> None:
    told.step(source)[key] = value
    assert kind in {f.kind for f in found(told) if f.where == "json"}


def test_steps_that_are_swapped_dropped_or_doubled_are_found(told: Told) -> None:
    steps = told.steps
    for changed in (
        [*steps[:3], steps[4], steps[3], *steps[5:]],
        [*steps[:5], *steps[6:]],
        [*steps[:5], steps[5], *steps[5:]],
        steps[:-1],
    ):
        told.steps = changed
        assert {"control"} <= {f.kind for f in found(told)}


def test_short_circuits_need_no_value(told: Told) -> None:
    assert told.step("if x > LIMIT and total < 50:", 1)["before"] == {"x": "1", "LIMIT": "2"}


# What is true passes, whatever form it has


TRUE = """
def f(n):
    a = n; b = -n
    if n: a = 2; b = 3
    return a - b
# 3
def f(n):
    while True:
        n -= 1
        if n < 0: break
    return n
# 2
def f(n):
    if 0:
        pass
    ...
    'text'
    return n
# 2
def g(n):
    for i in range(n):
        yield i
def f(n):
    t = 0
    for x in g(n):
        t += x
    return t
# 3
def f(n):
    return n if n < 2 else f(n - 1) * n
# 4
def f(n):
    try:
        return n
    finally:
        n = 5
# 4
def f(s):
    for c in s:
        if c == 'b':
            break
    else:
        return 1
    return 2
# 'ab'
def f(x):
    match x:
        case [a, *_]:
            return a
        case _:
            return x
# [1, 2]
def f(x):
    with open('/dev/null') as h:
        return x
# 1
class Solution:
    def run(self, x):
        return self.more(x)
    def more(self, x):
        return x + 1
# 1
def f(n):
    def g(k):
        return k
    return sum(g(i) for i in range(n))
# 2
def f(n):
    raise ValueError(n)
# 2
def f(n):
    try:
        if n:
            raise ValueError(n)
    finally:
        if n > 1:
            n = 0
        elif n:
            n = 1
# 2
def f(n):
    import math
    return math.gcd(n, 4)
# 2
"""
PAIRS = re.findall(r"\n((?:(?!# ).*\n)+)# (.*)(?=\n)", TRUE)


@pytest.mark.parametrize(("source", "text"), PAIRS)
def test_true_traces_of_all_kinds_pass(source: str, text: str) -> None:
    rule = Rule.from_source(source)
    told = trace(rule, *arguments(text)[0]).to_json("rfft")
    seen = observe(source, rule.function, *arguments(text))
    assert judge(seen, told["response"], told["steps"]) == []


# What cannot be followed is said


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("async def g():\n    pass\ndef f(n):\n    return n", "async"),
        ("import threading\ndef f(n):\n    return n", "threading"),
        ("def f(n):\n    exec('n = 2')\n    return n", "exec"),
        ("import time\ndef f(n):\n    return time.perf_counter_ns()", "differ"),
        ("def f(n):\n    while True:\n        n += 1", "too long"),
        ("def f(n):\n    x = [[0]] * 10000\n    return 1", "too large"),
        ("def f(n):\n    return f(n + 1)", "recursion|too long"),
        ("def f(n:\n", "no Python"),
    ],
)
def test_what_cannot_be_followed_is_said(source: str, reason: str) -> None:
    with pytest.raises(CannotFollow, match=reason):
        observe(source, "f", [1], {})


def test_a_program_that_breaks_its_process_is_said_not_to_be_followed() -> None:
    case = Case("a", "import os\ndef f(n):\n    os._exit(0)", "f", "1")
    assert examine_apart(case).reason == "crashed"
