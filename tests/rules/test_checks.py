"""What a check finds: each defect that a task can have, and none where there is none."""

import re
from typing import Any

import pytest

from rfft.rules.checks.examine import examine, lengths_of
from rfft.rules.checks.present import show_reports
from rfft.rules.checks.report import Report
from rfft.rules.same import same

from .defects import DEFECTS
from .files import COUNT, task

SUM = """
def f(nums: list[int]) -> int:
    n = 0
    while nums:
        n += nums.pop(0)
    return n
"""


def test_a_task_without_defects() -> None:
    report = examine(task(COUNT))
    assert report.failures == []
    assert report.inputs == report.compared == 300
    assert report.lengths == list(range(1, 31))
    assert [b.state for b in report.branches] == ["reached"] * 4
    assert report.branches[0].lengths == report.lengths
    sizes = [report.characters[str(n)] for n in (1, 5, 15, 30)]
    assert sizes == sorted(sizes)
    assert report.steps["30"] > report.steps["1"]


def test_a_report_travels() -> None:
    report = examine(task(COUNT))
    assert Report.from_json(report.to_json()) == report


def test_a_bare_function() -> None:
    report = examine(task(SUM))
    assert report.failures == []
    assert report.notes[0] == "no oracle: nothing confirms the answers"


@pytest.mark.parametrize("line", DEFECTS)
def test_defects(line: str) -> None:
    report = examine(task(DEFECTS[line]))
    assert not report.passed
    assert any(re.search(line, failure) for failure in report.failures), report.failures


def test_an_answer_that_the_length_decides_is_no_defect() -> None:
    report = examine(
        task(
            "def f(text: str) -> int:\n    n = 0\n    while text:\n        text = text[1:]\n"
            "        n += 1\n    return n\n"
        )
    )
    assert report.failures == []
    assert any("one answer, and no other found, at length 1, 2," in note for note in report.notes)


def test_branches_that_nothing_reaches_are_told_from_those_that_are_missed() -> None:
    report = examine(
        task(
            """
            def f(nums: list[int]) -> int:
                n = 0
                while True:
                    if not nums:
                        break
                    if len(nums) < 0:
                        n = 0
                    if nums[0] > 50:
                        n += 1
                    if nums.pop(0) == 1234:
                        n = n - 1
                return n
            """
        )
    )
    states = {(b.source, b.outcome): b.state for b in report.branches}
    assert states.pop(("while True", "does not hold")) == "unreachable"
    assert states.pop(("if len(nums) < 0", "holds")) == "unreached"
    assert states.pop(("if nums.pop(0) == 1234", "holds")) == "unsampled"
    assert set(states.values()) == {"reached"}
    assert [f.partition(":")[0] for f in report.failures] == ["branch never reached"]
    assert any("no input found for line 7" in note for note in report.notes)


def test_an_input_that_the_oracle_refuses_reaches_nothing() -> None:
    rule = (
        "def f(nums: list[int]) -> int:\n    n = 0\n    for num in nums:\n        if num == 999:\n"
    )
    rule += "            n = 3\n        else:\n            n += num\n    return n\n"
    assert not examine(task(rule)).passed
    legal = "def oracle(nums):\n    assert max(nums) < 100\n    return sum(nums)\n"
    assert examine(task(rule + legal)).passed


def test_a_rule_that_is_not_compiled_is_noted(capsys: pytest.CaptureFixture[str]) -> None:
    report = examine(task(COUNT))
    assert report.passed
    assert report.notes == ["the rule is not compiled: line 11: the head of if changes nums"]
    show_reports([report], coverage=False)
    assert f"\nrule: note: {report.notes[0]}\n" in capsys.readouterr().out
    assert not any("not compiled" in note for note in examine(task(SUM)).notes)


def test_few_inputs_are_noted() -> None:
    report = examine(task("MAX_LENGTH = 2\n" + SUM.replace("list[int]", "list[Literal[1, 2]]")))
    assert lengths_of(task("MIN_LENGTH = 40\n" + SUM)) == list(range(40, 50))
    assert "different inputs of 150 drawn: 2 at length 1, 4 at length 2" in report.notes


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ([1, (2, "x")], [1, (2, "x")], True),
        ([1], [True], False),
        ([1], (1,), False),
        ([1], [1, 1], False),
        ({1: [2], 3: 4}, {3: 4, 1: [2]}, True),
        ({1: 2}, {1: 2.0}, False),
        (1, 1.0, False),
        ({1}, {1}, True),
    ],
)
def test_same(one: Any, other: Any, equal: bool) -> None:
    assert same(one, other) is equal


ADVISED = {
    "KeyError": (
        (
            "def f(s: str) -> str:\n"
            '    """{s}"""\n'
            '    table = {("a", "0"): "a", ("a", "1"): "a"}\n'
            '    state = "a"\n'
            "    for c in s:\n        state = table[state, c]\n    return state\n"
        ),
        's: Annotated[str, "01a"]',
    ),
    "ZeroDivisionError": (
        'def f(n: int, k: int) -> int:\n    """{n} {k}"""\n    return n // k\n',
        "def inputs(length, rng): return (rng.randrange(1, 10**length), rng.randrange(",
    ),
    "no argument": (
        (
            'def f(nums: list[int]) -> int:\n    """Add {num}."""\n    t = 0\n'
            "    for n in nums:\n        t += n\n    return t\n"
        ),
        "question: {num} in the docstring is no argument; did you mean nums?",
    ),
}


@pytest.mark.parametrize("name", ADVISED)
def test_what_to_add_is_said(name):
    text, line = ADVISED[name]
    report = examine(task(text, "f"))
    (failure,) = report.failures
    assert line in failure


@pytest.mark.parametrize(
    "body",
    [
        "    for n in nums:\n        if n < 50:\n            return n\n    return -1\n",
        "    for n in nums:\n        if n > nums[0]:\n            return n\n    return 0\n",
    ],
)
def test_a_rule_may_end_early(body):
    text = f'def f(nums: list[int]) -> int:\n    """What of {{nums}}?"""\n{body}'
    report = examine(task(text, "f"))
    assert [one for one in report.failures if "steps do not grow" in one] == []


def test_a_default_is_put_into_the_question():
    text = (
        'def f(n: int, base: int = 2) -> int:\n    """Write {n} in base {base}."""\n    return n\n'
    )
    assert task(text, "f").question(11) == "Write 11 in base 2."
