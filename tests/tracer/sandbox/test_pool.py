"""A pool gives every task its records once and in order, and leaves nothing running."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from rfft.tracer.errors import StyleNotFound
from rfft.tracer.records import Limits
from rfft.tracer.sandbox import Pool, Task

from ..processes import children

DOUBLE = "def double(n):\n    return 2 * n\n"
LIMITS = Limits(steps=5000, seconds=1, memory=64, output=1)


def descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_records_come_in_order_and_none_is_lost():
    bad = ("def f(n):\n    while True: pass\n", "def f(n):\n    open('x')\n", "x = (")
    tasks = [
        Task(bad[n % 3] if n % 7 == 3 else DOUBLE, (str(n), str(n + 1)), steps=False)
        for n in range(60)
    ]
    with Pool(2, limits=LIMITS) as pool:
        found = list(pool.map(tasks))
    assert len(found) == len(tasks)
    for n, records in enumerate(found):
        assert len(records) == 2
        if n % 7 == 3:
            status = ("limit_steps", "blocked", "rejected_source")[n % 3]
            assert [r["status"] for r in records] == [status] * 2
        else:
            assert [r["answer"] for r in records] == [str(2 * n), str(2 * n + 2)]


@pytest.mark.parametrize("source", [DOUBLE, "x = ("])
def test_a_task_may_have_no_inputs(source):
    with Pool(1, limits=LIMITS) as pool:
        assert list(pool.map([Task(source, (), steps=False)])) == [[]]
        found = list(
            pool.map([Task(s, i, steps=False) for s, i in ((source, ()), (DOUBLE, ("4",)))])
        )
    assert [[r["answer"] for r in records] for records in found] == [[], ["8"]]


def test_tasks_are_taken_only_as_records_are():
    taken = []

    def tasks():
        for n in range(100):
            taken.append(n)
            yield Task(DOUBLE, (str(n),))

    with Pool(2, limits=LIMITS) as pool:
        found = pool.map(tasks())
        next(found)
        time.sleep(0.2)
        assert len(taken) <= 5
        found.close()
        (again,) = pool.map([Task(DOUBLE, ("4",))])
        assert again[0]["answer"] == "8"


def test_a_dead_worker_is_replaced():
    others = set(children(os.getpid()))  # of other sandboxes in this process
    with Pool(1, limits=LIMITS) as pool:
        list(pool.map([Task(DOUBLE, ("1",))]))
        (worker,) = set(children(os.getpid())) - others
        os.kill(worker, signal.SIGKILL)
        ((record,),) = pool.map([Task(DOUBLE, ("1",))])
        assert record["answer"] == "2"
        assert worker not in children(os.getpid())


def test_a_worker_that_dies_twice_gives_a_record_that_says_so():
    with Pool(1, limits=Limits(seconds=20)) as pool:
        list(pool.map([Task(DOUBLE, ("1",))]))
        stop = threading.Event()

        def kill():
            while not stop.wait(0.05):
                for zygote in children(os.getpid()):
                    if children(zygote):  # it has begun with the task
                        os.kill(zygote, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        slow = "import time\ndef f():\n    time.sleep(9)\n"
        try:
            ((record,),) = pool.map([Task(slow, ("",))])
        finally:
            stop.set()
            killer.join()
        assert record["status"] == "crashed"
        assert "the sandbox itself failed twice" in record["exception"]["message"]


def test_an_unknown_style():
    with Pool(1, styles=("nope",)) as pool, pytest.raises(StyleNotFound, match="rfft-icl"):
        list(pool.map([Task(DOUBLE, ("1",), styles=("nope",))]))


def test_closing_leaves_nothing():
    before = descriptors(), threading.active_count(), children(os.getpid())
    pool = Pool(2, limits=Limits(seconds=60))
    found = pool.map([Task("import time\ndef f():\n    time.sleep(99)\n", ("",))] * 4)
    waiting = threading.Thread(target=lambda: next(found, None))
    waiting.start()
    while len(children(os.getpid())) < len(before[2]) + 2:
        time.sleep(0.05)
    time.sleep(0.5)
    pool.close()
    waiting.join(20)
    assert (descriptors(), threading.active_count(), children(os.getpid())) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_leaves_no_process(number):
    program = """
import time
from rfft.tracer.records import Limits
from rfft.tracer.sandbox import Pool, Task
slow = Task("import time\\ndef f():\\n    time.sleep(99)\\n", ("",))
with Pool(2, limits=Limits(seconds=99)) as pool:
    list(pool.map([slow] * 9))
"""
    process = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    started = []
    while len(started) < 4 and time.monotonic() < deadline:
        time.sleep(0.05)
        zygotes = children(process.pid)
        started = zygotes + [child for zygote in zygotes for child in children(zygote)]
    assert len(started) == 4
    process.send_signal(number)
    assert process.wait(20) != 0
    deadline = time.monotonic() + 60
    while any(Path(f"/proc/{p}").exists() for p in started) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{p}").exists() for p in started)
