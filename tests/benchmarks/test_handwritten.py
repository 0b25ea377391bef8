"""The scripts written by hand and both back ends write the same bytes."""

import pytest

from rfft.tracer import Rule, trace

from .cases import CASES, Case

LENGTHS = [*range(12), 20, 57, 200]


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_same_bytes(case: Case, length: int) -> None:
    rule = Rule.from_file(case.path)
    expected = case.handwritten(*case.arguments(length))
    assert rule.writer("rfft")(*case.arguments(length)).response == expected
    assert trace(rule, *case.arguments(length)).response("rfft") == expected


BRANCHES = {
    "move_zeroes": ["enter if\nzeros += 1", "enter else\nresult.append"],
    "long_addition": [
        "while num1 or num2:\nnum1 = ''\nnum2 = '",
        "enter if\nresult =",
        "not enter if",
    ],
    "navigate": [
        "enter if\ndx, dy",
        "enter elif\ndx, dy",
        "enter elif\ndx = -dx",
        "enter else",
        "no change",
    ],
    "coin_flip": ["True\nenter if", "False\ndo not enter if"],
    "add_digits": [
        "3. Inner loop",
        "1. Initialize\nnum = 0\n2. Outer loop\nwhile num > 9:\nnum = 0\ndo",
    ],
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_branch_is_compared(case: Case) -> None:
    texts = [case.handwritten(*case.arguments(length)) for length in LENGTHS]
    for branch in BRANCHES[case.name]:
        assert any(branch in text for text in texts), branch
