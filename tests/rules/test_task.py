"""A task: what its file says, what it makes and asks."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from rfft.rules import Task, TaskRejected, load

from .files import COUNT, task, write

BARE = "def double_it(n: int, *, k=1):\n    return n * 2\n"


def test_what_a_file_says() -> None:
    said = task(
        "TITLE = 'count'\nSOURCE: str = 'S'\nSPLIT = 'downstream'\nLENGTH = 'items'\n"
        "MIN_LENGTH = 2\nMAX_LENGTH = 4\n" + BARE
    )
    assert (said.title, said.source, said.split, said.length) == (
        "count",
        "S",
        "downstream",
        "items",
    )
    assert (said.min_length, said.max_length, said.has_oracle) == (2, 4, False)


def test_what_a_file_need_not_say() -> None:
    said = task(BARE, "double_it")
    assert (said.title, said.source, said.split) == ("double it", "own", "pretrain")
    assert (said.min_length, said.max_length, said.path) == (1, None, None)
    assert repr(said) == "<task double_it>"


@pytest.mark.parametrize(
    ("source", "length"),
    [
        (BARE, "digits of n"),
        (
            "def f(a: str, b: 'float', c: list[str]): pass",
            "characters of a, digits of b, items of c",
        ),
        (
            "def f(a: Annotated[int, 1], b: t.List[int], c): pass",
            "digits of a, items of b, items of c",
        ),
        ("def f(): pass", "nothing"),
        ("def f(a: int): pass\ndef inputs(length, rng): pass", "size of the input"),
        ("def f(): pass\ndef g(): pass", "size of the input"),
    ],
)
def test_what_the_length_counts(source: str, length: str) -> None:
    assert task(source).length == length


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("def f(:\n  pass", "rule: syntax error in line 1"),
        ("def f(): pass\n\0", "rule: (syntax error|cannot be parsed).* null bytes"),
        ("x = " + "(" * 100 + "-" * 90_000 + "1" + ")" * 100, "rule: (syntax|cannot be parsed)"),
        ("TITLE = 1\n" + BARE, "TITLE must be a text on one line"),
        ("TITLE = ''\n" + BARE, "TITLE must be a text on one line"),
        ("LENGTH = 'a\\nb'\n" + BARE, "LENGTH must be a text on one line"),
        ("SPLIT = 'a'.upper()\n" + BARE, "SPLIT must be a text on one line"),
        ("SOURCE: str\n" + BARE, "SOURCE must be a text on one line"),
        ("MAX_LENGTH = '5'\n" + BARE, "MAX_LENGTH must be a whole number"),
        ("MIN_LENGTH = True\n" + BARE, "MIN_LENGTH must be a whole number"),
        ("MIN_LENGTH = 5\nMAX_LENGTH = 4\n" + BARE, "MAX_LENGTH 4 is less than MIN_LENGTH 5"),
    ],
)
def test_a_file_that_is_no_task(source: str, line: str) -> None:
    with pytest.raises(TaskRejected, match=line):
        task(source)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\xff\xfe")
    with pytest.raises(TaskRejected, match=r"a\.py: is no Python text"):
        Task.from_file(tmp_path / "a.py")
    with pytest.raises(TaskRejected, match=r"b\.py: No such file"):
        Task.from_file(tmp_path / "b.py")


def test_reading_a_file_runs_nothing(tmp_path: Path) -> None:
    read = load(write(tmp_path / "a.py", "print(1 / 0)\n" + COUNT))
    assert read.length == "length of the list"
    assert read.rule.function == "count_even"
    with pytest.raises(TaskRejected, match=r"the file raised ZeroDivisionError: .* in line 1"):
        read.arguments(3)


def test_the_rule_is_the_part_of_the_file_that_it_needs() -> None:
    rule = task(COUNT).rule
    assert rule.docstring == "How many of {nums} are even?"
    assert "inputs" not in rule.source
    assert rule.source.split("\n")[6] == "def count_even(nums: list[int]) -> int:"
    assert rule.has_plain_module


def test_a_file_without_a_rule() -> None:
    with pytest.raises(TaskRejected, match="rule: the source has no function to follow"):
        _ = task("X = 1").rule
    with pytest.raises(TaskRejected, match="several functions; name one of them: f, g"):
        _ = task("def f(): pass\ndef g(): pass").rule


# Inputs


def test_instances_come_again_and_differ() -> None:
    made = task(COUNT)
    assert made.arguments(5, 1, 2) == made.arguments(5, 1, 2)
    different = [made.arguments(5, seed, index) for seed in range(9) for index in range(9)]
    assert len({repr(arguments) for arguments in different}) == 81
    assert all(len(nums) == 5 for (nums,) in different)


WRONG: dict[str, tuple[str, str]] = {
    "too many": ("return 1, 2, 3", "inputs returned 3 arguments: f takes a, b: too many"),
    "too few": ("return (1,)", "inputs returned 1 arguments: f takes a, b: missing"),
    "no tuple": ("return [1, 2]", r"inputs returned a list; return a tuple of .* \(a, b\)"),
    "raises": ("return rng.choice([])", r"inputs\(3, rng\) raised IndexError: .* in line 4"),
    "quietly": ("raise ValueError", r"inputs\(3, rng\) raised ValueError in line 4"),
}


@pytest.mark.parametrize("case", WRONG)
def test_inputs_that_do_not_fit(case: str) -> None:
    body, line = WRONG[case]
    wrong = task(f"def f(a, b):\n    return a\ndef inputs(length, rng):\n    {body}\n")
    with pytest.raises(TaskRejected, match=line):
        wrong.arguments(3)


@pytest.mark.parametrize(
    ("made", "arguments"), [("[1, 2]", ([1, 2],)), ("([1], )", ([1],)), ("((1, 2), )", ((1, 2),))]
)
def test_the_one_argument_needs_no_tuple(made: str, arguments: tuple[Any, ...]) -> None:
    one = task(f"def f(a):\n    return a\ndef inputs(length, rng):\n    return {made}\n")
    assert one.inputs(1, Random(0)) == arguments


def test_lengths_that_there_are_not() -> None:
    short = task("MIN_LENGTH = 2\nMAX_LENGTH = 4\ndef f(a: int): return a")
    with pytest.raises(TaskRejected, match="rule: lengths are 2 to 4, not 5"):
        short.arguments(5)
    with pytest.raises(TaskRejected, match="rule: lengths are 1 and more, not 0"):
        task("def f(a: int): return a").arguments(0)


def test_a_method_as_pasted_from_leetcode() -> None:
    pasted = task(
        "class Solution:\n    def a(self, nums: List[int]) -> int:\n        return len(nums)"
    )
    (nums,) = pasted.arguments(4)
    assert len(nums) == 4
    assert pasted.rule.writer()(nums).answer == "4"


def test_an_unused_self_is_no_argument() -> None:
    assert len(task("def f(self, n: int): return n").arguments(3)) == 1


# Questions and answers


def test_questions() -> None:
    assert task(COUNT).question([1, 2]) == "How many of [1, 2] are even?"
    assert task("def f(a, b): return a").question("x", 2) == (
        "Given a = 'x' and b = 2, what does f return?"
    )


def test_a_question_of_its_own() -> None:
    own = task("def f(a):\n    return a\ndef question(a):\n    return f'{a:03d}?'\n")
    assert own.question(7) == "007?"
    with pytest.raises(TaskRejected, match=r"question raised ValueError: .* in line 4"):
        own.question("x")


@pytest.mark.parametrize("text", ["''", "None", "'  '"])
def test_a_question_that_is_none(text: str) -> None:
    with pytest.raises(TaskRejected, match=r"question returned .*, which is no question"):
        task(f"def f(a):\n    return a\ndef question(a):\n    return {text}\n").question(1)


def test_the_oracle() -> None:
    assert task(COUNT).oracle([1, 2, 4]) == 2
    with pytest.raises(TaskRejected, match="oracle raised TypeError"):
        task(COUNT).oracle(1)
    with pytest.raises(TaskRejected, match="rule: has no oracle"):
        task(BARE).oracle(1)


def test_prompts() -> None:
    one = task(COUNT)
    asked = "\n\nQ: How many of [1] are even?\n"
    assert one.prompt(([1],)).endswith(f"    return count{asked}")
    assert "docstring" not in one.prompt(([1],))
    shot = (one.rule.text, "Q1", "So the answer is 3")
    assert one.prompt(([1],), "rfft", shot).index("Q1") < one.prompt(([1],), "rfft", shot).index(
        asked
    )
