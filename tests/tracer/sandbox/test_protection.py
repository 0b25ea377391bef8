"""What a sandbox says about protections that the system does not have."""

import sys

import pytest

from rfft.tracer.errors import Unprotected
from rfft.tracer.sandbox import Pool, Sandbox, Task, worker
from rfft.tracer.sandbox.protection import WALLS, protection, shortfall

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these walls are Linux's")
TASK = Task("def f(n):\n    return n + 1\n", ("1",))


@pytest.fixture
def system(monkeypatch):
    """Return what makes new sandboxes go without some protections."""
    return lambda missing: monkeypatch.setattr(worker, "pretended", sorted(missing))


@linux
@pytest.mark.parametrize(
    ("missing", "level"),
    [(WALLS, "none"), ({"Landlock"}, "partial"), (WALLS - {"system-call filter"}, "partial")],
)
@pytest.mark.parametrize("steps", [True, False])
def test_the_level_is_that_of_what_is_missing(system, missing, level, steps):
    system(missing)
    with Sandbox() as sandbox:
        (record,) = sandbox.run(Task(TASK.source, TASK.inputs, steps=steps))
    assert record["answer"] == "2"
    assert record["protection"]["level"] == level
    assert set(record["protection"]["missing"]) >= missing


@linux
def test_what_is_to_be_protected_does_not_run_without_any(system):
    system(WALLS)
    with Pool(1, protected=True) as pool, pytest.raises(Unprotected, match="cannot hold rules"):
        list(pool.map([TASK]))
    with Sandbox(protected=True) as sandbox, pytest.raises(Unprotected):
        sandbox.start()
    system({"Landlock", "namespaces"})
    with Pool(1, protected=True) as pool:
        assert [r["status"] for records in pool.map([TASK]) for r in records] == ["ok"]


def test_what_is_missing_is_said_in_a_line():
    assert shortfall(protection(())) is None
    assert shortfall(protection(["b", "a"])) == "protection is partial: no a, no b"
