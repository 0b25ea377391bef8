"""What a sandbox makes of a task, whatever the rule sends, changes or is written like."""

import json
import textwrap

import pytest

from rfft.tracer import Rule, trace
from rfft.tracer.errors import StyleNotFound
from rfft.tracer.records import MAX_SOURCE, Limits
from rfft.tracer.sandbox import Sandbox, Task
from rfft.tracer.sandbox.wire import Forged, check_record

COUNT = """
def count(n):
    total = 0
    while n:
        total += n
        n -= 1
    return total
"""


@pytest.fixture(scope="module")
def sandbox():
    limits = Limits(steps=5000, seconds=1, memory=64, output=1)
    with Sandbox(("rfft", "direct"), limits=limits) as made:
        yield made


def body(lines):
    return "def f(n=0):\n" + textwrap.indent(textwrap.dedent(lines), "    ")


def traced(sandbox, source, *inputs, **options):
    return sandbox.run(Task(source, inputs or ("",), **options))


# Tasks


def test_the_trace_is_the_one_that_is_made_in_process(sandbox):
    (found,) = traced(sandbox, COUNT, "4")
    expected = trace(Rule.from_source(COUNT), 4).to_json()
    assert {k: found[k] for k in expected if k != "stats"} == {
        k: v for k, v in expected.items() if k != "stats"
    }
    assert found["protection"] == sandbox.protection()


def test_many_inputs_give_what_each_gives_alone(sandbox):
    inputs = ("3", "oops", "0", "4, 5", "2")
    together = traced(sandbox, COUNT, *inputs)
    assert together == [traced(sandbox, COUNT, text)[0] for text in inputs]
    assert [r["status"] for r in together] == [
        "ok", "rejected_input", "ok", "rejected_input", "ok",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ("while n == 1: pass", "limit_steps"),
        ("if n == 1: sum(iter(int, 1))", "limit_time"),
        ("if n == 1: open('x')", "blocked"),
        ("import os\nif n == 1: os._exit(3)", "crashed"),
        ("import math\nif n == 1: math.pi = 3", "tainted"),
        ("if n == 1: raise ValueError", "rule_error"),
        ("import time\nif n == 1: time.sleep(9)", "limit_time"),
    ],
)
def test_what_one_input_does_is_nothing_to_the_others(sandbox, lines, status):
    source = body(f"{lines}\nimport math\nreturn n, math.pi > 3")
    records = traced(sandbox, source, "0", "1", "2", "1", "3", steps=False)
    assert [r["status"] for r in records] == ["ok", status, "ok", status, "ok"]
    assert [r["answer"] for r in records[::2]] == ["(0, True)", "(2, True)", "(3, True)"]
    assert all("1. " in r["response"] for r in records)


def test_every_input_has_the_same_luck_and_new_globals(sandbox):
    source = "import random\nseen = []\n" + body("seen.append(n)\nreturn random.random(), seen")
    first, second = traced(sandbox, source, "1", "1")
    (third,) = traced(sandbox, source, "1")
    assert first["answer"] == second["answer"] == third["answer"]


@pytest.mark.parametrize(
    "lines",
    [
        "return id(n)",
        "import time as t\nreturn t.perf_counter()",
        "from datetime import datetime\nreturn datetime.now().year",
        "return hash(None)",
    ],
)
def test_what_differs_from_run_to_run_is_marked(sandbox, lines):
    for steps in (True, False):
        (found,) = traced(sandbox, body(lines), "1", steps=steps)
        assert (found["status"], len(found["tainted"])) == ("tainted", 1)
        assert found["tainted"][0].startswith("the rule asks for ")


def test_a_name_of_the_rules_own_is_no_address(sandbox):
    (found,) = traced(sandbox, body("id = abs\nreturn id(n)"), "-1")
    assert (found["status"], found["answer"]) == ("ok", "1")


def test_texts_alone(sandbox):
    (full,) = traced(sandbox, COUNT, "3")
    (texts,) = traced(sandbox, COUNT, "3", steps=False)
    assert (texts.pop("steps"), len(full.pop("steps"))) == ([], 13)
    assert texts == full


