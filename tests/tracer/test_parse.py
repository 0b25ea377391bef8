"""A text reads back into the steps of its trace."""

import copy

import pytest

from rfft.tracer import Step, Trace, parse, trace
from rfft.tracer.checking.steps import ReadStep

from . import golden
from .examples import CASES, example

CALLING = ("fibonacci", "roman")  # without recitals, which call returns is not always plain
# Control goes to and fro between functions, or a `finally` returns something else: the text does
# not say all of it.
UNCLEAR = ("asynchronous", "finally_returns", "generator")


def of_functions(traced: Trace) -> list[Step]:
    """Return the steps that a text can tell of."""
    return [s for s in traced.steps if s.frame.scope.kind == "function"]


def place(step: Step | ReadStep) -> tuple[object, ...]:
    return step.kind, step.line, step.source, step.depth


def assert_stated(read: ReadStep, step: Step) -> None:
    """See that all that was read is so."""
    assert read.before.items() <= step.before.items()
    assert read.after.items() <= (step.after or {}).items()
    assert set(read.evaluated) <= set(step.evaluated)
    assert read.outcome in (None, step.outcome)


@pytest.mark.parametrize("style", ["rfft", "rfft-icl"])
@pytest.mark.parametrize(("name", "args"), CASES)
def test_examples(name, args, style):
    traced = trace(example(name), *copy.deepcopy(args))
    read, steps = parse(traced.rule, traced.response(style), style), of_functions(traced)
    assert [place(r) for r in read] == [place(s) for s in steps]
    for one, step in zip(read, steps, strict=True):
        assert_stated(one, step)
        assert one.outcome == step.outcome
    if style == "rfft":  # states what it worked out, except for a literal
        for one, step in zip(read, steps, strict=True):
            assert one.evaluated == list(dict.fromkeys(step.evaluated))
            if step.statement is None or not step.statement.constant:
                assert one.after == (step.after or {})


@pytest.mark.parametrize("style", ["rfft", "rfft-icl"])
@pytest.mark.parametrize("name", [n for n in golden.NAMES if n not in UNCLEAR])
def test_every_construct(name, style):
    traced = golden.read(name).traced()
    read, steps = parse(traced.rule, traced.response(style), style), of_functions(traced)
    assert [place(r) for r in read] == [place(s) for s in steps]
    for one, step in zip(read, steps, strict=True):
        assert_stated(one, step)


@pytest.mark.parametrize(("name", "args"), [c for c in CASES if c[0] not in CALLING])
def test_states_alone(name, args):
    """Style `scratchpad` leaves out which statement it is, but not what it gives, nor the order."""
    traced = trace(example(name), *copy.deepcopy(args))
    steps = iter(of_functions(traced))
    for one in parse(traced.rule, traced.response("scratchpad"), "scratchpad"):
        assert any(
            (one.kind, one.depth) == (step.kind, step.depth)
            and one.outcome in (None, step.outcome)
            and one.after.items() <= (step.after or {}).items()
            for step in steps
        )


def test_lines_that_no_trace_has_are_left_out():
    rule = example("add_digits")
    text = trace(rule, 15).response()
    assert parse(rule, text.replace("\n", "\nWell,\n"))[3].source == "while num:"
    assert parse(rule, "") == []
