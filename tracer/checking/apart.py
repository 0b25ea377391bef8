"""Checks where a rule can do no harm: `judge_apart` and `judge_all` are the boundary.

A rule, its arguments, a text and limits go in, plain JSON comes out. The rule is compiled and run
in the sandbox only, and the text is read there.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from ..run import Limits, Record


@dataclass(frozen=True)
class Job:
    """A text to check, and what it should be the trace of."""

    source: str
    arguments: str
    text: str
    function: str | None = None
    style: str = "rfft"


def judge_apart(job: Job, limits: Limits) -> dict[str, Any]:
    """Check a text where the rule cannot harm this process.

    Return ``status`` (see `rfft.tracer.run.STATUSES`), ``message`` (why there is no verdict) and
    ``verdict`` (see `Verdict.to_json`) or None. Raises OSError if no process can be made, and
    StyleNotFound.
    """
    ((answer,),) = judge_all([[job]], limits, styles=[job.style], workers=1)
    return answer


def judge_all(
    batches: Iterable[Sequence[Job]],
    limits: Limits,
    *,
    styles: Sequence[str] = ("rfft",),
    workers: int | None = None,
) -> Iterator[list[dict[str, Any]]]:
    """Yield, for each batch in order, what `judge_apart` returns for its jobs.

    The jobs of a batch are of one rule, function and style: one process does them one after the
    other. `styles` are those of all batches; `workers` is how many are done at a time, by default
    one for each core. Raises OSError and StyleNotFound.
    """
    from ..sandbox import Pool, Task

    def task(jobs: Sequence[Job]) -> Task:
        return Task(
            jobs[0].source,
            tuple(job.arguments for job in jobs),
            jobs[0].function,
            (jobs[0].style,),
            (_ASKED,) * len(jobs),
            steps=False,
            texts=tuple(job.text for job in jobs),
        )

    with Pool(workers, styles=styles, limits=limits, checking=True) as pool:
        for records in pool.map(map(task, batches)):
            yield [_answer(record) for record in records]


def judge_here(
    job: Job, limits: Limits, deliver: Callable[[dict[str, Any]], NoReturn]
) -> dict[str, Any]:
    """Check a text against a trusted rule in this process; otherwise like `judge_apart`.

    `deliver` gets the answer at a limit, from another thread, and has to exit.
    """
    from .. import run
    from ..work import Work

    whole = run.Job(job.source, job.arguments, job.function, job.style, _ASKED, limits, steps=False)
    work = Work(whole, lambda record: deliver(_answer(record)))
    record = work.perform()
    return _answer(with_verdict(record, work, job.text, job.style))


_ASKED = "-"  # the question is in no trace


def with_verdict(record: Record, work: Any, text: str, style: str) -> Record:
    """Return the record of a run (a `Work`), with the ``verdict`` on a text if it has ended."""
    from . import check_trace

    if record["status"] not in ("ok", "rule_error") or work.trace is None:
        return record
    verdict = check_trace(work.trace, text, style, record["response"])
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
    }
