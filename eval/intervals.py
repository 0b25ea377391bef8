"""Intervals and comparisons. All intervals are of 95 %."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

import numpy as np

CONFIDENCE = 0.95
Numbers: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"
_DRAWS = 10_000
_SEED = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with the interval that it is in, if one can be told."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of the interval; the number itself where there is none."""
        if self.low is None or self.high is None:
            return self.value, self.value
        return self.low, self.high

    def to_json(self) -> dict[str, float | None]:
        """Return it as plain JSON data."""
        return {"value": self.value, "low": self.low, "high": self.high}


def wilson(right: int, total: int) -> Estimate:
    """Return a share with its Wilson interval."""
    from scipy.stats import binomtest

    interval = binomtest(right, total).proportion_ci(CONFIDENCE, method="wilson")
    return Estimate(right / total, float(interval.low), float(interval.high))


Task = Sequence[tuple[int, int, int]]
"""The cells of a task: (length, right, total)."""


def mean_of_means(tasks: Sequence[Task]) -> Estimate:
    """Return the mean over tasks of the mean accuracy over lengths."""
    rng = np.random.default_rng(_SEED)
    values, drawn = zip(*(_task(cells, rng) for cells in tasks), strict=True)
    means = [float(shares.mean()) for shares in values]
    return _between(float(np.mean(means)), np.mean([d.mean(axis=1) for d in drawn], axis=0))


def _task(cells: Task, rng: np.random.Generator) -> tuple[Numbers, Numbers]:
    """Return the accuracies of a task's cells, and draws of them.

    The bootstrap is over the answers within each cell: how many of n answers are right when they
    are drawn again is binomial, so that is what is drawn.
    """
    _, right, total = np.array(cells).T
    shares = right / total
    return shares, rng.binomial(total, shares, (_DRAWS, len(cells))) / total


def mean(values: Sequence[float]) -> Estimate:
    """Return the mean of some values with a bootstrap interval, if they are more than one."""
    if len(values) == 1:
        return Estimate(float(values[0]))
    known = np.array(values, dtype=float)
    rng = np.random.default_rng(_SEED)
    # In parts, so that the draws of many values take little memory.
    drawn = [rng.choice(known, len(known)).mean() for _ in range(_DRAWS // 10)]
    return _between(float(known.mean()), np.array(drawn))


@dataclass(frozen=True, slots=True)
class Paired:
    """Two runs on the same rows: how many rows only the one, only the other has right.

    `difference` is the accuracy of the second less that of the first; `p` is that of the exact
    McNemar test: how likely it is that runs that are equally good differ so much.
    """

    rows: int
    first: int
    second: int
    difference: Estimate
    p: float

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON data."""
        return asdict(self)


def paired(first: Sequence[bool], second: Sequence[bool]) -> Paired:
    """Compare two runs by what they have right, row by row."""
    from scipy.stats import binomtest

    a, b = np.array(first, dtype=bool), np.array(second, dtype=bool)
    only_a, only_b = int((a & ~b).sum()), int((b & ~a).sum())
    rows = len(a)
    shares = [only_b / rows, only_a / rows, 1 - (only_a + only_b) / rows]
    drawn = np.random.default_rng(_SEED).multinomial(rows, shares, _DRAWS) / rows
    differs = only_a + only_b
    p = float(binomtest(only_b, differs).pvalue) if differs else 1.0
    value = (only_b - only_a) / rows
    return Paired(rows, only_a, only_b, _between(value, drawn[:, 0] - drawn[:, 1]), p)


def _between(value: float, drawn: Numbers) -> Estimate:
    tail = 50 * (1 - CONFIDENCE)
    low, high = np.percentile(drawn, [tail, 100 - tail])
    return Estimate(value, float(low), float(high))
