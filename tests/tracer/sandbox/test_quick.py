"""Texts alone, which are made by compiled code, are those that recording each step gives."""

import pytest

from rfft.rules import catalog
from rfft.tracer.records import Limits
from rfft.tracer.sandbox import Sandbox, Task

from ...styles import BUILT_IN

LIBRARY = catalog()


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(BUILT_IN) as made:
        yield made


@pytest.fixture(scope="module")
def narrow():
    """Limits that are soon reached."""
    with Sandbox(("rfft", "direct"), limits=Limits(60, 20, 48, 1, 20, 30)) as made:
        yield made


def both_ways(sandbox, source, inputs, **options):
    """Return the records of a task, the same with and without a list of steps."""
    slow = sandbox.run(Task(source, tuple(inputs), **options))
    quick = sandbox.run(Task(source, tuple(inputs), steps=False, **options))
    assert quick == [{**record, "steps": []} for record in slow]
    return quick


@pytest.mark.parametrize("name", LIBRARY)
def test_tasks_of_the_library(sandbox, name):
    task = LIBRARY[name]
    lengths = {task.min_length, 3, 9} & set(range(task.min_length, (task.max_length or 9) + 1))
    inputs = [", ".join(map(repr, task.arguments(n, 1, k))) for n in lengths for k in (0, 1)]
    source, function = task.rule.source, task.rule.function
    records = both_ways(sandbox, source, inputs, function=function, styles=BUILT_IN)
    assert {record["status"] for record in records} == {"ok"}
    quick = Task(source, tuple(inputs), function, BUILT_IN, steps=False)
    run = sandbox._workers[False]._run([quick], sandbox.limits, "quick")
    assert len(run.records) == len(inputs), "it should not have to be done step by step"


LOOP = "def f(n, text=''):\n    while n:\n        n -= 1\n    return n\n"
LONG = "def f(n):\n    text = 'a' * n\n    other = text + 'b'\n    return len(other)\n"
NEVER = "def f(n):\n    while n:\n        pass\n    return n\n"
DIVIDES = "def f(n):\n    nums = [n]\n    nums.append(n // 2)\n    return 10 // n\n"
HELPED = "def g(n):\n    return n and 1 + g(n - 1)\n\ndef f(n):\n    return g(n)\n"
CAUGHT = (
    "def f(n):\n    try:\n        return 1 // n\n    except ZeroDivisionError:\n        return n\n"
)
DEFAULT = "def f(n=[print('hello')]):\n    return 1\n"
TAMPERED = "def f(n=[exec('import math; math.pi = 3')]):\n    return 1\n"
TOLD = "def f(n):\n    return '__globals__' + n\n"


@pytest.mark.parametrize(
    ("source", "inputs", "statuses"),
    [
        (LOOP, ["3", "26", "27", "28", "29", "30", "4"], "ok ok ok ok limit_steps limit_steps ok"),
        (LOOP, ["500", "600"], "limit_steps limit_steps"),
        (LONG, ["9", "400000"], "ok limit_output"),
        (LONG, ["100000", "150000", "200000", "1"], "ok ok ok ok"),
        (LONG, ["10 ** 9"], "rejected_input"),
        (LONG, ["5", "9" * 14, "6"], "ok limit_memory ok"),
        (NEVER, ["0", "1", "0"], "ok limit_steps ok"),
        (DIVIDES, ["5", "0", "'x'", "2"], "ok rule_error rule_error ok"),
        (HELPED, ["5", "50", "6"], "ok limit_depth ok"),
        (CAUGHT, ["5", "0"], "ok ok"),
        (DEFAULT, ["", "2"], "ok ok"),
        (DEFAULT.replace("print('hello')", "open('x')"), ["", "2"], "blocked blocked"),
        (TAMPERED, ["", "2"], "tainted tainted"),
        (TOLD, ["'a'"], "tainted"),
        (LOOP, ["1", "n", "n=2", "1, 2, 3"], "ok rejected_input ok rejected_input"),
        ("def f(n:\n", ["1", "2"], "rejected_source rejected_source"),
        ("import math\ndef f(n):\n    return math.sqrt(n)\n", ["4", "-4"], "ok rule_error"),
        ("import random\ndef f(n):\n    return random.random()\n", ["4", "4"], "ok ok"),
    ],
)  # fmt: skip
def test_limits_and_all_that_can_go_wrong(narrow, source, inputs, statuses):
    records = both_ways(narrow, source, inputs, styles=("direct", "rfft"), function="f")
    assert [record["status"] for record in records] == statuses.split()


def test_the_question_that_is_asked(sandbox):
    asked = both_ways(sandbox, LOOP, ["1", "2"], questions=("What?", None))
    assert "Q: What?\n" in asked[0]["prompt"]
    assert "Q: Given n = 2, what does f return?" in asked[1]["prompt"]
