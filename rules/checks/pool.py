"""Looks at many tasks in processes of their own, one for each core.

Beside each process stands one with another hash seed (and one for each other Python that is asked
for), which makes the same instances again: their hashes must agree. The rule itself is run again in
sandboxes, under other conditions: it must do the same.
"""

import itertools
import json
import os
import queue
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rfft.tracer.sandbox import Sandbox, allowed
from rfft.tracer.sandbox import Task as Request
from rfft.tracer.sandbox.pool import cores

from ..errors import TaskRejected
from ..sandboxed import TRUST, SandboxedTask, guarded
from ..task import Task
from .report import Report

SECONDS = 120.0
"""How long a task may be looked at."""


def check(
    paths: Sequence[Path],
    *,
    workers: int | None = None,
    seconds: float = SECONDS,
    pythons: Sequence[str] = (),
    trust: bool = False,
    done: Callable[[Report], None] = lambda report: None,
) -> list[Report]:
    """Return the reports on task files, in their order.

    `pythons` are other interpreters that have this package; `done` is called, from threads, with
    each report as it is there. Tasks that are not of this installation are looked at in processes
    that can reach nothing, unless `trust` says that they are the caller's own. Raises OSError if a
    process cannot be started.
    """
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(len(paths)):
        waiting.put(number)
    reports: dict[int, Report] = {}
    problems: list[BaseException] = []

    def work() -> None:
        looking = _Worker(sys.executable, "0")
        others = [_Worker(python, "1") for python in (sys.executable, *pythons)]
        sandbox = Sandbox(repeat=True)
        try:
            while not problems:
                number = waiting.get_nowait()
                report = reports[number] = _look(paths[number], looking, others, seconds, trust)
                report.failures += _unsteady(paths[number], report.again, sandbox)
                done(report)
        except queue.Empty:
            pass
        except BaseException as problem:  # told to the thread that waits
            problems.append(problem)
        finally:
            for worker in (looking, *others):
                worker.end()
            sandbox.close()

    count = max(1, min(workers or cores(), len(paths)))
    threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return [reports[number] for number in sorted(reports)]


def _look(
    path: Path, looking: "_Worker", others: Sequence["_Worker"], seconds: float, trust: bool
) -> Report:
    task = _foreign(path, trust)
    request: dict[str, Any] = {"path": str(path), "allow": allowed()}
    if task is None:
        return _looked(path, looking, others, seconds, request)
    for worker in (looking, *others):  # what looks at foreign code looks at nothing else
        worker.end()
    try:
        return _looked(path, looking, others, seconds, {**request, **_request(task)})
    finally:
        for worker in (looking, *others):
            worker.end()


def _request(task: Task) -> dict[str, str]:
    """Return what a process is told that cannot read the file."""
    function = task.function or ""
    return {"path": str(task.path), "id": task.id, "text": task.text, "function": function}


def _foreign(path: Path, trust: bool) -> Task | None:
    """Return a task that is neither trusted nor of this installation."""
    try:
        task = guarded(Task.from_file(path), trust)
    except TaskRejected:  # which is found again, with nothing run
        return None
    return task if isinstance(task, SandboxedTask) else None


def _looked(
    path: Path,
    looking: "_Worker",
    others: Sequence["_Worker"],
    seconds: float,
    request: dict[str, Any],
) -> Report:
    answer = looking.ask(request, "examine", seconds)
    if "report" not in answer:
        return Report(path.stem, str(path), failures=[answer["problem"]])
    try:
        report = Report.from_json(answer["report"])
    except (TypeError, KeyError, AttributeError):  # a task may write what it likes
        return Report(path.stem, str(path), failures=["it has answered with something odd"])
    for other in others if report.digest else ():
        digest = other.ask(request, "digest", seconds)
        if digest.get("digest") != report.digest:
            why = digest.get("problem", "other instances or questions")
            report.failures.append(f"not deterministic: {other.name}: {why}")
    return report


def _unsteady(path: Path, inputs: Sequence[str], sandbox: Sandbox) -> list[str]:
    """Say why corpora would leave out the traces of a task, if they are not the same each time."""
    if not inputs:
        return []
    rule = Task.from_file(path).rule
    records = sandbox.run(Request(rule.source, tuple(inputs), rule.function, steps=False))
    reasons = dict.fromkeys(itertools.chain(*(record["tainted"] for record in records)))
    return [f"no corpus takes its traces: {reason}" for reason in reasons]


class _Worker:
    """A process that looks at one task after another; it is started when it is first asked."""

    def __init__(self, python: str, hash_seed: str) -> None:
        self.name = f"another hash seed ({python})"
        self._python = python
        self._environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        self._process: subprocess.Popen[bytes] | None = None
        self._read = b""

    def ask(self, request: dict[str, Any], what: str, seconds: float) -> dict[str, Any]:
        """Return the answer, or ``{"problem": TEXT}`` if none came."""
        process = self._running()
        assert process.stdin is not None
        at = "the start"
        deadline = time.monotonic() + seconds
        try:
            process.stdin.write(json.dumps({**request, "what": what}).encode() + b"\n")
            process.stdin.flush()
            while True:
                answer: dict[str, Any] = json.loads(self._line(process, deadline))
                if "at" not in answer:
                    return answer
                at = answer["at"]
        except TimeoutError:
            self.end()
            return {"problem": f"not done after {seconds:g} s, at {at}"}
        except (EOFError, OSError, ValueError):
            self.end()
            more = f"; {TRUST}" if "text" in request else ""
            return {"problem": f"it has ended the interpreter, at {at}{more}"}

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            self._read = b""
            self._process = subprocess.Popen(
                [self._python, "-P", "-c", "from rfft.rules.checks.worker import serve; serve()"],
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self._environment,
            )
        return self._process

    def _line(self, process: "subprocess.Popen[bytes]", deadline: float) -> bytes:
        assert process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._read:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError
                chunk = os.read(process.stdout.fileno(), 1 << 16)
                if not chunk:
                    raise EOFError
                self._read += chunk
        line, _, self._read = self._read.partition(b"\n")
        return line

    def end(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process.wait()
            self._process = None
