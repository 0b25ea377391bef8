"""Rules that may import packages, and the walls around them."""

import pytest

from rfft.tracer.errors import Refused
from rfft.tracer.sandbox import Limits, Sandbox, Task, allow, allowed
from rfft.tracer.sandbox.allowed import _allowed

from . import test_hostile

pytest.importorskip("numpy", minversion="2")
IN_PLACE = """
import numpy as np


def grow(nums: list[int]):
    a = np.array(nums)
    view = a[1:]
    view += 1
    return int(a.sum())
"""
FRAME = """
import pandas as pd


def frame(rows):
    table = pd.DataFrame(rows, columns=["k", "v"])
    return int(table.v.sum())
"""
OUT = {
    "load": "np.load('/etc/passwd')",
    "map": "np.memmap('/etc/passwd')",
    "read": "np.fromfile('/etc/passwd', dtype='u1')",
    "write": "np.arange(3).tofile('/tmp/hostile')",
    "a library of C": "np.ctypeslib.load_library('libc', '/lib')",
}


def sandbox_with(*modules, **settings):
    """Return a sandbox whose rules may import modules that the next one's may not."""
    before = allowed()
    try:
        allow(*modules)
        return Sandbox(**settings)
    finally:
        _allowed[:] = before


@pytest.fixture(scope="module")
def sandbox():
    with sandbox_with("numpy", repeat=True, limits=Limits(steps=5000, seconds=5)) as made:
        yield made


def test_arrays_and_what_is_seen_through_views(sandbox):
    (record,) = sandbox.run(Task(IN_PLACE, ("[1, 2]",)))
    assert (record["status"], record["tainted"]) == ("ok", [])
    assert "now,\nview = array([2]) + 1 = array([3])\na = array([1, 3])\n" in record["response"]
    assert record["response"].endswith("So the answer is 4\n")


@pytest.mark.parametrize("body", OUT.values(), ids=OUT)
def test_nothing_gets_out_through_it(sandbox, body):
    (record,) = sandbox.run(Task(f"import numpy as np\ndef f():\n    return {body}", ("",)))
    assert record["status"] in ("blocked", "rule_error")
    assert "root:" not in str(record)


def test_what_is_not_allowed_is_not_there():
    with Sandbox() as made:
        (record,) = made.run(Task(IN_PLACE, ("[1, 2]",)))
    assert record["exception"]["type"] == "ModuleNotFoundError"


@pytest.mark.parametrize("name", ["no_such_module", "../evil", "numpy.", ""])
def test_what_cannot_be_allowed(name):
    with pytest.raises(Refused, match="there is no such module"):
        allow(name)
    assert name not in allowed()


def test_a_module_that_does_not_load():
    refused = pytest.raises(Refused, match=r"--allow numpy\.no_such_part: ModuleNotFoundError")
    with sandbox_with("numpy.no_such_part") as made, refused:
        made.run(Task(IN_PLACE, ("[1]",)))


def test_what_a_package_prints_is_one_line():
    pytest.importorskip("pandas")
    with sandbox_with("pandas") as made:
        (record,) = made.run(Task(FRAME, ("[['a', 1], ['b', 2]]",)))
    assert "now,\ntable =    k  v\\n0  a  1\\n1  b  2\n" in record["response"]
    assert record["response"].endswith("So the answer is 3\n")


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name"), test_hostile.CASES)
def test_held_back(sandbox, kind, name):
    body, statuses = test_hostile.CLASSES[kind][name]
    (record,) = sandbox.run(Task(test_hostile.rule(body), ("",)))
    assert record["status"] in (*statuses.split(), "ok", "rule_error")
    assert "site-packages" not in str(record)
