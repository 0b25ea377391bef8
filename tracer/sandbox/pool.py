"""Many tasks over several sandboxes, with results in order."""

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

from ..records import Limits, Record, Task
from .sandbox import Sandbox

_BUNDLE = 32  # inputs of tasks that share a process


class Pool:
    """Keeps sandboxes, one for each of its workers. Use it as a context manager, or `close` it.

    `workers` is how many tasks run at a time, by default one for each core. For `styles`, `limits`,
    `judge`, `protected` and `repeat` see `Sandbox`.
    """

    def __init__(
        self,
        workers: int | None = None,
        *,
        styles: Sequence[str] = ("rfft",),
        limits: Limits | None = None,
        judge: str = "",
        protected: bool = False,
        repeat: bool = False,
    ) -> None:
        count = workers or cores()
        self._sandboxes = [
            Sandbox(styles, limits=limits, judge=judge, protected=protected, repeat=repeat)
            for _ in range(count)
        ]
        self._free = deque(self._sandboxes)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="rfft-sandbox")
        self._ahead = 2 * count  # bundles of tasks taken from the caller and not yet given back
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes, also those that are at work."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for sandbox in self._sandboxes:
            sandbox.close()
        self._threads.shutdown(wait=True)
        for sandbox in self._sandboxes:  # what a thread may have started in between
            sandbox.close()

    def map(self, tasks: Iterable[Task]) -> Iterator[list[Record]]:
        """Yield, for each task in order, the records of its inputs.

        Tasks are taken only as fast as records are: at most two bundles for each worker are ahead.
        Raises StyleNotFound, Unprotected, and OSError (no process).
        """
        waiting: deque[Future[list[list[Record]]]] = deque()
        try:
            for bundle in _bundles(tasks):
                waiting.append(self._threads.submit(self._run, bundle))
                if len(waiting) >= self._ahead:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def _run(self, tasks: Sequence[Task]) -> list[list[Record]]:
        with self._lock:
            sandbox = self._free.popleft()
        try:
            return sandbox.run_all(tasks)
        finally:
            with self._lock:
                self._free.append(sandbox)


def _bundles(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    """Yield tasks together that may share a process and have few inputs."""
    bundle: list[Task] = []
    room = _BUNDLE
    for task in tasks:
        need = len(task.inputs) if task.texts_alone else _BUNDLE
        if bundle and need > room:
            yield bundle
            bundle, room = [], _BUNDLE
        bundle.append(task)
        room -= need
    if bundle:
        yield bundle


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
