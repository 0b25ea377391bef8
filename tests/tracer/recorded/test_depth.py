"""Deep recursion and large sources work as in the plain run."""

import contextlib
import inspect
import sys
import textwrap
import types
from typing import Any

import pytest

from rfft.tracer import Rule, trace
from rfft.tracer.styles import names

from .forms import split
from .semantics import (
    FILE,
    instrumented,
    observe,
    plain,
    recording_into,
)


def test_a_long_sum() -> None:
    rule = Rule.from_source(f"def rule(n):\n    return {' + '.join(['n'] * 150)}")
    for style in names():
        assert rule.writer(style)(2).response == trace(rule, 2).response(style)
    assert trace(rule, 2).result == 300


def deepest(code: types.CodeType, record: bool = False) -> int:
    """Return the greatest argument for which ``rule`` recurses without a RecursionError."""
    module: dict[str, Any] = {}
    exec(code, module)

    def works(n: int) -> bool:
        try:
            with recording_into([]) if record else contextlib.nullcontext():
                return module["rule"](n) == n
        except RecursionError:
            return False

    low, high = 1, 2 * sys.getrecursionlimit()
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if works(middle) else (low, middle - 1)
    return low


@pytest.mark.parametrize(
    "source",
    split("""
def rule(n): return 0 if n == 0 else 1 + rule(n - 1)

def rule(n):
    if n == 0:
        return 0
    a = [n]
    a[0] -= 1
    b = rule(a[0])
    return b + 1

def rule(n):
    while n:
        for i in [n]:
            return rule(n - 1) + 1
    return 0

class C:
    def m(self, n): return self.m(n - 1) + 1 if n else 0
rule = C().m

def rule(n): return odd(n - 1) + 1 if n else 0
def odd(n): return rule(n - 1) + 1 if n else 0

rule = lambda n: rule(n - 1) + 1 if n else 0

def rule(n):
    try: return rule(n - 1) + 1 if n else 0
    finally: x = n

def rule(n): return sum(i for i in [1, rule(n - 1)]) if n else 0
"""),
)
@pytest.mark.parametrize("record", [False, True], ids=["off", "on"])
def test_recursion_reaches_as_deep(source: str, record: bool) -> None:
    assert deepest(instrumented(source, FILE), record) >= deepest(plain(source, FILE)) - 20


def test_recursion_without_end_is_still_an_error_that_can_be_caught() -> None:
    source = """
        def f(n):
            g = [n]
            return f(n + 1) + g[0]
        def rule():
            try: f(0)
            except RecursionError as e: return log(type(e).__name__)
    """
    for code in plain(textwrap.dedent(source), FILE), instrumented(textwrap.dedent(source), FILE):
        assert observe(code, []).log == ["'RecursionError'"]
        assert observe(code, [], record=True).log == ["'RecursionError'"]


def test_recursion_without_end_leaves_the_lines_of_the_rule() -> None:
    source = """
        def rule():
            a = 1
            return (
                rule())
    """
    source = textwrap.dedent(source)

    code = instrumented(source, FILE)
    for seen in observe(plain(source, FILE), []), observe(code, []), observe(code, [], record=True):
        assert "RecursionError" in seen.exception
        assert set(seen.frames[1:-1]) == {"rule:5"}
        assert seen.frames[-1] in ("rule:3", "rule:5")  # 3: no room for a hook


def test_the_recursion_limit_is_as_before_once_recording_ends() -> None:
    before = sys.getrecursionlimit()
    with recording_into([]), contextlib.suppress(KeyError):
        raise KeyError
    assert sys.getrecursionlimit() == before


@pytest.mark.parametrize("record", [False, True], ids=["off", "on"])
def test_the_last_function_on_the_stack_may_have_hooks(record: bool) -> None:
    source = """
        class C: pass
        def leaf(c):
            c.n: int = 0
            x = c
            if x: y = x
            else: y = 0
            for z in (): pass
            y = c
        def rule(n, c=C()): return (rule(n - 1) if n else leaf(c) or 0) + 1
    """
    source = textwrap.dedent(source)

    def edge(code: types.CodeType) -> int:
        module: dict[str, Any] = {}
        exec(code, module)
        limit = sys.getrecursionlimit()
        with recording_into([]) if record else contextlib.nullcontext():
            try:
                for n in range(60, 100):
                    sys.setrecursionlimit(len(inspect.stack(0)) + 80)
                    try:
                        module["rule"](n)
                    except RecursionError:
                        return n
            finally:
                sys.setrecursionlimit(limit)
        return -1

    assert edge(instrumented(source, FILE)) == edge(plain(source, FILE)) > 0


def test_blocks_may_nest_as_deep_as_python_allows() -> None:
    lines = [f"{' ' * n}for i{n} in [0]:" for n in range(20)] + [" " * 20 + "log(i19)"]
    assert observe(instrumented("\n".join(lines), FILE), [], record=True).log == ["0"]
