"""`run` gives a record whatever a rule does, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from rfft.tracer.errors import StyleNotFound
from rfft.tracer.sandbox import Limits, run, run_here

from ..processes import descendants

KEYS = {
    "status", "rule", "input", "prompt", "response", "answer", "result", "exception", "steps",
    "stats", "protection", "tainted",
}  # fmt: skip

COUNT = """
def count(n):
    total = 0
    while n:
        total += n
        n -= 1
    return total
"""


def record(source, arguments="", tainted=(), **options):
    """Run the text of a rule; check what holds for every record."""
    options.setdefault("limits", Limits(steps=20_000, seconds=20, memory=256))
    found = run(textwrap.dedent(source), arguments, **options)
    assert set(found) == KEYS
    assert json.loads(json.dumps(found)) == found
    assert found["tainted"] == list(tainted)
    assert found["stats"]["characters"] == len(found["response"])
    return found


def body(lines):
    """Return the text of a rule without parameters that has these lines."""
    return "def f():\n" + textwrap.indent(textwrap.dedent(lines), "    ")


def test_a_trace_and_all_that_is_said_about_it():
    found = record(COUNT, "3")
    assert found["status"] == "ok"
    assert found["rule"] == {"function": "count", "source": COUNT}
    assert found["input"] == "3"
    assert found["prompt"].startswith("Follow the given rule")
    assert found["response"].endswith("So the answer is 6\n")
    assert (found["answer"], found["result"], found["exception"]) == ("6", "6", None)
    assert found["stats"]["steps"] == len(found["steps"])
    assert found["stats"]["iterations"] == 3
    assert found["stats"]["printed"] == 0
    missing = found["protection"]["missing"]
    assert found["protection"]["level"] == ("partial" if missing else "full")


def test_options_reach_the_trace():
    source = f"{COUNT}\ndef other(a, b):\n    return a - b\n"
    found = record(source, "b=1, a=5", function="other", style="direct", question="And now?")
    assert found["rule"]["function"] == "other"
    assert "And now?" in found["prompt"]
    assert found["answer"] == "4"
    assert "return" not in found["response"]


def test_every_run_starts_from_the_same_state():
    source = body(
        """
        import builtins, os
        seen = getattr(builtins, 'seen', 0)
        builtins.seen = seen + 1
        return seen, list({'a', 'b', 'c', 'd', 'e'}), 'HOME' in os.environ
        """
    )
    tainted = ["the rule changes builtins: seen"]
    one, other = record(source, tainted=tainted), record(source, tainted=tainted)
    assert one["answer"] == other["answer"]
    assert one["answer"].startswith("(0, ")


# What ends a run: the status, the trace that is kept, and why.

ENDS = {
    "raises": ("x = 1\nreturn x // 0", "rule_error", "ZeroDivisionError"),
    "exits": ("x = 1\nimport sys\nsys.exit(3)", "rule_error", "SystemExit"),
    "interrupts": ("x = 1\nraise KeyboardInterrupt", "rule_error", "KeyboardInterrupt"),
    "asks": ("x = 1\nreturn input('name? ')", "rule_error", "EOFError"),
    "recurses": ("x = 1\nreturn f()", "limit_depth", "RecursionError"),
    "allocates": ("x = 1\nreturn len([0] * 10**11)", "limit_memory", "MemoryError"),
}


@pytest.mark.parametrize("name", ENDS)
def test_an_exception_that_leaves_the_rule_ends_the_trace(name):
    lines, status, exception = ENDS[name]
    found = record(body(lines))
    assert found["status"] == status
    assert found["exception"]["type"] == exception
    assert found["response"].endswith(f"The rule raises {exception}\n")
    assert "x = 1" in found["response"]


def test_steps_are_limited():
    found = record(body("x = 1\nwhile True:\n    x += 1"), limits=Limits(steps=500))
    assert found["status"] == "limit_steps"
    assert found["stats"]["steps"] == len(found["steps"]) == 500
    assert "x = 1 + 1 = 2" in found["response"]


def test_steps_are_limited_deep_in_a_recursion():
    source = "def f(n):\n    if n == 0:\n        return 0\n    return f(n - 1)\n"
    found = record(source, "900", limits=Limits(steps=1750))
    assert found["status"] == "limit_steps"
    assert found["response"]


def test_a_limit_cannot_be_caught():
    lines = """
        x = 1
        while True:
            try:
                while True:
                    x += 1
            except BaseException:
                pass
    """
    assert record(body(lines), limits=Limits(steps=500))["status"] == "limit_steps"
    found = record(body(lines), limits=Limits(steps=10**9, seconds=0.3))
    assert found["status"] == "limit_time"
    assert "x = 1 + 1 = 2" in found["response"]


def test_output_is_limited():
    lines = "x = 'a' * 200000\nwhile True:\n    x += 'a'"
    found = record(body(lines), limits=Limits(output=1))
    assert found["status"] == "limit_output"
    assert found["stats"]["steps"] < 20


def test_memory_is_limited_before_the_rule_notices():
    lines = """
        x = 1
        kept = None
        try:
            while True:
                kept = lambda kept=kept, room=b'x' * 1_000_000: kept
        except MemoryError:
            return 'noticed'
    """
    found = record(body(lines), limits=Limits(memory=100))
    assert found["status"] == "limit_memory"
    assert "x = 1" in found["response"]


STUCK = {
    "a long operation": "x = 1\nreturn 10 ** 10 ** 8",
    "a long search": "x = 1\nimport re\nreturn re.match('(a*)*b', 'a' * 99)",
}


@pytest.mark.parametrize("name", STUCK)
def test_time_is_limited_even_where_nothing_can_answer(name):
    begun = time.monotonic()
    found = record(body(STUCK[name]), limits=Limits(seconds=0.3))
    assert time.monotonic() - begun < 10
    assert found["status"] == "limit_time"
    assert "x = 1" in found["response"].partition("1. Initialize")[2]
    assert found["stats"]["steps"] == len(found["steps"]) >= 2


def test_time_counts_while_the_file_is_loaded():
    found = record("while True:\n    pass\n\ndef f():\n    pass\n", limits=Limits(seconds=0.3))
    assert found["status"] == "limit_time"


CRASHES = {
    "an exit": ("import os\nos._exit(7)", "exit code 7"),
    "a quiet exit": ("import os\nos._exit(0)", "exit code 0"),
    "a bad pointer": ("import faulthandler\nfaulthandler._read_null()", "(SIGSEGV)"),
    "closed pipes": ("import os\nfor n in range(99):\n    os.close(n)", "the rule's process"),
}


@pytest.mark.parametrize("name", CRASHES)
def test_the_way_a_process_crashed_is_named(name):
    lines, reason = CRASHES[name]
    found = record(body(lines))
    assert found["status"] == "crashed"
    assert found["exception"]["type"] == "Crashed"
    assert reason in found["exception"]["message"]


@pytest.mark.parametrize(
    "forged", ["A", "A\\0\\0\\0\\0\\0\\0\\0\\2[]", "A" + "\\xff" * 8, "A\\0\\0\\0\\0\\0\\0\\0\\1["]
)
def test_what_the_rule_writes_into_the_pipe_is_no_record(forged):
    found = record(
        body(
            f"""
            import os
            for descriptor in range(3, 20):
                try:
                    os.write(descriptor, b"{forged}")
                except OSError:
                    pass
            os._exit(0)
            """
        )
    )
    assert found["status"] == "crashed"


def test_what_the_rule_prints_is_counted_and_nothing_else(capfd):
    found = record(
        body(
            """
            import os, sys
            print('12345')
            sys.stdout.buffer.write(b'678')
            sys.stderr.write('90')
            sys.__stdout__.write('elsewhere')
            os.write(1, b'elsewhere')
            return 1
            """
        )
    )
    assert (found["status"], found["stats"]["printed"]) == ("ok", 11)
    assert capfd.readouterr() == ("", "")


def test_no_method_of_the_rules_own_objects_is_called():
    methods = "\n".join(
        f"    def __{name}__(self, *rest): import os; os._exit(1)"
        for name in ("repr", "str", "eq", "hash", "bool", "len", "format", "reduce")
    )
    source = f"class Odd:\n{methods}\n\ndef f():\n    return Odd()\n"
    assert record(source)["status"] == "ok"
    raising = f"class Odd(Exception):\n{methods}\n\ndef f():\n    raise Odd\n"
    found = record(raising)
    assert (found["status"], found["exception"]["type"]) == ("rule_error", "Odd")


REJECTED = {
    "no function": ("x = 1", "", "rejected_source", "function"),
    "nothing": ("", "", "rejected_source", "function"),
    "syntax": ("def f(:\n    pass", "", "rejected_source", "def f(:"),
    "several": ("def f(): pass\ndef g(): pass", "", "rejected_source", "f, g"),
    "no literal": (COUNT, "n", "rejected_input", "not a literal"),
    "too few": (COUNT, "", "rejected_input", "'n'"),
    "too many": (COUNT, "1, 2", "rejected_input", "too many"),
    "unknown name": (COUNT, "n=1, m=1", "rejected_input", "'m'"),
}


@pytest.mark.parametrize("name", REJECTED)
def test_a_rejection_says_why(name):
    source, arguments, status, reason = REJECTED[name]
    found = record(source, arguments)
    assert found["status"] == status
    assert reason in found["exception"]["message"]
    assert (found["rule"]["source"], found["input"]) == (textwrap.dedent(source), arguments)
    assert found["response"] == ""


def test_an_unknown_function_is_rejected_with_the_names_there_are():
    found = record("def f(): pass\ndef g(): pass", function="h")
    assert found["status"] == "rejected_source"
    assert "f, g" in found["exception"]["message"]


@pytest.mark.parametrize("source", ["x = " + "(" * 5000, "x = " + "-" * 50_000 + "1"])
def test_a_source_nested_too_deep_is_rejected(source):
    assert record(source)["status"] == "rejected_source"


def test_an_unknown_style_is_an_error_that_lists_the_styles():
    with pytest.raises(StyleNotFound, match="scratchpad"):
        run(COUNT, "3", style="nope")


# Nothing is left behind


def test_no_process_thread_or_descriptor_is_left():
    def held():
        return descriptors(), threading.active_count(), descendants(os.getpid())

    before = held()
    assert record(body("import os\nos.fork()"))["status"] == "blocked"
    assert record(body("x = 1\nreturn 10 ** 10 ** 8"), limits=Limits(seconds=0.2))
    assert held() == before


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_processes_end_with_the_one_that_waits_for_them(number):
    source = body("import time\ntime.sleep(99)")
    program = f"from rfft.tracer.sandbox import *\nrun({source!r}, '', limits=Limits(seconds=99))"
    waiting = subprocess.Popen([sys.executable, "-c", program])
    try:
        until(lambda: len(descendants(waiting.pid)) == 2, "the rule starts")
        started = descendants(waiting.pid)
    finally:
        waiting.send_signal(number)
        waiting.wait()
    until(lambda: not any(Path(f"/proc/{p}").exists() for p in started), "the rule is gone")


def descriptors():
    """Return the open descriptors of this process."""
    return sorted(path.name for path in Path("/proc/self/fd").iterdir())


def until(condition, what):
    """Wait until a condition holds."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, f"not within ten seconds: {what}"
        time.sleep(0.02)


