"""Traces are true, by the word of the observer: the library's, and those of programs drawn."""

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from ..tracer.strategies import Program, programs
from .apart import examine, examine_apart
from .drawn import draw
from .rows import Case, library

# The phases that keep and shrink examples take minutes.
quick = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PART = 8  # in how many parts the cases of a test are judged


def alarms(cases: Iterable[Case]) -> list[str]:
    """Return what is false in the traces of cases, or why one was not followed."""
    found = []
    for case in cases:
        outcome = examine_apart(case)
        found += [f"{case.name}: {f}" for f in outcome.findings]
        if outcome.reason and outcome.reason not in ("too long", "values too large"):
            found.append(f"{case.name}: not followed: {outcome.reason}")
    return found


def drawn(start: int, stop: int) -> list[Case]:
    """Return the cases drawn from some seeds."""
    return [Case(f"seed {seed}", source, "f", told)
            for seed in range(start, stop) for source, told in [draw(seed)]]  # fmt: skip


@pytest.mark.parametrize("part", range(PART))
def test_traces_of_the_library_are_true(part: int) -> None:
    assert alarms(list(library((4,)))[part :: PART * 2]) == []


@pytest.mark.parametrize("part", range(PART))
def test_traces_of_programs_that_hide_state_are_true(part: int) -> None:
    assert alarms(drawn(part * 4, part * 4 + 4)) == []


@quick
@given(programs())
def test_traces_of_drawn_programs_are_true(program: Program) -> None:
    told = ", ".join(map(repr, program.arguments))
    assert [str(f) for f in examine(Case("", program.source, "rule", told)).findings] == []


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PART))
def test_more_traces_are_true(part: int) -> None:
    cases = [*library((1, 5, 15)), *drawn(100, 1000)]
    assert alarms(cases[part::PART]) == []
