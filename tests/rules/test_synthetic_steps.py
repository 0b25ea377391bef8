"""Rules of a few small values: that they differ, are short, and are no task of the library."""

import re
import statistics

from rfft.rules import catalog
from rfft.rules.fingerprints import fingerprint
from rfft.rules.synthetic import draw, names

RULES = [draw(0, index, "steps") for index in range(200)]


def test_programs_differ() -> None:
    assert len({rule.fingerprint for rule in RULES}) > 0.95 * len(RULES)


def test_loops_count_cut_and_divide() -> None:
    for step in (r"\1 -= \d", r"\1 = \1\[", r"\1 //= 10"):
        found = re.compile(rf"while (\w+)\b(?s:.*) {step}")
        assert sum(bool(found.search(rule.text)) for rule in RULES) > 0.1 * len(RULES), step


def test_the_loop_runs_as_often_as_the_length_says() -> None:
    for rule in RULES:
        for length in (1, 4, 9):
            response = rule.rule.writer("rfft")(*rule.arguments(length)).response
            assert response.count("One iteration") == length, rule.text


def test_answers_vary_with_the_length() -> None:
    varied = 0
    for rule in RULES:
        write = rule.rule.writer("direct")
        varied += len({write(*rule.arguments(length)).answer for length in range(1, 16)}) > 4
    assert varied > 0.8 * len(RULES)


def test_an_iteration_is_short() -> None:
    lines = [r.rule.writer("rfft")(*r.arguments(8)).response.count("\n") / 8 for r in RULES]
    assert statistics.median(lines) < 20


def test_names_are_mostly_common_ones() -> None:
    common = [rule for rule in RULES if set(rule.parameters) <= set(names._COMMON)]
    assert len(common) > 0.8 * len(RULES)


def test_none_is_a_task_of_the_library() -> None:
    tasks = {fingerprint(task.rule) for task in catalog().values()}
    assert tasks.isdisjoint(rule.fingerprint for rule in RULES)


def test_no_text_is_counted_by_ones_alone() -> None:
    counting = re.compile(r"while (\w+):\n +\1 = \1\[.*\]\n +\w+ [+-]= 1\n +return")
    assert not [rule.text for rule in RULES if counting.search(rule.text)]
