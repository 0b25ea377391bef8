"""Texts of many rules with one line changed: wrong, at that line, and no further than that."""

import copy
import re
from collections.abc import Iterator
from itertools import zip_longest
from random import Random

import hypothesis
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from rfft.rules import catalog
from rfft.tracer import Rule, Trace, reward
from rfft.tracer.checking import check_trace
from rfft.tracer.checking.text import tidy

from ...styles import TERSE, TRACING
from ..strategies import Program, programs

STYLES = (*TRACING, TERSE)
LIBRARY = sorted(catalog())
TURNED = [
    ("do not enter", "enter"), ("enter", "do not enter"), ("holds", "does not hold"),
    ("does not hold", "holds"), (" yes", " no"), (" no", " yes"), ("True", "False"),
    ("False", "True"), (" == ", " != "), (" < ", " >= "),
]  # fmt: skip

long = settings(max_examples=1000, suppress_health_check=list(HealthCheck))


def mutations(lines: list[str], i: int, rng: Random) -> Iterator[tuple[str, list[str]]]:
    """Yield changes at one line of a text: what was done, and the lines then."""
    line, before, after = lines[i], lines[:i], lines[i + 1 :]
    yield "dropped", [*before, *after]
    yield "doubled", [*before, line, line, *after]
    yield "order", [*before, *after[:1], line, *after[1:]]
    yield "extra", [*before, rng.choice(lines), line, *after]
    yield "other", [*before, rng.choice(lines), *after]
    yield "foreign", [*before, "Let me think about it.", *after]
    yield "cut", [*before, line[: rng.randrange(len(line))], *after]
    for digit in at_random(r"\d", line, rng):
        new = str((int(digit[0]) + rng.randint(1, 9)) % 10)
        yield "digit", [*before, line[: digit.start()] + new + line[digit.end() :], *after]
    for word in at_random(r"[^\W\d]\w*", line, rng):
        new = rng.choice(["h", "n", "xs", f"{word[0]}s", ""])
        yield "name", [*before, line[: word.start()] + new + line[word.end() :], *after]
    for old, new in TURNED:
        if old in line:
            yield "turned", [*before, line.replace(old, new, 1), *after]
            break


def at_random(pattern: str, line: str, rng: Random) -> list[re.Match[str]]:
    """Return one of the places in a line that fit a pattern, if there is one."""
    found = [*re.finditer(pattern, line)]
    return rng.sample(found, k=min(1, len(found)))


def assert_found(traced: Trace, style: str, rng: Random, count: int) -> None:
    """See that no change at any of some lines passes, and that each is one slip."""
    text = traced.response(style)
    assert check_trace(traced, text, style).right
    lines = [line for line in text.split("\n") if line.strip()]
    true = [tidy(line) for line in lines]
    for i in rng.sample(range(len(lines)), k=min(count, len(lines))):
        for what, changed in mutations(lines, i, rng):
            given = [tidy(line) for line in changed if tidy(line)]
            if given == true:
                continue
            wrong = next(n for n, (a, b) in enumerate(zip_longest(given, true)) if a != b)
            verdict = check_trace(traced, "\n".join([*changed, ""]), style)
            told = (style, what, i, lines[i], verdict)
            assert not verdict.right, told
            assert (verdict.right_lines, verdict.kind is None) == (wrong, False), told
            slips = verdict.steps - verdict.right_steps
            if wrong < len(given):
                assert 1 <= slips <= (2 if what == "order" else 1), told
            else:
                assert slips == 0, told


def check_program(program: Program, rng: Random, count: int) -> None:
    rule = Rule.from_source(program.source, function="rule")
    traced = Trace(rule, copy.deepcopy(program.arguments), {}).run()
    assert_found(traced, rng.choice(STYLES), rng, count)


def check_task(name: str, count: int) -> None:
    task = catalog()[name]
    traced = Trace(task.rule, task.arguments(4, 0, 0), {}).run()
    for style in STYLES:
        assert_found(traced, style, Random(name), count)


@pytest.mark.parametrize("name", LIBRARY[::8])
def test_tasks(name):
    check_task(name, 3)


@hypothesis.given(programs(), st.randoms(use_true_random=False))
def test_programs(program, rng):
    check_program(program, rng, 2)


@pytest.mark.slow
@pytest.mark.parametrize("name", LIBRARY)
def test_all_tasks(name):
    check_task(name, 20)


@pytest.mark.slow
@long
@hypothesis.given(programs(), st.randoms(use_true_random=False))
def test_a_thousand_programs(program, rng):
    check_program(program, rng, 5)


@pytest.mark.parametrize("name", LIBRARY)
def test_the_reward_of_the_true_text_is_the_highest(name):
    task = catalog()[name]
    arguments = task.arguments(5, 1, 0)
    for style in [*STYLES, "direct"]:
        text = Trace(task.rule, copy.deepcopy(arguments), {}).run().response(style)
        assert reward(task.rule, arguments, text, style) == 1