def test_several_styles_and_a_question_for_each_input(sandbox):
    styles, questions = ("rfft", "direct"), ("How many?", None)
    one, other = traced(sandbox, COUNT, "1", "2", styles=styles, questions=questions)
    assert one["texts"]["direct"]["response"] == "So the answer is 1\n"
    assert "How many?" in one["prompt"]
    assert "How many?" in one["texts"]["direct"]["prompt"]
    assert "Given n = 2" in other["prompt"]


def test_a_style_that_the_sandbox_was_not_made_with(sandbox):
    with pytest.raises(StyleNotFound, match="scratchpad"):
        traced(sandbox, COUNT, "1", styles=("scratchpad",))


def test_coroutines(sandbox):
    source = """
import asyncio

async def half(n):
    await asyncio.sleep(0.01)
    return n // 2

async def both(n):
    a, b = await asyncio.gather(half(n), half(n + 2))
    return a + b
"""
    (found,) = traced(sandbox, source, "4", function="both")
    assert (found["status"], found["answer"], found["tainted"]) == ("ok", "5", [])


@pytest.mark.parametrize(
    "module",
    "bisect cmath collections copy dataclasses datetime decimal enum fractions functools hashlib"
    " heapq itertools json math operator queue random re statistics string textwrap typing".split(),
)
def test_libraries_that_rules_use(sandbox, module):
    (found,) = traced(sandbox, f"import {module}\n" + body(f"return {module}.__name__"))
    assert (found["status"], found["answer"]) == ("ok", repr(module))


def test_well_behaved_use_of_libraries_does_not_taint(sandbox):
    source = """
import collections, contextlib, dataclasses, datetime, decimal, enum, functools, io, random, sys
import traceback, typing, warnings

Point = collections.namedtuple("Point", "x y", defaults=[0])

@dataclasses.dataclass(order=True)
class Item:
    name: str
    at: Point = dataclasses.field(default_factory=lambda: Point(1))

class Colour(enum.Enum):
    RED = enum.auto()

class Pair(typing.NamedTuple):
    a: int

@functools.lru_cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

@functools.singledispatch
def kind(x):
    return "?"

@kind.register
def _(x: int):
    return "int"

@contextlib.contextmanager
def quietly():
    with contextlib.redirect_stdout(io.StringIO()):
        yield

def f():
    sys.setrecursionlimit(5000)
    random.seed(1)
    decimal.getcontext().prec = 5
    with quietly(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.warn("x")
        print("hidden")
    try:
        1 / 0
    except ZeroDivisionError:
        text = traceback.format_exc()
    datetime.datetime(2020, 1, 1).strftime("%A")
    return Item("a") < Item("b"), Colour.RED.name, Pair(1).a, fib(9), kind(1), "division" in text
"""
    (found,) = traced(sandbox, source, function="f")
    assert (found["status"], found["tainted"]) == ("ok", [])
    assert found["answer"] == "(True, 'RED', 1, 34, 'int', True)"


# Sources that are not clean text

