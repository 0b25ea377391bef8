"""Counts the steps of a text that are right, given the true state or the one it has stated."""

from collections.abc import Sequence
from itertools import pairwise

from ..styles import Style
from ..tracing import Trace
from .aligned import Aligned
from .following import Follower, in_order
from .reader import Reader, Visit

_STEPS = ("call", "simple", "test", "result", "enter", "leave", "statement", "again", "failure")
_OTHER = -1  # stands for steps that the true trace does not have


def judge(
    trace: Trace, style: Style, reader: Reader, visits: Sequence[Visit], wrong: int, beside: Aligned
) -> tuple[int, int]:
    """Return how many steps of a text are right, and how many there are.

    `wrong` is the index of the first wrong line.
    """
    follower = Follower(trace, style)
    tally = _Tally(beside)
    right_calls = set()  # without those before the first wrong line
    for visit in in_order(visits):
        lines = [read.number for read in visit.lines]
        whole = all(beside.whole[line] for line in lines)
        if whole and lines[0] >= beside.end:
            continue  # from here on, the text is the true trace
        weight = max(len(visit.node.group), 1) if visit.node.kind == "simple" else 1
        slip = wrong in lines or any(beside.steps[line] in beside.slips for line in lines)
        true = lines[-1] < wrong and not slip
        right = follower.follow(visit, true)
        if whole:
            continue  # it is counted
        if slip or (right is False and not true):
            tally.condemn(lines, weight)
        elif (right or true) and visit.node.kind in _STEPS:
            tally.steps += weight
            tally.right += weight
            if lines[-1] >= wrong:
                right_calls.add(id(visit))
    for last, line in pairwise([-2, *reader.misfits]):
        if line - 1 != last:
            tally.condemn([line], 1)
    tally.steps += beside.gaps
    if beside.slips and not tally.condemned and not beside.gaps:
        tally.steps += 1  # the one that is left out
    return tally.right - len(right_calls & set(map(id, follower.miscalled))), tally.steps


class _Tally:
    """How many steps there are, and how many of them are right."""

    def __init__(self, beside: Aligned) -> None:
        self.right = self.steps = beside.right
        self.condemned: set[int] = set()  # true steps that are counted as wrong; `_OTHER`: others
        self._beside = beside

    def condemn(self, lines: Sequence[int], weight: int) -> None:
        """Count wrong steps: once, even if the lines of one were not read together.

        Of steps that share a recital no more are wrong than lines are.
        """
        beside = self._beside
        steps = {step for line in lines if (step := beside.steps[line]) is not None}
        if steps.isdisjoint(self.condemned):
            if steps:
                self.right += max(weight - sum(beside.lacking[step] for step in steps), 0)
            else:
                weight = min(weight, sum(not beside.whole[line] for line in lines))
            self.steps += weight
        self.condemned |= steps or {_OTHER}
