"""What a run may keep, what its reply may cost, and what of its record is believed."""

import json
import textwrap
import tracemalloc

import pytest

from rfft.tracer.records import MIB, Limits
from rfft.tracer.sandbox import Sandbox, Task
from rfft.tracer.sandbox.asked import fits
from rfft.tracer.sandbox.wire import Forged, pack_record, record_of, records_of

LIMITS = Limits(output=1, memory=256)


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(("rfft", "natural", "direct"), limits=LIMITS) as made:
        yield made


def traced(sandbox, lines, **options):
    source = "def f():\n" + textwrap.indent(lines, "    ")
    return sandbox.run(Task(source, ("",), **options))[0]


LARGE = {
    "a result": "return 'a' * {n}",
    "a variable": "x = 'a' * {n}\ny = x + x\nz = y\nreturn len(z)",
    "one that grows": "x = 'a'\nwhile True:\n    x += x",
    "a list that grows": "x = [1]\nwhile True:\n    x += x",
    "an attribute": "class A: pass\na = A()\na.x = 'a' * {n}\nreturn len(a.x)",
    "arguments": "def g(*a, **k): return len(a)\nt = 'a' * {n}\nreturn g(t, t, k=t)",
    "items": "yield 'a' * {n}\nyield 'b' * {n}",
    "an exception": "raise ValueError('a' * {n})",
    "an exception out of sight": "exec(\"raise ValueError('a' * {n})\")",
    "a caught exception": (
        "try:\n    exec(\"raise ValueError('a' * {n})\")\nexcept ValueError as e: pass"
    ),
    "a result out of sight": "return eval(\"'a' * {n}\")",
    "foreign text": "return 'é' * {n}",
    "printed text": "for n in range(9): print(end=eval(\"'a' * {n}\"))",
}


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("size", [MIB // 8, MIB // 3, 3 * MIB])
@pytest.mark.parametrize("steps", [True, False])
def test_what_is_kept_is_at_most_twice_the_output(sandbox, name, size, steps):
    for style in ("rfft", "natural"):
        found = traced(sandbox, LARGE[name].format(n=size), steps=steps, styles=(style,))
        assert found["status"] in ("ok", "rule_error", "limit_output")
        size_kept = len(json.dumps(found, ensure_ascii=False).encode())
        assert size_kept < 2 * LIMITS.output * MIB + 10_000


SWALLOWED = {
    "at once": "x = [0] * 10 ** 11",
    "little by little": "exec('x = []\\nwhile True: x.append(bytes(10 ** 6))')",
    "in small parts": "exec('x = []\\nwhile True: x = [x, [], [], []]')",
    "in a helper": "(lambda: [0] * 10 ** 11)()",
}


@pytest.mark.parametrize("name", SWALLOWED)
@pytest.mark.parametrize("steps", [True, False])
def test_a_swallowed_memory_error_keeps_the_trace(sandbox, name, steps):
    lines = f"n = 1\ntry:\n    {SWALLOWED[name]}\nexcept MemoryError:\n    n = 2\nreturn n"
    found = traced(sandbox, lines, steps=steps)
    assert found["status"] == "limit_memory"
    assert "n = 1" in found["response"]
    assert len(found["steps"]) == steps * found["stats"]["steps"]


# Replies

GOOD = "def f(n):\n    return n + 1\n"


@pytest.fixture(scope="module")
def good(sandbox):
    task = Task(GOOD, ("1",), styles=("rfft", "direct"))
    (found,) = sandbox.run(task)
    return task, {k: v for k, v in found.items() if k not in ("protection", "tainted")}


def test_what_was_asked_for(good):
    task, record = good
    assert fits(record, task, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"texts": {}},
        {"texts": {"natural": {"prompt": "", "response": "2"}}},
        {"answer": "3"},
        {"result": "3"},
        {"answer": "3", "result": "3"},
        {"answer": None, "result": None},
        {"input": "2"},
        {"rule": {"function": "g", "source": GOOD}},
        {"exception": {"type": "ValueError", "message": ""}},
        {"steps": [{}]},
        {"stats": {"steps": 2, "iterations": 0, "characters": 1, "printed": 0}},
        {"verdict": {}},
    ],
)
def test_what_was_not_asked_for(good, change):
    task, record = good
    assert not fits({**record, **change}, task, 0)


def head(good, **change):
    return json.dumps({**good[1], "steps": [], **change}).encode()


BRACKETS = {
    "lists": lambda good, much: b"[" + b"[]," * much + b"[]]",
    "objects": lambda good, much: b"[" + b"{}," * much + b"{}]",
    "texts": lambda good, much: b"[" + b'"ab",' * much + b'""]',
    "numbers": lambda good, much: b"[" + b"999," * much + b"1]",
    "steps of lists": lambda good, much: head(good) + b"\n" + b"[" + b"[]," * much + b"1]",
    "lists as steps": lambda good, much: head(good) + b"\n[]" * much,
    "in a record": lambda good, much: head(good)[:-1] + b', "x": [' + b"[]," * much + b"1]}",
    "after a long text": lambda good, much: (
        head(good, response="x" * much)[:-1] + b', "x": [' + b"[]," * much + b"1]}"
    ),
}


@pytest.mark.parametrize("name", BRACKETS)
@pytest.mark.parametrize("way", ["stepwise", "quick"])
def test_a_reply_of_brackets_costs_little(good, name, way):
    reply = BRACKETS[name](good, 1 << 20)
    if way == "quick":
        reply = len(reply).to_bytes(8, "little") + reply
    payload = memoryview(bytearray(reply))
    tracemalloc.start()
    with pytest.raises(Forged):
        record_of(payload, 1 << 40) if way == "stepwise" else records_of(payload, good[0], [0])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak + len(reply) < 4 * len(reply)


def step(**more):
    return {"kind": "", "line": 1, "source": "", "depth": 1, "frame": 1, **more}


SMALL_STEPS = {
    "true ones": lambda n: step(source="n -= 1", lines=[n, n + 1], before={"n": str(n)}),
    "nearly nothing": lambda n: step(),
    "empty parts": lambda n: step(before={}, after={}, evaluated=[], lines=[]),
    "equations": lambda n: step(evaluated=[{"source": "", "value": ""}] * 50),
    "many names": lambda n: step(before={f"{n} {k}": "" for k in range(40)}),
    "numbers": lambda n: step(lines=[*range(n, n + 99)]),
}


@pytest.mark.parametrize("name", SMALL_STEPS)
def test_a_reply_of_small_steps_takes_no_more_than_it_may(good, name):
    made, size = [], 0
    while size < MIB:
        made.append(SMALL_STEPS[name](len(made)))
        size += len(json.dumps(made[-1]))
    record = {**good[1], "steps": made}
    payload = memoryview(bytearray(pack_record(record, json.dumps)))
    for most, whole in ((3 * len(payload), False), (20 * len(payload), True)):
        tracemalloc.start()
        found = record_of(payload, most)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak + len(payload) < most + MIB // 4
        assert (
            found == record if whole else (found["status"], found["steps"]) == ("limit_output", [])
        )


def test_replies_stay_small_at_the_defaults():
    assert 4 * Limits().reply <= 256 * MIB
