"""Code of a task that nobody has vouched for gives the same values in the sandbox, and no more."""

from pathlib import Path
from random import Random

import pytest

from rfft.rules import Task, TaskRejected, load
from rfft.rules.checks.pool import check
from rfft.rules.sandboxed import SandboxedTask, guarded

from .files import COUNT, task, write

ODD = '''
from dataclasses import dataclass
from typing import Annotated, NewType

Digit = NewType("Digit", int)


@dataclass
class Point:
    x: "int"


def odd(a: list[Digit], b: "dict[str, int]", c: Annotated[str, "abc"], d: float | None) -> str:
    """Is {a}, {b}, {c}, {d} odd?"""
    return c


def oracle(a, b, c, d):
    return {c: (1.5, b"x", frozenset({2}), [None, True], 1j, float("inf"))}
'''


def pair(text: str) -> tuple[Task, Task]:
    made = task(text)
    return made, SandboxedTask(made.text, made.id)


@pytest.mark.parametrize("text", [COUNT, ODD])
def test_values_are_the_same(text):
    here, apart = pair(text)
    for index in (*range(5), 2, 40, 41, 42, 43):
        values = here.arguments(3, 7, index)
        assert repr(apart.arguments(3, 7, index)) == repr(values)
        assert apart.question(*values) == here.question(*values)
        assert repr(apart.oracle(*values)) == repr(here.oracle(*values))
    one, other = Random(3), Random(3)
    assert here.inputs(4, one) == apart.inputs(4, other)
    assert one.getstate() == other.getstate()


def test_the_library_is_run_here_and_nothing_else():
    known = load("leetcode_258")
    assert guarded(known) is known
    assert guarded(Task.from_source(known.text, known.id)).__class__ is Task
    changed = Task.from_source(f"{known.text}\n", known.id)
    assert isinstance(guarded(changed), SandboxedTask)
    assert guarded(changed, trust=True) is changed


REFUSED = {
    "import numpy": "ModuleNotFoundError.*--trust",
    "return object()": "object is no plain value.*--trust",
    "raise SystemExit(0)": "inputs.2, rng. raised SystemExit: 0",
    "raise KeyboardInterrupt": "inputs.2, rng. raised KeyboardInterrupt",
    "import os; os._exit(0)": "ended with exit code 0.*--trust",
    "while True: pass": "limit_time",
    "return [0] * 10**12": "MemoryError|limit_memory",
    "return (1, 2)": "inputs returned 2 arguments",
    "import sys; sys._getframe(1).f_locals": "tampered.*--trust",
}


@pytest.mark.parametrize("body", REFUSED)
def test_what_cannot_be_done_is_one_line(body):
    made = SandboxedTask(f"def f(n):\n    return n\ndef inputs(length, rng):\n    {body}\n", "f")
    with pytest.raises(TaskRejected, match=REFUSED[body]) as refused:
        made.arguments(2)
    assert len(str(refused.value).splitlines()) == 1


RAISING = """
import random

def worst(n):
    if n:
        raise ValueError("no")  # line 6

def f(n: int) -> int:
    '''Give {n}.'''
    return n

def inputs(length, rng):
    return [[worst(length)], [rng.choice([])], [inputs(length, rng)]][0]

def oracle(n):
    return sorted([2, 1], key=lambda k: worst(k))

def question(n):
    return random.choice(
        [])
"""


def test_the_line_is_the_one_that_raised():
    for made in pair(RAISING):
        for call, line in (("inputs(2, rng)", 6), ("oracle", 6), ("question", 19)):
            with pytest.raises(TaskRejected, match=rf" in line {line}$") as refused:
                made.arguments(2) if "(" in call else getattr(made, call)(2)
            assert f"{call} raised " in str(refused.value)
    deep = SandboxedTask(RAISING.replace("worst(length)", "inputs(length, rng)"), "f")
    with pytest.raises(TaskRejected, match=r"raised RecursionError.* in line 13"):
        deep.arguments(2)
    broken = SandboxedTask(f"{RAISING}\nworst(3)", "f")
    with pytest.raises(TaskRejected, match=r" in line 6$"):
        broken.arguments(2)


def test_the_code_is_not_run_in_this_process(tmp_path: Path):
    mark = tmp_path / "mark"
    text = f"open({str(mark)!r}, 'w')\n{COUNT}"
    made = SandboxedTask(text, "made")
    for wanted in (made.arguments, made.oracle):
        with pytest.raises(TaskRejected, match="--trust"):
            wanted(3)
    with pytest.raises(TaskRejected, match="--trust"):
        _ = made.module
    assert not mark.exists()


def test_what_is_checked_reaches_nothing(tmp_path: Path):
    mark = tmp_path / "mark"
    touch = f"try:\n    open({str(mark)!r}, 'w')\nexcept OSError:\n    pass\n"
    path = write(tmp_path / "count.py", f"{touch}{COUNT}")
    (report,) = check([path])
    assert report.failures == []
    assert not mark.exists()
    check([path], trust=True)
    assert mark.exists()
