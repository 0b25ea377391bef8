"""The supervisor's side of one zygote: starts it, gives it tasks, believes nothing unchecked."""

import array
import contextlib
import fcntl
import itertools
import json
import marshal
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import Refused, StyleNotFound, Unprotected
from ..records import Crashed, Limits, Record, Task
from .allowed import allowed
from .asked import fits
from .protection import protection
from .wire import (
    HEAD,
    KILL,
    QUICK,
    REPORT_SIZE,
    STEPWISE,
    TASK,
    TOGETHER,
    TOKEN_SIZE,
    Forged,
    Frames,
    Report,
    record_of,
    records_of,
)  # fmt: skip

_START_SECONDS = 60.0  # for a zygote to load on a busy machine
_GRACE_SECONDS = 1.0  # after the deadline, for the rule's process to begin its answer
_PIPE = 1 << 20  # bytes that wait to be read
_REPORT_SECONDS = 30.0  # for a zygote to see a killed process end


pretended: Sequence[str] = ()
"""Protections that zygotes go without, as on a system that lacks them; for tests."""


class WorkerDied(Exception):
    """The zygote is gone or does not answer; a new one may work."""


@dataclass
class _Run:
    """What came of one process: the records it sent, and how it ended."""

    records: list[Record]
    reasons: list[str]
    report: Report
    problem: Exception | None = None
    late: bool = False
    over: bool = False  # whether the rule had ended, by itself or by a limit, when this happened


@dataclass(frozen=True)
class Traced:
    """The records of a task; `proved` if code that is proved to be plain has made them all."""

    records: list[Record]
    proved: bool