# In this process


def here(source, arguments="", **options):
    """Run a rule in this process, where no limit is reached."""

    def deliver(found):
        raise AssertionError(found["status"])

    return run_here(source, arguments, deliver, **options)


def test_in_this_process_the_trace_is_the_same(capfd):
    inside, outside = here(COUNT, "4"), run(COUNT, "4")
    assert inside.pop("protection")["level"] == "none"
    assert outside.pop("protection")["level"] != "none"
    assert inside == outside
    found = here(body("print('hello')\nreturn input()"))
    assert (found["exception"]["type"], found["stats"]["printed"]) == ("EOFError", 6)
    assert capfd.readouterr() == ("", "")


def test_in_this_process_an_interrupt_ends_more_than_the_rule():
    with pytest.raises(KeyboardInterrupt):
        here(body("raise KeyboardInterrupt"))


@pytest.mark.parametrize(
    ("limits", "status"),
    [
        ("Limits(steps=50)", "limit_steps"),
        ("Limits(steps=10**9, seconds=0.2)", "limit_time"),
        ("Limits(steps=10**9, memory=16, output=1024)", "limit_memory"),
    ],
)
def test_in_this_process_a_limit_delivers_the_record(limits, status):
    program = f"""
import os
from rfft.tracer.sandbox import Limits, run_here

def deliver(record):
    print(record["status"], "n = 0 + 1 = 1" in record["response"], flush=True)
    os._exit(5)

source = "def f():\\n    n = 0\\n    kept = []\\n    while True:\\n        n += 1"
run_here(source, "", deliver, limits={limits})
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == (f"{status} True\n", "", 5)


def test_an_order_to_stop_that_comes_too_late_stops_nothing():
    program = """
import signal, threading
from rfft.tracer.records import Limits, Task
from rfft.tracer.sandbox import limited

class Late(limited.LimitedRun):
    def announce(self):
        signal.pthread_kill(threading.get_ident(), limited.STAND_STILL)

limited.get_ready_to_stand_still()
task = Task("def f():\\n    return 3", ("",), None, ("rfft",), ("",))
print(Late(task, 0, Limits(), print).perform()["status"])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr) == ("ok\n", "")
