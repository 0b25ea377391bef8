"""No hostile rule gets out, and none leaves anything behind for the next one."""

import textwrap
from pathlib import Path

import pytest

from rfft.tracer.records import Limits
from rfft.tracer.sandbox import Sandbox, Task

from . import hostile

HARMLESS = "def add(a, b):\n    c = {a, b}\n    a += b\n    return a, len(c), hash('x')\n"
OTHER = Task("def double(n):\n    return 2 * n\n", ("3", "4"), steps=False)
CLASSES = {
    name: programs
    for name, programs in vars(hostile).items()
    if name.isupper() and isinstance(programs, dict)
}
CASES = [(c, name) for c, programs in CLASSES.items() for name in programs]


@pytest.fixture(scope="module")
def sandbox():
    limits = Limits(steps=5000, seconds=0.8, memory=64, output=1)
    with Sandbox(limits=limits) as made:
        made.first, made.other = harmless(made), made.run(OTHER)
        yield made


def harmless(sandbox):
    (record,) = sandbox.run(Task(HARMLESS, ("3, 4",)))
    assert record["status"] == "ok"
    return record


def rule(body):
    """Return the source of a rule with this body."""
    return "def f():\n" + textwrap.indent(body, "    ")


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_held_back(sandbox, kind, name):
    body, statuses = CLASSES[kind][name]
    # Without a list of steps it runs both ways: quickly, in a process with others, and then step
    # by step.
    before, (record,), after = sandbox.run_all([OTHER, Task(rule(body), ("",), steps=False), OTHER])
    assert before == after == sandbox.other
    found = record["status"]
    if found == "ok" and "ok:" in statuses:
        found = f"ok: {record['answer']}"
    wanted = [statuses] if "ok:" in statuses else statuses.split()
    assert found in wanted, (found, record["answer"], record["exception"], record["tainted"])
    assert not Path("/tmp/hostile").exists()
    if kind == "TAMPERING" and statuses not in ("ok rule_error blocked", hostile.NOTHING):
        assert record["tainted"]
    assert harmless(sandbox) == sandbox.first