class Worker:
    """One zygote. It is started when it is first needed, and again after it has died.

    With a hash `seed`, it is another place to run in (`elsewhere`).
    """

    def __init__(
        self,
        styles: Iterable[str],
        *,
        coroutines: bool = False,
        judge: str = "",
        seed: int = 0,
        protected: bool = False,
    ) -> None:
        self._config = {
            "styles": [_resolved(style) for style in styles],
            "path": [p for p in sys.path if p and Path(p).is_dir()],
            "coroutines": coroutines,
            "judge": judge,
            "elsewhere": seed,
            "without": list(pretended),
            "allow": allowed(),
        }
        self._seed = seed
        self._protected = protected
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()  # for `close` in another thread
        self._closed = False
        self.missing: list[str] = []  # protections that this system does not have

    def start(self) -> None:
        """Start the zygote if it is not there.

        Raises StyleNotFound, Refused (a module that cannot be loaded), Unprotected, OSError,
        WorkerDied.
        """
        if self._process is None:
            hello = self._begin()
            if "style" in hello:
                self.end()
                raise StyleNotFound(hello["style"])
            if "allow" in hello:
                self.end()
                raise Refused(hello["allow"])
            self.missing = hello["missing"]
            if self._protected and protection(self.missing)["level"] == "none":
                self.end()
                raise Unprotected

    def _begin(self) -> dict[str, Any]:
        """Start a zygote; return what it says when it is ready."""
        if os.name != "posix":
            raise OSError("this system has no processes that can be limited")
        ours, theirs = socket.socketpair()
        folder = Path(__file__).resolve().parent
        known = (folder / "boot.py", folder.parent, theirs.fileno(), self._seed)
        try:
            with self._lock:
                if self._closed:
                    raise WorkerDied("it is closed")
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-s", "-S", *map(str, known)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=_environment(self._seed),
                    pass_fds=[theirs.fileno()],
                    # A session of its own: Ctrl-C reaches this process alone, and all that the
                    # zygote has started can be ended together with it.
                    start_new_session=True,
                )
                self._socket = ours
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        try:
            payload = json.dumps(self._config).encode()
            self._send(HEAD.pack(b"C", len(payload)) + payload)
            (_, length) = HEAD.unpack(self._receive(HEAD.size, _START_SECONDS))
            hello: dict[str, Any] = json.loads(self._receive(length, _START_SECONDS))
            return hello
        except BaseException:
            self.end()
            raise

    def close(self) -> None:
        """End the zygote and what it has started, for good."""
        self._closed = True
        self.end()

    def end(self) -> None:
        """End the zygote and what it has started."""
        with self._lock:
            process, self._process = self._process, None
            connection, self._socket = self._socket, None
        if connection is not None:
            connection.close()
        if process is not None:
            # macOS forbids a signal to a group that has only ended processes.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.wait()

    def trace(self, tasks: Sequence[Task], limits: Limits) -> list[Traced]:
        """Trace tasks, one after the other. Raises WorkerDied and what `start` raises."""
        traced: list[Traced] = []
        while len(traced) < len(tasks):
            rest = tasks[len(traced) :]
            quick = list(itertools.takewhile(lambda task: task.texts_alone, rest))
            begun = self._quickly(quick, limits) if quick else [[]]
            for task, records in zip(rest, begun, strict=False):
                whole = len(records) == len(task.inputs)
                traced.append(self._finish(task, limits, records))
                if not whole:
                    break
        return traced

    def _quickly(self, tasks: Sequence[Task], limits: Limits) -> list[list[Record]]:
        """Return what the quick way says of the inputs before the first one that it ends at.

        The record of one that it leaves is empty.
        """
        if not any(task.inputs for task in tasks):
            return [[] for _ in tasks]
        run = self._run(tasks, limits, QUICK)
        good = iter([] if run.reasons else itertools.takewhile(_is_fine, run.records))
        return [list(itertools.islice(good, len(task.inputs))) for task in tasks]

    def together(self, tasks: Sequence[Task], limits: Limits) -> list[list[Record]]:
        """Return what `rfft.tracer.sandbox.together` answers for, of each task as far as it goes.

        Raises WorkerDied and what `start` raises.
        """
        found: list[list[Record]] = []
        while len(found) < len(tasks):
            rest = tasks[len(found) :]
            run = self._run(rest, limits, TOGETHER)
            records = iter([] if run.reasons else run.records)
            for task in rest:
                found.append(list(itertools.islice(records, len(task.inputs))))
                if len(found[-1]) < len(task.inputs):
                    break
        return found

    def _finish(self, task: Task, limits: Limits, records: list[Record]) -> Traced:
        """Return the records of a task, of which these are what the quick way says."""
        count, more = len(task.inputs), records
        while len(records) < count:
            # It ends at the next input. A rule at which it ends at once makes it end so again.
            records += [{}] * (1 if more else count - len(records))
            (more,) = self._quickly([task.some(range(len(records), count))], limits)
            records += more
        left = [n for n, record in enumerate(records) if not record]
        for n, record in zip(left, self._stepwise(task, limits, left), strict=True):
            records[n] = record
        return Traced(records, proved=task.texts_alone and not left)

    def _stepwise(self, task: Task, limits: Limits, indices: Sequence[int]) -> list[Record]:
        """Return a record for some inputs of a task, each made by a process of its own."""
        records: list[Record] = []
        for index in indices:
            run = self._run([task.some([index])], limits)
            record = run.records[0] if run.records else self._unanswered(task, limits, index, run)
            if run.reasons:
                mark(record, run.reasons)
            records.append(record)
            if record["status"] == "rejected_source":
                refused = {k: record[k] for k in ("status", "exception")}
                rest = indices[len(records) :]
                return records + [{**task.record(n, ""), **refused, "tainted": []} for n in rest]
        return records

    def _unanswered(self, task: Task, limits: Limits, index: int, run: _Run) -> Record:
        """Return a record for an input that made its process end without one.

        The rule is run again up to the step before the one at which that happened, so that the
        trace made so far is kept: it starts from the same state and so does the same.
        """
        status, problem = _why(run, limits)
        record = {**task.record(index, status, problem), "tainted": []}
        steps = run.report.steps - 1
        if task.partial and not run.over and 0 < steps < limits.steps:
            again = self._run([task.some([index])], replace(limits, steps=steps))
            if again.records and again.records[0]["status"] == "limit_steps":
                record = {**again.records[0], **{k: record[k] for k in ("status", "exception")}}
                if again.reasons:
                    mark(record, again.reasons)
        return record

    def _run(self, tasks: Sequence[Task], limits: Limits, way: str = STEPWISE) -> _Run:
        """Have one process do these tasks; return what came of it."""
        self.start()
        token = secrets.token_bytes(TOKEN_SIZE)
        asked = [replace(task, styles=tuple(map(_resolved, task.styles))) for task in tasks]
        request = {"tasks": list(map(vars, asked)), "way": way, "limits": asdict(limits)}
        # Its own side is trusted; what comes back is JSON.
        payload = marshal.dumps(request)
        ours, theirs = os.pipe()
        with contextlib.suppress(OSError, AttributeError):  # of Linux, and not without end
            fcntl.fcntl(ours, fcntl.F_SETPIPE_SZ, _PIPE)
        try:
            try:
                self._send(HEAD.pack(TASK, len(payload)), theirs)
                self._send(token + payload)
            finally:
                os.close(theirs)
            return self._listen(Frames(ours, token, limits.reply), tasks, limits)
        except BaseException:  # also an interrupt: nobody waits for the process any more
            self.end()
            raise
        finally:
            os.close(ours)

    def _listen(self, frames: Frames, tasks: Sequence[Task], limits: Limits) -> _Run:
        run = _Run([], frames.reasons, Report(0, 0))
        asked = [(task, index) for task in tasks for index in range(len(task.inputs))]
        deadline = time.monotonic() + limits.seconds + _GRACE_SECONDS
        try:
            while (frame := frames.next(deadline)) is not None:
                letter, payload = frame
                if letter == "A" and not run.over:
                    run.over = True
                    # A long trace takes a multiple of the rule's own time to be written and sent.
                    deadline = time.monotonic() + 20 + 4 * limits.seconds
                elif letter in "RQ" and run.over and len(run.records) < len(asked):
                    task, index = asked[len(run.records)]
                    if letter == "R":
                        run.records.append(_record(payload, task, index, limits))
                    else:
                        run.records += records_of(payload, task, range(index, len(task.inputs)))
                    run.over = False
                    deadline = time.monotonic() + limits.seconds + _GRACE_SECONDS
                else:
                    raise Forged("the rule's process sent more than its records")
        except TimeoutError:
            run.problem, run.late = Crashed("the rule's process did not end in time"), True
        except Forged as problem:
            run.problem = Crashed(str(problem))
        # The end of the pipe need not be the end of the process. To kill one that has ended, with
        # whatever exit code, changes nothing.
        self._send(HEAD.pack(KILL, 0))
        run.report = Report.unpack(self._receive(REPORT_SIZE, _REPORT_SECONDS))
        if run.problem is None and run.report.status != 0:
            run.problem = Crashed(_last_words(run.report.status))
        if run.problem is not None and len(run.records) == len(asked) and run.records[-1]:
            # The last record was followed by something that no record is followed by.
            mark(run.records[-1], [str(run.problem)])
        return run

    def _connection(self) -> socket.socket:
        if self._socket is None:
            raise WorkerDied("it is closed")
        return self._socket

    def _send(self, data: bytes, descriptor: int | None = None) -> None:
        connection = self._connection()
        try:
            if descriptor is not None:
                rights = array.array("i", [descriptor])
                kind = (socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)
                sent = connection.sendmsg([data], [kind])
                data = data[sent:]
            connection.settimeout(_START_SECONDS)
            connection.sendall(data)
        except OSError as error:
            raise WorkerDied(f"the zygote takes no task: {error}") from None

    def _receive(self, count: int, seconds: float) -> bytes:
        connection = self._connection()
        data = bytearray()
        deadline = time.monotonic() + seconds
        while len(data) < count:
            try:
                connection.settimeout(max(0.001, deadline - time.monotonic()))
                chunk = connection.recv(count - len(data))
            except OSError as error:
                raise WorkerDied(f"the zygote does not answer: {error}") from None
            if not chunk:
                raise WorkerDied("the zygote has ended")
            data += chunk
        return bytes(data)


