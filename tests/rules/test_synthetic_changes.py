"""Rules that change long values a few times: what they teach, and that they are no target."""

import re
import statistics

import pytest

from rfft.rules import catalog
from rfft.rules.fingerprints import fingerprint
from rfft.rules.synthetic import draw

RULES = [draw(0, index, "changes") for index in range(200)]


def given(rule, length):
    return rule.rule.writer("rfft")(*rule.arguments(length))


def test_programs_differ() -> None:
    assert len({rule.fingerprint for rule in RULES}) > 0.95 * len(RULES)


def test_none_is_a_task_of_the_library() -> None:
    tasks = {fingerprint(task.rule) for task in catalog().values()}
    assert tasks.isdisjoint(rule.fingerprint for rule in RULES)


def test_no_rule_takes_a_character_out_by_its_place_or_counts_a_text() -> None:
    counts = re.compile(r"while (\w+):\n +\1 = \1\[.*\]\n +\w+ [+-]= 1\n +return")
    assert not [
        r.text for r in RULES if re.search(r"return \w+\[", r.text) or counts.search(r.text)
    ]


@pytest.mark.parametrize(
    "step",
    [r"while (\w+) .*(?s:.*) \1 \+= \d", r"while (\w+) .*(?s:.*) \1 -= \d", r"(\w+) = \1\[1:\]",
     r"(\w+) = \1\[:-1\]", r"(\w+) //= 10", r"if \w+ else '"],
)  # fmt: skip
def test_loops_count_up_and_down_cut_and_divide(step: str) -> None:
    assert sum(bool(re.search(step, rule.text)) for rule in RULES) > 0.05 * len(RULES)


def test_each_runs_to_its_end() -> None:
    for rule in RULES:
        for length in (1, 4, 15):
            assert given(rule, length).response.endswith("\n"), rule.text


def test_texts_that_are_only_changed_are_long_and_the_shorter_the_more_often() -> None:
    rules = [r for r in RULES if not re.search(r"while \w+( or \w+)?:", r.text)]

    def sizes(length):
        return [len(a) for r in rules for a in r.arguments(length) if isinstance(a, str)]

    assert max(sizes(1)) > 25
    assert statistics.mean(sizes(1)) > 1.5 * statistics.mean(sizes(8))


def test_half_of_the_questions_give_values_without_names() -> None:
    named = [f"{r.parameters[0]} = " in r.question(*r.arguments(3)) for r in RULES]
    assert 0.4 < statistics.mean(named) < 0.6
    unnamed = next(r for r, has in zip(RULES, named, strict=True) if not has)
    asked = unnamed.question(*unnamed.arguments(3))
    assert all(repr(value) in asked for value in unnamed.arguments(3))
