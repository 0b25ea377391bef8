"""Programs drawn at random mean the same when traced, and both back ends write the same bytes."""

import contextlib
import copy
import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from rfft.tracer import Rule, trace
from rfft.tracer.compiled.to_text import Writer

from ...styles import BUILT_IN
from ..recorded.semantics import (
    FILE,
    observe,
    plain,
    recorded,
    same,
    structure,
)
from ..strategies import Program, programs

quick = settings(max_examples=40)
long = settings(max_examples=3000, suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class Outcome:
    """What a caller sees of a run; the result and the arguments may share parts."""

    values: str
    exception: str
    output: str


@dataclass
class Finished:
    """The result or the exception of a run, named as a trace and a writer name them."""

    result: object
    exception: BaseException | None


def outcome(program: Program, run: Callable[..., Any]) -> tuple[Outcome, Any]:
    """Run a program by calling `run` with fresh arguments; return the outcome and what it gave."""
    arguments = copy.deepcopy(list(program.arguments))
    with contextlib.redirect_stdout(io.StringIO()) as output:
        done = run(*arguments)
    error = done.exception
    values = structure((arguments, done.result if error is None else None))
    raised = "none" if error is None else f"{type(error).__name__} {structure(error.args)}"
    return Outcome(values, raised, output.getvalue()), done


def run_plain(program: Program) -> Outcome:
    """Return the outcome of a program that is not traced."""
    names: dict[str, Any] = {}
    exec(plain(program.source, FILE), names)

    def run(*arguments: Any) -> Finished:
        try:
            return Finished(names["rule"](*arguments), None)
        except Exception as error:
            return Finished(None, error)

    return outcome(program, run)[0]


def check_instrumented(program: Program) -> None:
    """Assert that a program runs unchanged when it is instrumented, and is recorded."""
    assert same(program.source, *program.arguments).steps


def check_traced(program: Program) -> None:
    """Assert that a traced program does what the plain one does."""
    rule = Rule.from_source(program.source, "rule")
    for _ in range(2):
        seen, traced = outcome(program, partial(trace, rule))
        assert seen == run_plain(program)
        assert traced.steps


def check_written(program: Program, style: str) -> None:
    """Assert that the text back end writes what the events say, and does what the program does."""
    rule = Rule.from_source(program.source, "rule")
    _, traced = outcome(program, partial(trace, rule))
    _, by_hooks = outcome(program, partial(recorded, rule))
    for write in (Writer(rule, style), Writer(rule, style, quick_calls=0)):
        seen, written = outcome(program, write)
        assert written.response == traced.response(style) == by_hooks.response(style)
        assert written.answer == traced.answer
        assert written.steps == len(traced.steps)
        assert written.iterations == sum(s.outcome is True and s.loop for s in traced.steps)
        assert seen == run_plain(program)


@quick
@given(programs())
def test_instrumented_programs_run_unchanged(program: Program) -> None:
    check_instrumented(program)


@quick
@given(programs())
def test_traced_programs_run_unchanged(program: Program) -> None:
    check_traced(program)


@pytest.mark.parametrize("style", BUILT_IN)
@settings(max_examples=15)
@given(programs())
def test_both_back_ends_write_the_same(style: str, program: Program) -> None:
    check_written(program, style)


@pytest.mark.parametrize("style", BUILT_IN)
@settings(max_examples=15)
@given(programs(plain=True))
def test_both_back_ends_write_the_same_of_plain_programs(style: str, program: Program) -> None:
    check_written(program, style)


@quick
@given(programs())
def test_programs_end_and_do_something(program: Program) -> None:
    seen = observe(plain(program.source, FILE), program.arguments)
    assert "RecursionError" not in seen.exception
    assert "MemoryError" not in seen.exception
    assert len(seen.result) < 20_000


@pytest.mark.slow
@long
@given(programs())
def test_many_instrumented_programs(program: Program) -> None:
    check_instrumented(program)


@pytest.mark.slow
@long
@given(programs())
def test_many_traced_programs(program: Program) -> None:
    check_traced(program)


@pytest.mark.slow
@pytest.mark.parametrize("style", BUILT_IN)
@settings(max_examples=1500, suppress_health_check=list(HealthCheck))
@given(programs() | programs(plain=True))
def test_many_written_programs(style: str, program: Program) -> None:
    check_written(program, style)