SOURCES = {
    "a null byte": "def f():\n    return 1\0\n",
    "half a character": "def f():\n    return '\ud800'\n",
    "a mark of byte order": "\ufeffdef f():\n    return 1\n",
    "invisible text": "def f():\n    return\u200b1\n",
    "quotes of another kind": "def f():\n    return “1”\n",
    "huge": "x = 1\n" * (MAX_SOURCE // 6 + 1) + "def f(): pass\n",
    "an endless line": "def f():\n    return " + "1 + " * 200_000 + "1\n",
    "deep brackets": "def f():\n    return " + "(" * 9999 + ")" * 9999 + "\n",
    "deep blocks": "def f():\n" + "".join(" " * n + "if 1:\n" for n in range(1, 999)),
    "many functions": "".join(f"def f{n}(): pass\n" for n in range(20_000)),
    "a list": "[]",
    "tabs and spaces": "def f():\n\tif 1:\n        return 1\n",
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_that_is_no_clean_text(sandbox, name):
    (found,) = traced(sandbox, SOURCES[name])
    assert found["status"] in ("rejected_source", "limit_time", "limit_memory")
    assert traced(sandbox, COUNT, "2")[0]["answer"] == "3"


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("def f():\n    return 'é' + '\N{PILE OF POO}'\n", "'é\N{PILE OF POO}'"),
        ("# coding: latin-1\ndef f():\n    return 'é'\n", "'é'"),
        ("def f():\n    ｘ = 1\n    return x\n", "1"),  # noqa: RUF001 - the same name to Python
        ("def f():\r\n    return 1\r\n", "1"),
        ("def f():\n    а = 1; a = 2\n    return а, a\n", "(1, 2)"),  # noqa: RUF001 - Cyrillic
        ("def f():\n    return 1\n\x0c\n# \u202e txet", "1"),
    ],
)
def test_a_source_of_foreign_text(sandbox, source, answer):
    (found,) = traced(sandbox, source)
    assert (found["status"], found["answer"]) == ("ok", answer)


# Replies that are not what they seem

WRITE = """
import os
for n in range(2, 99):
    try:
        os.write(n, {data})
    except OSError:
        pass
"""
FORGED = {
    "a letter": b"R",
    "no record": b"R" + (2).to_bytes(8, "little") + b"{}",
    "a record": b"R" + (99).to_bytes(8, "little") + b'{"status": "ok"}',
    "an end": b"A" + (16).to_bytes(8, "little") + b"0" * 16,
    "a huge one": b"R" + b"\xff" * 8,
    "a huge reason": b"T" + b"\xff" * 8,
    "half": b"R" + (300).to_bytes(8, "little"),
    "nothing": b"\0" * 1000,
}


@pytest.mark.parametrize("name", FORGED)
@pytest.mark.parametrize("end", ["os._exit(0)", "return 1", "while True: pass"])
def test_a_reply_written_by_the_rule(sandbox, name, end):
    (found,) = traced(sandbox, body(WRITE.format(data=repr(FORGED[name])) + end))
    assert found["status"] == "crashed"
    assert found["answer"] is None
    assert traced(sandbox, COUNT, "2")[0]["answer"] == "3"


def test_a_reason_written_by_the_rule_taints_it(sandbox):
    reason = b"T" + (2).to_bytes(8, "little") + b"hi"
    (found,) = traced(sandbox, body(WRITE.format(data=repr(reason)) + "return 1"))
    assert found["status"] in ("tainted", "crashed")
    assert set(found["tainted"]) == {"hi"}


def test_a_flood_of_replies(sandbox):
    lines = WRITE.format(data="flood") + "return 1"
    (found,) = traced(sandbox, "flood = b'x' * (1 << 22)\n" + body(lines))
    assert found["status"] in ("crashed", "limit_output")


STEP = {"kind": "x", "line": 1, "source": "", "depth": 1, "frame": 0}


@pytest.mark.parametrize(
    "change",
    [
        {"status": "fine"},
        {"more": 1},
        {"answer": 1},
        {"stats": {}},
        {"stats": {"steps": -1, "iterations": 0, "characters": 0, "printed": 0}},
        {"steps": [1]},
        {"steps": [{**STEP, "line": "1"}]},
        {"steps": [{**STEP, "before": {"a": 1}}]},
        {"steps": [{**STEP, "evaluated": [{}]}]},
        {"steps": [{**STEP, "lines": ["1"]}]},
        {"exception": "x"},
        {"rule": {"function": "f"}},
        {"texts": {"direct": "x"}},
    ],
)
def test_a_record_of_another_form(change):
    good = {"status": "ok", **trace(Rule.from_source(COUNT), 2).to_json()}
    good["stats"]["printed"] = 0
    good = json.loads(json.dumps(good))
    assert check_record(good) == good
    with pytest.raises(Forged):
        check_record({**good, **change})
    with pytest.raises(Forged):
        check_record([good])