def _resolved(style: str) -> str:
    """Return the name of a style as a process knows it whose working folder is another."""
    return str(Path(style).resolve()) if style.endswith(".py") else style


def _environment(seed: int) -> dict[str, str]:
    # Only what an interpreter may need to start. The seed is fixed so that a rule that walks
    # through a set goes the same way every time.
    needed = ("PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    kept = {name: os.environ[name] for name in needed if name in os.environ}
    # Memory that long texts have used is used again; to give it back and take it costs more.
    memory = dict.fromkeys(("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"), str(1 << 25))
    # A library's own threads would not outlive a fork, and no rule may start one.
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**kept, **memory, **threads, "PYTHONHASHSEED": str(seed), "PYTHONUTF8": "1"}


def _record(payload: memoryview, task: Task, index: int, limits: Limits) -> Record:
    """Return the record that JSON from a rule's process holds. Raises Forged."""
    try:
        record = record_of(payload, 4 * limits.reply)
    except (ValueError, RecursionError):
        raise Forged("the rule's process sent what is not JSON") from None
    if record["status"] in ("tainted", "crashed") and record["response"]:
        raise Forged("the rule's process sent what is not a record")
    if not fits(record, task, index):
        raise Forged("the rule's process sent a record of something else")
    record["rule"]["source"] = task.source
    return {**record, "tainted": []}


def _is_fine(record: Record) -> bool:
    return not record or bool(record["status"] == "ok")


def mark(record: Record, reasons: Iterable[str]) -> None:
    """Say in a record that the rule has tampered."""
    record["tainted"] = [*record.get("tainted", []), *reasons]
    if record["status"] in ("ok", "rule_error"):
        record["status"] = "tainted"


def _why(run: _Run, limits: Limits) -> tuple[str, Exception | None]:
    """Return the status of a process that ended without a record, and the reason."""
    status = run.report.status
    signal_number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if run.late:
        return ("crashed", run.problem) if run.over else ("limit_time", None)
    if signal_number == signal.SIGXCPU:
        return "limit_time", None
    if signal_number == signal.SIGSYS:
        return "blocked", Crashed("the rule was stopped: it made a system call that is not allowed")
    return "crashed", run.problem or Crashed(_last_words(status))


def _last_words(status: int) -> str:
    """Say how a process ended, from its wait status."""
    if os.WIFEXITED(status):
        return f"the rule's process ended with exit code {os.WEXITSTATUS(status)}"
    number = os.WTERMSIG(status)
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = "unnamed"
    return f"the rule's process was ended by signal {number} ({name})"
