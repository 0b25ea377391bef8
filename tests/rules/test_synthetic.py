"""Synthetic rules: what is drawn, that it comes again, ends and is asked for."""

import builtins
import keyword
import os
import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfft.rules import TaskRejected
from rfft.rules.synthetic import KINDS, SyntheticRule, draw, names
from rfft.tracer import Rule

kinds = pytest.mark.parametrize("kind", KINDS)
over_containers = pytest.mark.parametrize("kind", ["snippets", "grammar"])
numbers = st.integers(0, 10**6)

# Of the texts of the first 50 rules of seed 0, with the questions for length 6.
GOLDEN = {
    "snippets": "7b85e993a1bc07a00015804243ce08e0",
    "grammar": "438f959cc43b2531e215b32296b479ff",
    "steps": "a350e8bce933572044bd7cbe3d609f23",
    "changes": "cdfddf9350131aabb85748c62c49c744",
}
_HASHED = """
import hashlib, sys
from rfft.rules.synthetic import draw
rules = [draw(0, index, sys.argv[1]) for index in range(50)]
texts = [rule.text + rule.question(*rule.arguments(6)) for rule in rules]
print(hashlib.sha256("".join(texts).encode()).hexdigest()[:32])
"""


@kinds
def test_the_same_rules_come_everywhere(kind: str) -> None:
    for seed in ("1", "77"):
        done = subprocess.run(
            [sys.executable, "-c", _HASHED, kind],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == GOLDEN[kind]


@kinds
def test_a_rule_does_not_depend_on_others(kind: str) -> None:
    random.seed(5)
    backwards = {index: draw(3, index, kind).text for index in (2, 1, 0)}
    assert [draw(3, index, kind).text for index in range(3)] == [backwards[i] for i in range(3)]


@kinds
def test_neighbouring_seeds_share_no_rules(kind: str) -> None:
    texts = [draw(seed, index, kind).text for seed in range(3) for index in range(20)]
    assert len(set(texts)) == len(texts)


@over_containers
def test_names_are_random(kind: str) -> None:
    rules = [draw(0, index, kind) for index in range(50)]
    named = [name for rule in rules for name in rule.parameters]
    assert all(4 <= len(name) <= 5 for name in named)
    assert len(set(named)) == len(named)


def test_names_are_no_words_of_python() -> None:
    words = {*dir(builtins), *keyword.kwlist, *keyword.softkwlist}
    assert {w for w in words if len(w) in (4, 5) and w.isalpha() and w.islower()} <= names._TAKEN
    assert not words.intersection(names._COMMON)


def plain(rule: SyntheticRule, arguments: tuple[object, ...]) -> object:
    """Run a rule without a tracer; fail if it does not end."""
    space: dict[str, object] = {}
    exec(rule.text, space)
    left = 200_000

    def count(*_: object) -> object:
        nonlocal left
        left -= 1
        assert left, f"{rule.text} does not end on {arguments}"
        return count

    sys.settrace(count)
    try:
        return space[rule.function](*arguments)  # type: ignore[operator]
    finally:
        sys.settrace(None)


@kinds
@settings(max_examples=60, deadline=None)
@given(seed=numbers, index=numbers, length=st.integers(1, 30))
def test_traced_is_plain(kind: str, seed: int, index: int, length: int) -> None:
    rule = draw(seed, index, kind)
    result = plain(rule, rule.arguments(length))
    written = rule.rule.writer("rfft")(*rule.arguments(length))
    assert written.exception is None
    assert written.result == result


@over_containers
@given(index=st.integers(0, 40), length=st.integers(1, 40), seed=numbers)
@settings(deadline=None)
def test_the_longest_argument_has_the_length(kind: str, index: int, length: int, seed: int) -> None:
    rule = draw(0, index, kind)
    arguments = rule.arguments(length, seed)
    sizes = [len(str(a) if rule.function == "process_number" else a) for a in arguments[:1]]
    sizes += [len(a) for a in arguments[1:] if not isinstance(a, int)]
    assert max(sizes) == length
    assert min(sizes) >= 1
    assert rule.arguments(length, seed) == arguments


def test_other_numbers_give_other_inputs() -> None:
    rule = draw(0, 0)
    inputs = {repr(rule.arguments(8, seed, index)) for seed in range(5) for index in range(5)}
    assert len(inputs) == 25


@kinds
def test_no_length_below_one(kind: str) -> None:
    with pytest.raises(TaskRejected, match="lengths are 1 and more, not 0"):
        draw(0, 0, kind).arguments(0)


def test_no_other_kinds() -> None:
    with pytest.raises(ValueError, match="no synthetic rules of kind 'x'; there are snippets, gr"):
        draw(0, 0, "x")


@kinds
def test_the_prompt_holds_a_rule_that_runs(kind: str) -> None:
    for index in range(10):
        rule = draw(1, index, kind)
        prompt = rule.prompt(rule.arguments(5), "rfft-icl")
        text = prompt.split("rule:\n")[1].split("\n\nQ: ")[0]
        assert text == rule.rule.text
        arguments = rule.arguments(5)
        assert plain(rule, rule.arguments(5)) == Rule.from_source(text).load()(*arguments)


def test_what_a_rule_says() -> None:
    rule = draw(4, 7, "grammar")
    assert (rule.id, rule.kind, rule.source) == ("grammar_4_7", "grammar", "grammar")
    assert (rule.title, rule.split, rule.min_length) == ("grammar 4 7", "pretrain", 1)
    assert repr(rule) == "<synthetic rule grammar_4_7>"
    assert draw(4, 7).source == "paper D.2"
    assert draw(4, 7).length == "length of the longer argument"
    lengths = {draw(0, index, "grammar").length for index in range(60)}
    assert lengths == {
        "length of the list",
        "length of the string",
        "digits of the number",
        "length of the longer argument",
    }
    assert {draw(0, index, "steps").length for index in range(60)} == {
        "times that the loop runs",
        "digits of the number",
    }
