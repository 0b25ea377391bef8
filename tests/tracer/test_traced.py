"""`traced` keeps the last trace and changes nothing else."""

import functools
import inspect

import pytest

import rfft.tracer
from rfft.tracer import SourceRejected, trace, traced

from .cells import Cells

calls = 0


@traced
def half(n: int, seen: list[int] = []) -> int:  # noqa: B006
    """What is half of {n}?"""
    global calls
    calls += 1
    seen.append(n)
    return n // 2 + (half(n - 2) if n % 4 == 3 else 0) // (n - 100)


class Box:
    def __init__(self, size: int) -> None:
        self.size = size

    @rfft.tracer.traced
    def grow(self, by: int) -> int:
        self.size += by
        return self.twice()

    def twice(self) -> int:
        return self.size * 2

    @staticmethod
    @traced
    def plain(n: int) -> int:
        return n + 1


def test_a_function_does_what_it_does():
    before = calls
    assert half(8) == 4
    assert (calls, half.__wrapped__.__defaults__[0][-1]) == (before + 1, 8)
    assert str(inspect.signature(half)).startswith("(n: int, seen:")
    assert half.trace.result == 4
    assert "traced" not in half.trace.rule.text
    assert half.trace.question == "What is half of 8?"
    with pytest.raises(ZeroDivisionError):
        half(100)
    assert "The rule raises ZeroDivisionError" in half.trace.response()
    with pytest.raises(TypeError, match=r"half\(\) missing 1 required positional argument: 'n'"):
        half()


def test_inner_calls_are_part_of_the_trace():
    assert half(7) == 3 + 2 // -93
    assert [s.source for s in half.trace.steps if s.kind == "call"] == ["half", "half"]
    assert trace(half, 7).response().count("call half, depth 2") == 1


def test_methods():
    box = Box(1)
    assert box.grow(2) == 6
    assert box.size == 3
    assert [s.source for s in Box.grow.trace.steps if s.kind == "call"] == ["grow", "twice"]
    assert "traced" not in Box.grow.trace.rule.text
    assert Box.plain(3) == 4
    assert Box.plain.trace.result == 4


def test_other_decorators_stay():
    cells = Cells()
    cells.run(
        "import functools\nfrom rfft.tracer import traced as kept\n"
        "def more(f):\n    @functools.wraps(f)\n    def g(*a):\n        return f(*a) + 1\n"
        "    return g\n"
        "@kept\n@more\ndef rule(self, n):\n    return n\n"
        "@kept\n@functools.cache\ndef fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n"
    )
    assert cells["rule"](None, 4) == 5
    assert cells["rule"].trace.result == 5
    assert "@kept" not in cells["rule"].trace.prompt()
    assert cells["fib"](6) == 8
    assert sum(s.kind == "call" for s in cells["fib"].trace.steps) == 7


def test_before_the_first_call_there_is_no_trace():
    assert traced(test_methods).trace is None


@pytest.mark.parametrize("function", [functools.partial(half), len])
def test_what_is_no_function_is_refused(function):
    with pytest.raises(SourceRejected, match="is no Python function; put @traced right above"):
        traced(function)


def test_what_only_starts_is_refused():
    async def later():
        return 1

    def items():
        yield 1

    for function in (later, items):
        with pytest.raises(SourceRejected, match=r"only starts when it is called; trace\("):
            traced(function)
