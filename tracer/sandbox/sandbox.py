"""One or two workers as callers see them: tasks go in, records come out."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any, Self

from ..errors import SourceRejected, StyleNotFound
from ..records import Crashed, Limits, Record, Task
from .again import SEEDS, difference, may_have_sets
from .protection import protection
from .worker import Worker, WorkerDied, mark


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
        unknown = [s for s in task.styles if s not in self._styles]
        if unknown:
            raise StyleNotFound(f"the sandbox was not made with style {unknown[0]!r}")
        refusal = task.refusal()
        if refusal is not None:
            problem = SourceRejected(str(refusal))
            rejected = [task.record(n, "rejected_source", problem) for n in range(len(task.inputs))]
            records: list[Record] = [{**r, "tainted": []} for r in rejected]
            self.start()
        else:
            try:
                records = self._trace(task)
            except WorkerDied:
                try:
                    records = self._trace(task)
                except WorkerDied as death:
                    lost = Crashed(f"the sandbox itself failed twice ({death})")
                    count = range(len(task.inputs))
                    records = [{**task.record(n, "crashed", lost), "tainted": []} for n in count]
        said = self.protection()
        return [{**record, "protection": said} for record in records]

    def _trace(self, task: Task) -> list[Record]:
        coroutines = "async" in task.source  # which cannot be written in any other way
        worker = self._workers[coroutines]
        records = worker.trace(task, self.limits)
        elsewhere = self._elsewhere[coroutines]
        if elsewhere and (not worker.proved or may_have_sets(task)):
            again = replace(task, texts=())
            traces = [partial(other.trace, limits=self.limits) for other in elsewhere]
            if told := difference(again, records, traces):
                for record in records:
                    mark(record, [told])
        return records

    def protection(self) -> dict[str, Any]:
        """Return how well the processes started so far hold a rule back, and what is missing."""
        return protection(m for w in self._workers.values() for m in w.missing)
