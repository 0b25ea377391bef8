"""Checks where a rule can do no harm: `judge_apart` and `judge_all` are the boundary.

A rule, its arguments, a text and limits go in, plain JSON comes out. The rule is compiled and run
in the sandbox only, and the text is read there.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NoReturn

from ..records import Limits, Record, Task
from ..sandbox.limited import LimitedRun
from ..sandbox.pool import Pool
from ..tracing import Trace
from . import check_trace

JUDGE = f"{__name__}:with_verdict"
"""The judge of a sandbox that checks texts."""


def judge_apart(task: Task, limits: Limits) -> dict[str, Any]:
    """Check the one text of a task where the rule cannot harm this process.

    Return ``status`` (see `rfft.tracer.records.STATUSES`), ``message`` (why there is no verdict),
    ``verdict`` (see `Verdict.to_json`) or None, and the ``protection`` of a record. Raises OSError
    if no process can be made, and StyleNotFound.
    """
    ((answer,),) = judge_all([task], limits, styles=task.styles, workers=1)
    return answer


def judge_all(
    tasks: Iterable[Task],
    limits: Limits,
    *,
    styles: Sequence[str] = ("rfft",),
    workers: int | None = None,
) -> Iterator[list[dict[str, Any]]]:
    """Yield, for each task in order, what `judge_apart` returns for its texts.

    One process does the texts of a task one after the other. `styles` are those of all tasks;
    `workers` is how many are done at a time, by default one for each core. Raises OSError and
    StyleNotFound.
    """
    with Pool(workers, styles=styles, limits=limits, judge=JUDGE) as pool:
        yield from judged(pool, tasks)


def judged(pool: Pool, tasks: Iterable[Task]) -> Iterator[list[dict[str, Any]]]:
    """Yield what `judge_all` does, by a pool that has been made with the judge `JUDGE`."""
    for records in pool.map(map(_plain, tasks)):
        yield [_answer(record) for record in records]


def judge_here(
    task: Task, limits: Limits, deliver: Callable[[dict[str, Any]], NoReturn]
) -> dict[str, Any]:
    """Check the one text of a task with a trusted rule in this process; else like `judge_apart`.

    `deliver` gets the answer at a limit, from another thread, and has to exit.
    """
    run = LimitedRun(_plain(task), 0, limits, lambda record: deliver(_answer(record)))
    record = run.perform()
    return _answer(with_verdict(record, run.trace, task.texts[0], task.styles[0]))


def _plain(task: Task) -> Task:
    # The question is in no trace.
    return replace(task, questions=("-",) * len(task.inputs), steps=False)


def with_verdict(record: Record, trace: Trace | None, text: str, style: str) -> Record:
    """Return the record of a run with the ``verdict`` on a text, if it has ended by itself."""
    if record["status"] not in ("ok", "rule_error") or trace is None:
        return record
    verdict = check_trace(trace, text, style, record["response"])
    return {**record, "verdict": verdict.to_json()}


def _answer(record: Record) -> dict[str, Any]:
    tainted = "; ".join(record.get("tainted", ()))
    exception = record["exception"]
    verdict = None if tainted else record.get("verdict")
    message = tainted or (exception["message"] if exception else "")
    return {
        "status": record["status"] if verdict is None else "ok",
        "message": "" if verdict is not None else message,
        "verdict": verdict,
        "protection": record.get("protection"),
    }
