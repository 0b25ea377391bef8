"""The scripts written by hand and both back ends write the same bytes."""

import pytest

from rfft.tracer import Rule, trace

from .cases import CASES, Case
from .handwritten import SCRIPTS

LENGTHS = [*range(12), 20, 57, 200]

BRANCHES = {
    "move_zeroes": ["enter if\nzeros += 1", "enter else\nresult.append"],
    "long_addition": [
        "while num1 or num2:\nnum1 = ''\nnum2 = '",
        "num2 = ''\nnow",
        "enter if\nresult =",
        "do not enter if",
    ],
    "navigate": [
        "enter if\ndx, dy",
        "enter elif\ndx, dy",
        "enter elif\ndx = -dx",
        "enter else",
        "+ 0 = 0\nloc[1]",
        "+ 0 = 0\nwhile",
    ],
    "coin_flip": ["True\nenter if", "False\ndo not enter if"],
    "add_digits": ["enter the loop", "2. Outer loop\nwhile num > 9:\nnum = 0\ndo not enter"],
}


def test_every_script_is_measured() -> None:
    assert list(SCRIPTS) == [case.name for case in CASES] == list(BRANCHES)


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_same_bytes(case: Case, length: int) -> None:
    rule = Rule.from_file(case.path)
    expected = SCRIPTS[case.name](*case.arguments(length))
    assert rule.writer("rfft")(*case.arguments(length)).response == expected
    assert trace(rule, *case.arguments(length)).response("rfft") == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_branch_is_compared(case: Case) -> None:
    texts = [SCRIPTS[case.name](*case.arguments(length)) for length in LENGTHS]
    for branch in BRANCHES[case.name]:
        assert any(branch in text for text in texts), branch
