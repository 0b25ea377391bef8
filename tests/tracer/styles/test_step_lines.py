"""Which lines of the text and which call each step of a record belongs to."""

import copy

import pytest

from rfft.tracer import parse, trace

from ...styles import BUILT_IN
from ..examples import CASES, example
from . import golden


def lines_of(record):
    """Return the numbers of each step's lines; check that every line is the lines of some step."""
    lines = [step.get("lines", []) for step in record["steps"]]
    every = range(1, record["response"].count("\n") + 1)
    assert {n for numbers in lines for n in numbers} == set(every)
    return lines


@pytest.mark.parametrize("style", BUILT_IN)
@pytest.mark.parametrize(("name", "args"), CASES)
def test_every_line_belongs_to_a_step(name, args, style):
    traced = trace(example(name), *copy.deepcopy(args))
    record = traced.to_json(style)
    assert record["response"] == traced.response(style)
    lines_of(record)


@pytest.mark.parametrize("style", ["rfft", "rfft-icl"])
@pytest.mark.parametrize(("name", "args"), CASES)
def test_the_lines_are_those_that_a_reader_finds(name, args, style):
    traced = trace(example(name), *copy.deepcopy(args))
    record = traced.to_json(style)
    read = parse(traced.rule, traced.response(style), style)
    for found, numbers in zip(read, lines_of(record), strict=True):
        assert set(found.lines) <= set(numbers)  # titles are read as no step's


@pytest.mark.parametrize("name", golden.NAMES)
def test_every_construct(name):
    record = golden.read(name).traced().to_json()
    text = record["response"].split("\n")
    for step, numbers in zip(record["steps"], lines_of(record), strict=True):
        if step["kind"] in ("assign", "augassign", "expr", "return", "while", "if", "assert"):
            assert step["source"].split("\n")[0] in [text[n - 1] for n in numbers]


def test_steps_that_share_a_recital_share_its_lines():
    record = trace(example("add_digits"), 15).to_json()
    one, other = (lines_of(record)[n] for n in (4, 5))
    assert one == other
    recited = record["response"].split("\n")[one[0] - 1 :]
    assert recited[:2] == ["sum += num % 10", "num //= 10"]


def interleaved(n):
    def count(first):
        for number in range(n):
            yield first + number

    return list(zip(count(0), count(10), strict=True))


def test_frames_tell_calls_apart():
    record = trace(interleaved, 3).to_json()
    frames = [step["frame"] for step in record["steps"]]
    sources = [step["source"] for step in record["steps"]]
    calls = [frame for frame, source in zip(frames, sources, strict=True) if source == "count"]
    assert sorted(set(calls)) == [1, 2]
    loops = [f for f, s in zip(frames, sources, strict=True) if s == "for number in range(n):"]
    assert set(loops) == {1, 2}
    assert loops != sorted(loops)


def test_an_exception_is_told_by_the_last_step():
    def fails(n):
        return 1 // n

    record = trace(fails, 0).to_json()
    assert record["response"].split("\n")[record["steps"][-1]["lines"][-1] - 1] == (
        "The rule raises ZeroDivisionError"
    )
