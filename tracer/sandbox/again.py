"""Finds out whether a rule does the same again elsewhere (`rfft.tracer.sandbox.elsewhere`).

If it does not, its traces depend on what no reader of them can know: on addresses, on the clock, on
chance, or on the order of a set.
"""

import itertools
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..records import Limits, Record, Task
from .worker import Traced, Worker, mark

SEEDS = (1, 2)
"""The hash seeds of the places where rules are run again."""

_INPUTS = 4  # that are run again: the first ones, or the same ones several times
_SECONDS = 10.0  # by itself, after which a task is not run again elsewhere
_TRACED = ("ok", "rule_error")
_OWN_ENDS = (*_TRACED, "tainted", "limit_steps", "limit_depth")  # and no doing of the machine
_SETS = re.compile(r"set|keys|items|\{")
_LONGEST = 60  # characters of a line that are told
_BEFORE = 20  # of these before those that differ


@dataclass
class _Case:
    """A task whose records `of` may not be had again: some of its inputs, and their records."""

    of: Sequence[Record]
    task: Task
    records: Sequence[Record]
    told: str = ""  # what is different
    seconds: float = 0.0


def mark_differences(
    tasks: Sequence[Task], traced: Sequence[Traced], places: Sequence[Worker], limits: Limits
) -> None:
    """Mark the records of each task whose first inputs do otherwise in other places, and say how.

    Raises WorkerDied and what `Worker.start` raises.
    """
    cases = [
        _case(task, one.records)
        for task, one in zip(tasks, traced, strict=True)
        if places and not (one.proved and not _may_have_sets(task))
    ]
    cases = [case for case in cases if case.records]
    for place in places:
        left = [case for case in cases if not case.told and case.seconds < _SECONDS]
        quickly = place.together([replace(case.task, steps=False) for case in left], limits)
        for case, others in zip(left, quickly, strict=True):
            if len(others) < len(case.records) or _first_difference(case.records, others):
                began = time.monotonic()
                (thoroughly,) = place.trace([case.task], limits)
                case.told = _first_difference(case.records, thoroughly.records)
                case.seconds += time.monotonic() - began
    for case in cases:
        if case.told:
            for record in case.of:
                mark(record, [f"the rule does not do the same again: {case.told}"])


def _case(task: Task, records: Sequence[Record]) -> _Case:
    fine = [n for n, record in enumerate(records) if record["status"] in _TRACED]
    chosen = list(itertools.islice(itertools.cycle(fine[:_INPUTS]), _INPUTS if fine else 0))
    return _Case(records, replace(task, texts=()).some(chosen), [records[n] for n in chosen])


def _may_have_sets(task: Task) -> bool:
    """Tell whether a task may have to do with sets, by a look at its text alone.

    Their order is all that may differ from run to run in what code proved to be plain does.
    """
    return any(map(_SETS.search, (task.source, *task.inputs)))


def _first_difference(records: Sequence[Record], others: Sequence[Record]) -> str:
    return next(filter(None, map(_difference, records, others)), "")


def _difference(one: Record, other: Record) -> str:
    """Say in what two records of an input differ, if it is the rule's doing."""
    if other["status"] not in _OWN_ENDS:
        return ""
    lines = itertools.zip_longest(_texts(one), _texts(other), fillvalue="nothing")
    for number, (line, instead) in enumerate(lines, 1):
        if line != instead:
            return f"line {number} of its trace is {_either(line, instead)}"
    if one["answer"] != other["answer"]:
        return f"its answer is {_either(str(one['answer']), str(other['answer']))}"
    return ""


def _texts(record: Record) -> list[str]:
    """Return the lines of a record in all styles."""
    more = [texts["response"] for texts in record.get("texts", {}).values()]
    whole = "\n".join([record["response"], *more])
    # Elsewhere, functions of Python stand for some that are built in.
    return whole.replace("<built-in function ", "<function ").splitlines()


def _either(line: str, instead: str) -> str:
    """Quote two lines from a little before where they differ."""
    pairs = zip(line, instead, strict=False)
    shared = len(list(itertools.takewhile(lambda pair: pair[0] == pair[1], pairs)))
    start = max(0, shared - _BEFORE) if shared > 2 * _BEFORE else 0
    quoted = []
    for text in (line, instead):
        end = start + _LONGEST
        quoted.append("..." * (start > 0) + text[start:end].strip() + "..." * (end < len(text)))
    return " or ".join(quoted)
