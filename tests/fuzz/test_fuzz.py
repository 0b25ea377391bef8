"""Whatever strangers write is taken or refused, and nothing else happens.

``python -m pytest -m slow tests/fuzz`` takes ten minutes; RFFT_FUZZ_SECONDS is another time. The
ordinary suite has a sample that is always the same.
"""

import os
import resource
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings

from .targets import TARGETS, Target

SECONDS = float(os.environ.get("RFFT_FUZZ_SECONDS", "600"))
MEMORY = 512 << 20  # bytes that a target may add to the largest size of this process

every = pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)


def rounds(target: Target, number: int, *, fixed: bool) -> None:
    """Try a number of examples."""
    chosen = settings(
        max_examples=number, derandomize=fixed, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    chosen(given(target.drawn)(target.look))()


def largest() -> int:
    """Return the largest size of this process so far, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024)


@every
def test_a_sample(target: Target) -> None:
    rounds(target, target.sample, fixed=True)


@pytest.mark.slow
@every
def test_for_long(target: Target) -> None:
    end = time.monotonic() + SECONDS / len(TARGETS)
    rounds(target, 5, fixed=False)
    before = largest()
    while time.monotonic() < end:
        rounds(target, 3 * target.sample, fixed=False)
    assert largest() - before < MEMORY
