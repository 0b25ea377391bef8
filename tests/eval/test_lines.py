"""What lines ask for: told of true traces, of first wrong lines, and of the tokens of a model."""

import pytest

from rfft.eval.lines import Asked, asked_at, lines
from rfft.tracer import Rule

RULE = """def walk(text, left):
    seen = 0
    while left > 0:
        first = text[0]
        text = text[1:]
        seen += left % 3
        left -= 2
    return seen
"""
ASKED = """
1. Initialize
text = 'abcd'   question
left = 3        question
seen = 0
2. Main loop
while left > 0:
left = 3        copied
enter the loop  test
2.1 One iteration
first = text[0]
text = 'abcd'   copied
first = 'a'     cut
text = 'bcd'    cut
left % 3 = 0    sum
seen = 0 + 0 = 0 sum
left = 3 - 2 = 1 counter
do not enter    test
So the answer is 1 copied
"""


@pytest.fixture(scope="module")
def trace():
    return Rule.from_source(RULE, "walk").writer("rfft")("abcd", 3).response


def test_lines_ask_for_what_they_state(trace):
    found = {(line.text, line.asked.name) for line in lines(RULE, trace)}
    for row in ASKED.strip().splitlines():
        text, _, asked = row.rpartition(" ")
        known = asked in Asked.__members__
        wanted = (text.strip(), asked) if known else (row, "control")
        assert wanted in found


def test_iterations_are_counted(trace):
    counts = [line.iteration for line in lines(RULE, trace)]
    assert counts == sorted(counts)
    assert counts[-1] == 2


def test_behind_the_end_nothing_is_asked_for(trace):
    assert asked_at(RULE, trace, 10_000).asked is Asked.control
    assert asked_at(RULE, trace, 1).text == "text = 'abcd'"


def test_a_rule_in_no_python_has_no_counters():
    (line,) = lines("1. Add one to x.", "x = 1 + 1 = 2")
    assert line.asked is Asked.sum
