"""Functions of cells, prompts and strings are traced, with what they use of other cells."""

import traceback

import pytest

from rfft.tracer import Rule, SourceRejected, check, trace

from ..cells import Cells

CELL = """
from math import gcd, lcm
import os.path as paths
from collections import deque
LIMIT, OTHER = 12, [1]
TABLE = {"a": 1}  # kept as it is written
"""
HELPERS = """
def helper(x):
    return gcd(x, LIMIT)

class Node:
    def __init__(self, value):
        self.value = value

    def twice(self):
        return self.value * 2
"""
RULE = '''
unused = 1

def rule(nums: list[int]) -> int:
    """What of {nums}?"""
    total = 0
    for num in deque(nums):
        total += helper(num) + Node(num).twice()
    return total
'''


@pytest.fixture
def cells() -> Cells:
    made = Cells()
    for text in (CELL, HELPERS, RULE):
        made.run(text)
    return made


def shown(traced):
    """Return the rule as a prompt shows it."""
    return traced.prompt().partition("Rule:\n\n")[2].partition("\n\nQ:")[0]


def test_a_rule_is_shown_and_traced_with_what_it_uses_of_other_cells(cells):
    traced = trace(cells["rule"], [4, 5])
    assert traced.result == cells["rule"]([4, 5]) == 23
    assert [s.source for s in traced.steps if s.kind == "call"].count("helper") == 2
    assert [s.source for s in traced.steps if s.kind == "call"].count("twice") == 2
    text = shown(traced)
    assert text.startswith("from math import gcd, lcm\nfrom collections import deque\nLIMIT = 12\n")
    assert "unused" not in text
    assert "os.path" not in text
    assert trace(Rule.from_source(text, "rule"), [4, 5]).response() == traced.response()


def test_what_is_shown_is_what_holds_now(cells):
    cells.run("LIMIT = 5\ndef helper(x):\n    return x % LIMIT\n")
    traced = trace(cells["rule"], [4, 7])
    assert traced.result == 4 + 8 + 2 + 14
    assert "LIMIT = 5\n" in shown(traced)
    assert "gcd" not in shown(traced)
    cells.run("sum = len\ndef rule(nums):\n    return sum(nums)\n")  # a builtin under another name
    assert trace(cells["rule"], [4, 7]).result == 2


@pytest.mark.parametrize(
    ("statement", "used", "line"),
    [
        ("import math as m", "m.pi", "import math as m"),
        ("from math import *", "gcd(n, 4)", "from math import gcd"),
        ("a, b = 1, 'x'", "(a, b)", "a = 1"),
        ("K = [1, 2]\nK.append(3)", "K", "K = [1, 2, 3]"),
        ("from collections import namedtuple\nP = namedtuple('P', 'x')", "P(n).x",
         "P = namedtuple('P', 'x')"),
        ("twice = lambda x: x * 2", "twice(n)", "twice = lambda x: x * 2"),
        ("from dataclasses import dataclass\n@dataclass\nclass D:\n    x: int", "D(n).x",
         "@dataclass\nclass D:\n    x: int"),
        ("class Odd:\n    __slots__ = ()\nodd = Odd()", "odd is None", "def rule(n):"),
    ],
)  # fmt: skip
def test_how_a_name_is_shown(statement, used, line):
    cells = Cells()
    cells.run(statement)
    cells.run(f"def rule(n):\n    return {used}\n")
    traced = trace(cells["rule"], 6)
    assert traced.exception is None
    assert traced.result == cells["rule"](6)
    assert line in shown(traced)


def test_errors_are_at_the_lines_of_their_cells():
    cells = Cells()
    helpers = cells.run("\n\ndef helper(n):\n    return 1 // n\n")
    rules = cells.run("pass\ndef rule(n):\n    n -= 1\n    return helper(n)\n")
    error = trace(cells["rule"], 1).exception
    frames = traceback.extract_tb(error.__traceback__)[-2:]
    assert [(f.filename, f.lineno) for f in frames] == [(rules, 4), (helpers, 4)]


