import pytest

from rfft.tracer import Rule, check
from rfft.tracer.inputs import parse_input
from rfft.tracer.sandbox import Sandbox, Task
from rfft.tracer.tracing import Trace

from ..solutions import SOLUTIONS

CASES = [(name, *pair) for name, one in SOLUTIONS.items() for pair in one.pairs]


def traced(source: str, text: str) -> Trace:
    rule = Rule.from_source(source)
    return Trace(rule, *parse_input(text, rule.classes)).run()


@pytest.mark.parametrize(("name", "text", "answer"), CASES)
def test_a_pasted_solution_answers(name: str, text: str, answer: str) -> None:
    made = traced(SOLUTIONS[name].source, text)
    assert (made.exception, made.answer) == (None, answer)
    again = traced(made.rule.text, text)  # all that a prompt shows
    assert (again.answer, again.rule.text) == (answer, made.rule.text)
    for style in ("rfft", "natural", "granular"):
        response = made.response(style)
        assert check(made.rule, text, response, style).right
        wrong = response.replace(f"So the answer is {answer}", "So the answer is 7007")
        assert wrong == response or not check(made.rule, text, wrong, style).right


def test_pasted_solutions_run_in_the_sandbox() -> None:
    with Sandbox() as sandbox:
        for one in SOLUTIONS.values():
            task = Task(one.source, tuple(text for text, _ in one.pairs), steps=False)
            records = list(sandbox.run(task))
            assert [r["status"] for r in records] == ["ok"] * len(records), records
            assert [r["answer"] for r in records] == [answer for _, answer in one.pairs]


def body(lines: str, given: str = "n") -> str:
    return f"class Solution:\n    def f(self, {given}):\n        {lines}\n"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("return deque([n])", "from collections import deque"),
        ("return math.gcd(n, 4)", "import math"),
        ("return bisect.bisect([1], n)", "import bisect"),
        ("return bisect([1], n)", "from bisect import bisect"),
        ("return copy.copy(n)", "import copy"),
        ("return reduce(add, [n])", "from functools import reduce\nfrom operator import add"),
        ("return Counter([n])", "from collections import Counter"),
        ("return string.digits", "import string"),
    ],
)
def test_what_is_used_is_imported(line: str, shown: str) -> None:
    made = traced(body(line), "8")
    assert made.exception is None
    assert made.rule.text == f"{shown}\n\n\ndef f(self, n):\n    {line}".replace("\n\n\n", "\n\n")
    assert made.rule.source.startswith(shown)


@pytest.mark.parametrize(
    "source",
    [
        body("return n.count(1)"),
        body("count = 1\n        return count"),
        "from collections import deque\n" + body("return deque([n])"),
        "from collections import *\n" + body("return deque([n])"),
        "def deque(x):\n    return x\n" + body("return deque(n)"),
        "def f(n):\n    return deque([n])",
        body("return pow(n, 2)"),
    ],
)
def test_nothing_else_is_added(source: str) -> None:
    assert Rule.from_source(source, "f").source == source


def test_imports_stand_after_docstring_and_future() -> None:
    head = '"""About it."""\nfrom __future__ import annotations\n'
    source = Rule.from_source(head + body("return inf")).source
    assert source.startswith(f"{head}from math import inf\n")


def test_words_of_json_are_read() -> None:
    assert parse_input("[null, true], x=false") == (([None, True],), {"x": False})


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("levelOrder", "'ab'", "root is Optional[TreeNode]: give it as a list, not 'ab'"),
        ("levelOrder", "[null, 1]", "the first value of a tree is null"),
        ("levelOrder", "[1, null, null, 4]", "nothing comes before the value 4 as its parent"),
        ("cycle", "head=[1], pos=3", "it has no node 3 to come back to"),
        ("cloneGraph", "[[2]]", "it has no node 2"),
        ("copyRandom", "[1]", "each node of it is [value, number of the random node or null]"),
        ("copyRandom", "[[1, 4]]", "it has no node 4"),
        ("nary", "[1, 2]", "null belongs after the first value"),
        ("nary", "[1, null, null, null]", "it has more groups of children than nodes"),
        ("lca", "[1], 5, 1", "p = 5: there is no node with this value in what is given"),
    ],
)
def test_a_list_that_is_no_such_structure_is_refused(name: str, text: str, said: str) -> None:
    with Sandbox() as sandbox:
        (record,) = sandbox.run(Task(SOLUTIONS[name].source, (text,)))
    assert record["status"] == "rejected_input"
    assert said in record["exception"]["message"]


OWN = """
from collections import namedtuple
from dataclasses import dataclass
from enum import Enum
class Color(Enum):
    RED = 1
@dataclass
class Point:
    x: int
    y: int = 0
Pair = namedtuple("Pair", "a b")
def total(c: Color, p: Point, *pairs: Pair) -> int:
    return (p.x if c is Color.RED else p.y) + sum(q.a for q in pairs)
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Color.RED, Point(1, y=2), Pair(3, 4), Pair(5, b=6)", "9"),
        ("p=Point(5), c=Color.RED", "5"),
        ("Color.BLUE, Point(1)", "Color has no BLUE; there are RED"),
        ("Color.RED, Point()", "Point() cannot be made: TypeError"),
        ("Colour.RED, Point(1)", "the input has `Colour.RED` at character 1"),
        ("Point.x, Point(1)", "Point.x: it is no enumeration"),
    ],
)
def test_objects_of_the_rules_classes_are_inputs(text: str, said: str) -> None:
    with Sandbox() as sandbox:
        (record,) = sandbox.run(Task(OWN, (text,)))
    if record["status"] == "ok":
        assert record["answer"] == said
        assert (
            f"Given c = Color.RED and p = {'Point(1, y=2)' if '9' in said else 'Point(5)'}"
            in (record["prompt"])
        )
    else:
        assert record["status"] == "rejected_input"
        assert said in record["exception"]["message"]


def test_what_is_changed_in_place_is_the_answer() -> None:
    moved = "def move(nums: list[int]) -> None:\n    nums.sort()"
    made = traced(moved, "[2, 1]")
    assert (made.result, made.answer) == (None, "[1, 2]")
    assert made.question == "Given nums = [2, 1], what is nums after move?"
    assert made.response().endswith("So the answer is [1, 2]\n")
    assert traced(moved, "[1]").answer == "[1]"  # there was nothing to be changed
    assert traced("def move(nums):\n    nums.sort()", "[2, 1]").answer == "None"
    assert traced("def say(nums: list) -> None:\n    len(nums)", "[2, 1]").answer == "None"


def test_stubs_of_types_are_no_question() -> None:
    stub = '"""\n        :type n: int\n        :rtype: int\n        """\n        return n'
    assert traced(body(stub), "3").question == "Given n = 3, what does f return?"
    asked = (
        '"""Double {n}.\n\n        :type n: int\n        :rtype: int\n        """\n        return n'
    )
    assert traced(body(asked), "3").question == "Double 3."


def test_defaults_stand_in_the_question() -> None:
    source = (
        'def to(n: int, base: int = 2) -> str:\n    """Write {n} in base {base}."""\n    return n'
    )
    assert traced(source, "11").question == "Write 11 in base 2."
