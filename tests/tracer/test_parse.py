"""A text reads back into the steps of its trace."""

import copy

import pytest

from rfft.rules import catalog
from rfft.tracer import InputRejected, Rule, Step, Trace, parse, trace
from rfft.tracer.checking.steps import ReadStep
from rfft.tracer.render import render_placed
from rfft.tracer.styles import load

from . import golden
from .examples import CASES, example

RECITING = ["rfft", "rfft-icl", "natural"]
CALLING = ("fibonacci", "roman")  # without recitals, which call returns is not always plain
LIBRARY = sorted(catalog())


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


@pytest.mark.parametrize("style", RECITING)
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


def assert_same_steps(traced: Trace, style: str) -> None:
    """See that the text of a trace reads back into its steps."""
    read, steps = parse(traced.rule, traced.response(style), style), of_functions(traced)
    assert [place(r) for r in read] == [place(s) for s in steps]
    for one, step in zip(read, steps, strict=True):
        assert_stated(one, step)


@pytest.mark.parametrize("style", RECITING)
@pytest.mark.parametrize("name", golden.NAMES)
def test_every_construct(name, style):
    assert_same_steps(golden.read(name).traced(), style)


@pytest.mark.parametrize("name", LIBRARY)
def test_the_library(name):
    task = catalog()[name]
    traced = trace(task.rule, *task.arguments(6, 0, 0))
    for style in RECITING:
        assert_same_steps(traced, style)


@pytest.mark.parametrize("name", LIBRARY)
def test_the_library_without_recitals(name):
    """Given the arguments, states alone read back into the very steps that wrote them."""
    task = catalog()[name]
    args = task.arguments(6, 0, 0)
    traced = trace(task.rule, *copy.deepcopy(args))
    # A loop's lines there are those of its iterations, which are no steps.
    text, lines = render_placed(traced.steps, load("scratchpad"))
    steps = [s for s, numbers in zip(traced.steps, lines, strict=True) if numbers]
    steps = [s for s in steps if s.frame.scope.kind == "function" and not s.loop]
    read = parse(task.rule, text, "scratchpad", args)
    assert [place(r) for r in read] == [place(s) for s in steps]
    for one, step in zip(read, steps, strict=True):
        assert one.after.items() <= (step.after or {}).items()
        assert one.outcome in (None, step.outcome)


def test_arguments_as_a_text():
    rule = Rule.from_source(
        "def f(n):\n    while True:\n        n -= 1\n        if n < 3:\n            break\n"
        "    return n\n"
    )
    text = trace(rule, 4).response("scratchpad")
    assert [s.kind for s in parse(rule, text, "scratchpad", "n=4")] == ["call", "break", "return"]
    with pytest.raises(InputRejected):
        parse(rule, text, "scratchpad", "n=")


@pytest.mark.parametrize("style", RECITING)
def test_functions_that_wait(style):
    """Two generators of one function, each resumed where it waits, one never to its end."""
    rule = Rule.from_source(TWO_GENERATORS)
    assert_same_steps(trace(rule, 3), style)


TWO_GENERATORS = """
def count(start):
    while True:
        yield start
        start += 1


def pairs(n):
    one = count(0)
    other = count(10)
    found = []
    while len(found) < n:
        found.append((next(one), next(other)))
    return found
"""


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
