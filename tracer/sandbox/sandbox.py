"""One or two workers as callers see them: tasks go in, records come out."""

from collections.abc import Sequence
from itertools import chain
from typing import Any, Self

from ..errors import SourceRejected, StyleNotFound
from ..records import Crashed, Limits, Record, Task
from .again import SEEDS, mark_differences
from .protection import protection
from .worker import Worker, WorkerDied

_TRIES = 2


class Sandbox:
    """Runs tasks one at a time. Use it as a context manager, or `close` it.

    `styles` are the names or files of styles that tasks may ask for. `judge` names the function
    that gives the verdict on a text of a task, as ``module:function`` (see `zygote`). What a rule
    may import is loaded beforehand; rules with coroutines get a zygote of their own that has
    asyncio. With `protected` it runs no rule where the level of protection is ``none``. With
    `repeat`, the first inputs of each task are run again under other conditions; if they do not do
    the same, its records are tainted.
    """

    def __init__(
        self,
        styles: Sequence[str] = ("rfft",),
        *,
        limits: Limits | None = None,
        judge: str = "",
        protected: bool = False,
        repeat: bool = False,
    ) -> None:
        self.limits = limits or Limits()
        self._workers = {
            c: Worker(styles, coroutines=c, judge=judge, protected=protected) for c in (False, True)
        }
        seeds = SEEDS if repeat else ()
        self._elsewhere = {
            c: [Worker(styles, coroutines=c, protected=protected, seed=seed) for seed in seeds]
            for c in (False, True)
        }
        self._styles = frozenset(styles)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes."""
        for worker in (*self._workers.values(), *chain(*self._elsewhere.values())):
            worker.close()

    def start(self) -> None:
        """Start a zygote now rather than for the first task.

        Raises StyleNotFound, Unprotected, and OSError (no process).
        """
        try:
            self._workers[False].start()
        except WorkerDied as problem:
            raise OSError(str(problem)) from None

    def run(self, task: Task) -> list[Record]:
        """Return a record for each input.

        Raises StyleNotFound, Unprotected, and OSError (no process).
        """
        return self.run_all([task])[0]

    def run_all(self, tasks: Sequence[Task]) -> list[list[Record]]:
        """Return what `run` does for each task; those that ask for texts alone share processes."""
        found = [self._refused(task) for task in tasks]
        if any(found):
            self.start()  # what it lacks is told
        for coroutines in (False, True):
            numbers = [
                n for n, task in enumerate(tasks)
                if found[n] is None and _has_coroutines(task) == coroutines
            ]  # fmt: skip
            some = [tasks[n] for n in numbers]
            for n, records in zip(numbers, self._traced(some, coroutines), strict=True):
                found[n] = records
        said = self.protection()
        return [[{**record, "protection": said} for record in of or ()] for of in found]

    def _refused(self, task: Task) -> list[Record] | None:
        """Return the records of a task that is not even looked at. Raises StyleNotFound."""
        unknown = [s for s in task.styles if s not in self._styles]
        if unknown:
            raise StyleNotFound(f"the sandbox was not made with style {unknown[0]!r}")
        refusal = task.refusal()
        if refusal is None:
            return None
        return _all_of(task, "rejected_source", SourceRejected(str(refusal)))

    def _traced(self, tasks: Sequence[Task], coroutines: bool) -> list[list[Record]]:
        """Return the records of tasks, whatever becomes of the worker."""
        for _ in range(_TRIES):
            try:
                return self._trace(tasks, coroutines)
            except WorkerDied as problem:
                death = problem
        if len(tasks) > 1:
            return [records for task in tasks for records in self._traced([task], coroutines)]
        lost = Crashed(f"the sandbox itself failed twice ({death})")
        return [_all_of(task, "crashed", lost) for task in tasks]

    def _trace(self, tasks: Sequence[Task], coroutines: bool) -> list[list[Record]]:
        traced = self._workers[coroutines].trace(tasks, self.limits)
        mark_differences(tasks, traced, self._elsewhere[coroutines], self.limits)
        return [of.records for of in traced]

    def protection(self) -> dict[str, Any]:
        """Return how well the processes started so far hold a rule back, and what is missing."""
        return protection(m for w in self._workers.values() for m in w.missing)


def _has_coroutines(task: Task) -> bool:
    return "async" in task.source  # which cannot be written in any other way


def _all_of(task: Task, status: str, problem: Exception) -> list[Record]:
    """Return the same record, without a trace, for all inputs of a task."""
    records = (task.record(n, status, problem) for n in range(len(task.inputs)))
    return [{**record, "tainted": []} for record in records]