def test_a_method_runs_on_its_object():
    cells = Cells()
    cells.run(
        "class Base:\n    def add(self, n):\n        self.total += n\n        return self.half()\n"
    )
    cells.run(
        "class Counter(Base):\n    def __init__(self, total):\n        self.total = total\n"
        "    def half(self):\n        return self.total // 2\n"
    )
    counter = cells["Counter"](3)
    before = cells["Base"].add.__code__
    traced = trace(counter.add, 5)
    assert (traced.result, counter.total) == (4, 8)
    assert [s.source for s in traced.steps if s.kind == "call"] == ["add", "half"]
    assert "class Counter(Base):" in shown(traced)
    assert traced.response("granular")
    assert counter.total == 8  # no style has it run again
    assert cells["Base"].add.__code__ is before


def test_a_recursive_method_as_pasted():
    cells = Cells()
    cells.run(
        "class Solution:\n    def fib(self, n: int) -> int:\n"
        "        return n if n < 2 else self.fib(n - 1) + self.fib(n - 2)\n"
    )
    traced = trace(cells["Solution"]().fib, 4)
    assert traced.result == 3
    assert sum(s.kind == "call" for s in traced.steps) == 9
    assert check(cells["Solution"]().fib, (4,), traced.response()).right


def test_every_style_tells_of_the_same_run():
    cells = Cells()
    cells.run("SEEN = {}\n")
    cells.run("def rule(n):\n    if n not in SEEN:\n        SEEN[n] = n\n    return SEEN[n]\n")
    traced = trace(cells["rule"], 3)
    assert "\nenter if\n" in traced.response()
    assert "do not enter if" not in traced.response("granular")
    assert "SEEN = {3: 3}\n" in shown(trace(cells["rule"], 3))


def test_lambdas_that_have_a_name():
    cells = Cells()
    cells.run("K = 3\nbig = lambda x, y=K: (\n    x * y\n); small = lambda x: -x\n")
    traced = trace(cells["big"], 2)
    assert (traced.result, shown(traced)) == (6, "K = 3\n\ndef big(x, y=K):\n    return x * y")
    assert trace(cells["small"], 2).result == -2
    cells.run("some = [lambda x: x]\n")
    with pytest.raises(SourceRejected, match="a lambda has no name to follow; write a def"):
        trace(cells["some"][0], 1)


def test_annotations_may_be_left_for_later():
    cells = Cells()
    cells.run("from __future__ import annotations\ndef rule(n: Later) -> Later:\n    return n\n")
    assert trace(cells["rule"], 1).result == 1


def test_a_function_inside_another_one():
    cells = Cells()
    cells.run(
        "def helper(x):\n    return x + 1\ndef outer(k):\n    def inner(x):\n"
        "        return helper(x) * k\n    return inner\n"
    )
    traced = trace(cells["outer"](3), 1)
    assert traced.result == 6
    assert shown(traced).startswith("k = 3\n\n")
    cells.run("def around(k):\n    class C:\n        def m(self): return k\n    return C()\n")
    with pytest.raises(SourceRejected, match="uses variables of the function around it"):
        trace(cells["around"](1).m)


@pytest.mark.parametrize("name", ["<stdin>", "<string>", "<nowhere>"])
def test_without_a_text_one_line_says_what_to_do(name):
    names = {}
    exec(compile("def rule(n):\n    return n\n", name, "exec"), names)
    with pytest.raises(
        SourceRejected, match=r"no source for rule: .*; put it into a file"
    ) as raised:
        trace(names["rule"], 1)
    assert "\n" not in str(raised.value)


def test_a_text_that_is_another_by_now():
    cells = Cells()
    name = cells.run("def rule(n):\n    return n\n")
    import linecache

    linecache.cache[name] = (2, None, ["def other(n): return n\n"], name)
    with pytest.raises(SourceRejected, match="is not kept, or is another by now"):
        trace(cells["rule"], 1)
