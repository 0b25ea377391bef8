"""A text is checked against a rule as safely as the rule is traced."""

import subprocess
import sysconfig
import textwrap
from pathlib import Path

import pytest

from rfft.tracer import Rule, check, trace
from rfft.tracer.checking.sandboxed import judge_apart
from rfft.tracer.records import Limits, Task
from rfft.tracer.sandbox.wire import Forged, check_record

PROGRAM = str(Path(sysconfig.get_path("scripts")) / "rfft-check")
LIMITS = Limits(steps=5000, seconds=2, memory=64, output=1)
COUNT = """
def count(n):
    total = 0
    while n:
        total += n
        n -= 1
    return total
"""


def body(lines):
    return "def f(n=0):\n" + textwrap.indent(lines, "    ") + "\n    return n\n"


@pytest.mark.parametrize("style", ["rfft", "scratchpad"])
@pytest.mark.parametrize("change", [("", ""), ("total = 0 + 3", "total = 0 + 4"), ("n = ", "m = ")])
def test_the_verdict_is_the_one_that_is_given_in_process(style, change):
    text = trace(Rule.from_source(COUNT), 3).response(style).replace(*change)
    answer = judge_apart(Task(COUNT, ("3",), styles=(style,), texts=(text,)), LIMITS)
    expected = check(Rule.from_source(COUNT), (3,), text, style=style).to_json()
    assert answer.pop("protection")["level"] in ("full", "partial")
    assert answer == {"status": "ok", "message": "", "verdict": expected}


def test_a_rule_that_raises_has_a_trace_too():
    source = "def f(n):\n    return 1 // n\n"
    text = trace(Rule.from_source(source), 0).response("rfft")
    assert judge_apart(Task(source, ("0",), texts=(text,)), LIMITS)["verdict"]["right"]


@pytest.mark.parametrize(
    ("source", "status", "message"),
    [
        (body("open('/tmp/hostile', 'w')"), "blocked", "open '/tmp/hostile'"),
        (body("import os\nos._exit(0)"), "crashed", "ended"),
        (body("import math\nmath.pi = 3"), "tainted", "changes math: pi"),
        (body("while True: pass"), "limit_steps", ""),
        (body("sum(iter(int, 1))"), "limit_time", ""),
        ("def f(:\n", "rejected_source", "syntax error"),
        ("def f():\n    return 1\n", "rejected_input", "takes no arguments"),
    ],
)
def test_no_verdict(source, status, message):
    answer = judge_apart(Task(source, ("1",), texts=("1. Initialize\n",)), LIMITS)
    assert (answer["status"], answer["verdict"]) == (status, None)
    assert message in answer["message"]
    assert not Path("/tmp/hostile").exists()


def test_the_command_says_why_there_is_no_verdict(tmp_path):
    rule = tmp_path / "rule.py"
    rule.write_text(body("open('/tmp/hostile', 'w')"))
    done = command(str(rule), "--trace", "-")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.endswith("the rule was stopped: open '/tmp/hostile'\n")


def test_unsafe_checks_in_the_process_itself(tmp_path):
    rule = tmp_path / "rule.py"
    rule.write_text(f"import os\n\ndef f():\n    return os.path.exists({str(rule)!r})\n")
    done = command(str(rule), "--unsafe", "--trace", "-")
    assert "expected" in done.stdout
    right = trace(Rule.from_file(rule)).response("rfft")
    assert command(str(rule), "--unsafe", "--trace", "-", stdin=right).returncode == 0
    assert command(str(rule), "--trace", "-", stdin=right).returncode == 1  # there is no such file
    rule.write_text("def f():\n    while True: pass\n")
    done = command(str(rule), "--unsafe", "--max-steps", "100", "--trace", "-")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.endswith("no verdict: limit steps\n")


def command(*arguments, stdin="x"):
    return subprocess.run(
        [PROGRAM, *arguments], input=stdin, capture_output=True, text=True, timeout=100
    )


@pytest.mark.parametrize(
    "change", [{"right": 1}, {"more": 1}, {"loops": [{"line": 1}]}, {"share": "all"}]
)
def test_a_verdict_of_another_form(change):
    good = {"status": "ok", **trace(Rule.from_source(COUNT), 2).to_json(steps=False)}
    good["stats"]["printed"] = 0
    good["verdict"] = check(Rule.from_source(COUNT), (2,), "").to_json()
    assert check_record(good) == good
    with pytest.raises(Forged):
        check_record({**good, "verdict": {**good["verdict"], **change}})
