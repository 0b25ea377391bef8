"""Which branches a run takes."""

from typing import Any

import pytest

from rfft.rules.checks.coverage import Covered, TooLong
from rfft.tracer import Rule

EVERY = """
def outer():
    return [n for n in range(3)]


def f(a):
    def g(b):
        return 1 if b else 2

    total = 0
    for n in outer():
        total += n
    else:
        total += 1
    while a:
        a -= 1
        if a == 2:
            continue
        elif a == 1:
            break
    match a:
        case 0:
            total = 5
        case 1 if total:
            total = 6
        case _:
            total = 7
    try:
        total //= a
    except ZeroDivisionError:
        total = 8
    return total + g(a)


class Solution:
    pass
"""


def test_every_kind_of_branch() -> None:
    covered = Covered(Rule.from_source(EVERY, "f"))
    plain: dict[str, Any] = {}
    exec(EVERY, plain)
    taken = []
    for a in range(5):
        assert covered((a,)) == plain["f"](a)
        taken.append({str(covered.branches[n]) for n in covered.taken})
    assert "line 30 (except ZeroDivisionError): is entered" in taken[0]
    assert "line 15 (while a): does not hold" in taken[0]
    assert "line 8 (return 1 if b else 2): b does not hold" in taken[0]
    assert "line 24 (case 1 if total): matches" in taken[4]
    assert "line 19 (elif a == 1): holds" in taken[4]
    assert "line 11 (for n in outer()): has no more items" in taken[4]
    reached = set().union(*taken)
    missed = [str(b) for b in covered.branches if str(b) not in reached]
    assert missed == ["line 26 (case _): matches"]


@pytest.mark.parametrize(
    "source",
    [
        "class Solution:\n    def f(self, a):\n        return 1 if a else 2",
        "def f(self, a):\n    return 1 if a else 2",
        "async def f(a):\n    return 1 if a else 2",
        "if 1:\n    X = 3 if 1 else 4\nfor I in []: pass\ndef f(a):\n    return 1 if a else X - 1",
    ],
)
def test_rules_of_every_kind_are_covered(source: str) -> None:
    covered = Covered(Rule.from_source(source))
    assert [covered((1,)), covered((0,))] == [1, 2]
    assert [b.outcome for b in covered.branches] == ["a holds", "a does not hold"]


def test_a_run_that_is_too_long() -> None:
    covered = Covered(Rule.from_source("def f(a):\n    while True:\n        a += 1\n"))
    with pytest.raises(TooLong):
        covered((1,), 1000)
