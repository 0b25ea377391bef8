"""Does one job of `rfft.tracer.run` in this process: the only place where a rule runs under limits.

`serve` is the whole life of a process made for one job; `Work` is the job without the process.
"""

import _thread
import contextlib
import io
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from .errors import InputRejected, SourceRejected, StyleNotFound
from .inputs import parse_input
from .rule import Rule
from .run import ANSWER_SECONDS, MIB, Crashed, Job, Limits, Record
from .styles import load
from .tracing import Trace

# Tells the thread of the rule to stop; ignored by a rule that has put away our answer to it.
_STAND_STILL = signal.SIGURG
_LOOK_SECONDS = 0.01  # how often the memory is looked at
_SLACK = 512 * MIB  # for what a rule takes between two looks: a page costs it about 0.1 µs
_SPARE = 512 * MIB  # for making the record when the rule has used up its own memory


class Work:
    """One job. Its record is made once: at the end of the rule or, from any thread, at a limit.

    `deliver` gets the record at a limit and has to end the process. `announce` is called before a
    record is made, which may take a while.
    """

    def __init__(
        self,
        job: Job,
        deliver: Callable[[Record], NoReturn],
        announce: Callable[[], None] = lambda: None,
    ) -> None:
        self.trace: Trace | None = None
        self._job = job
        self._deliver = deliver
        self._announce = announce
        self._style = load(job.style)
        self._printed = _Printed()
        self._process = os.getpid()
        self._turn = _thread.allocate_lock()  # held by who makes the record, for ever
        self._running = _thread.allocate_lock()  # held until then

    def perform(self) -> Record:
        """Run the rule to its end; return the record."""
        self._running.acquire()
        _thread.start_new_thread(self._watch, (_thread.get_ident(),))
        problem: Exception | None = None
        try:
            with self._printed.instead_of_streams(), _ready_to_stand_still():
                status = self._run()
        except SourceRejected as refusal:
            status, problem = "rejected_source", refusal
        except InputRejected as refusal:
            status, problem = "rejected_input", refusal
        except Exception as defect:  # the rule's own exceptions are in the trace
            status, problem = "crashed", _tracer_failed(defect)
        self._take_turn()
        return self._job.record(status, problem) if problem else self._record(status)

    def _run(self) -> str:
        job = self._job
        rule = Rule.from_source(job.source, job.function)
        self._style.rule(rule)  # refuses the source if it cannot show it
        args, kwargs = parse_input(job.arguments)
        rule.bind(args, kwargs)
        self.trace = Trace(
            rule,
            args,
            kwargs,
            max_steps=job.limits.steps,
            max_characters=job.limits.output * MIB,
            on_limit=self._stop,
        )
        try:
            self.trace.run()
        except KeyboardInterrupt as error:
            self.trace.exception = error
        match self.trace.exception:
            case None:
                return "ok"
            case MemoryError():
                return "limit_memory"
            case RecursionError():
                return "limit_depth"
        return "rule_error"

    def _stop(self, status: str) -> None:
        """Answer because of a limit that the rule has just reached; never return."""
        try:
            # A thread has a stack of its own; this one may be used up by recursion.
            _thread.start_new_thread(self._finish, (status,))
        except RuntimeError:  # no memory for one
            self._finish(status)
        _stand_still()

    def _watch(self, rule: int) -> None:
        """Answer if the rule, which runs in the thread `rule`, takes too long or too much."""
        limits = self._job.limits
        deadline = time.monotonic() + limits.seconds
        most = _resident() + limits.memory * MIB
        status = ""
        while not status:
            left = deadline - time.monotonic()
            if self._running.acquire(timeout=min(max(left, 0), _LOOK_SECONDS)):
                return
            if left <= 0:
                status = "limit_time"
            elif _resident() > most:
                status = "limit_memory"
        self._finish(status, rule)

    def _finish(self, status: str, rule: int | None = None) -> None:
        self._take_turn()
        if rule is not None:
            # Or else the rule would go on and take time and memory from what follows.
            signal.pthread_kill(rule, _STAND_STILL)
        self._printed.give_back_streams()
        self._deliver(self._record(status))

    def _take_turn(self) -> None:
        """Go on if nobody else is making the record; otherwise stand still for ever."""
        if os.getpid() != self._process:
            os._exit(0)  # a copy that the rule has made with os.fork
        self._turn.acquire()
        self._running.release()
        self._announce()

    def _record(self, status: str) -> Record:
        """Return the record of the trace made so far."""
        if self.trace is None:
            return self._job.record(status)
        try:
            record: Record = self.trace.to_json(self._style, self._job.question)
        except MemoryError:
            return self._job.record("limit_memory")
        except Exception as defect:
            return self._job.record("crashed", _tracer_failed(defect))
        record["stats"]["printed"] = self._printed.characters
        return {"status": status, **record}


def _stand_still(*_: object) -> NoReturn:
    while True:
        time.sleep(3600)


@contextlib.contextmanager
def _ready_to_stand_still() -> Iterator[None]:
    """Make this thread stop for ever when the signal for it comes."""
    try:
        before = signal.signal(_STAND_STILL, _stand_still)
    except ValueError:  # not the main thread: only that one hears signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(_STAND_STILL, before)


def _resident() -> int:
    """Return how much memory this process has in use, in bytes; 0 if the system does not say."""
    try:
        with open("/proc/self/statm", "rb", buffering=0) as sizes:  # noqa: PTH123 - quick
            return int(sizes.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    except OSError:
        return 0


def _tracer_failed(defect: Exception) -> Crashed:
    return Crashed(f"the tracer itself failed ({type(defect).__name__}: {defect})")


class _Printed(io.TextIOBase):
    """Stands for standard output and error; counts what is written and forgets it."""

    encoding = "utf-8"

    class _Bytes(io.RawIOBase):
        def __init__(self, owner: "_Printed") -> None:
            self._owner = owner

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            size = memoryview(data).nbytes
            self._owner.characters += size
            return size

    def __init__(self) -> None:
        self.characters = 0
        self.buffer = self._Bytes(self)
        self._before = sys.stdin, sys.stdout, sys.stderr

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.characters += len(text)
        return len(text)

    @contextlib.contextmanager
    def instead_of_streams(self) -> Iterator[None]:
        """Take the place of the standard streams; standard input is empty meanwhile."""
        self._before = sys.stdin, sys.stdout, sys.stderr
        with open(os.devnull, encoding="utf-8") as nothing:  # noqa: PTH123 - a device
            sys.stdin, sys.stdout, sys.stderr = nothing, self, self
            try:
                yield
            finally:
                self.give_back_streams()

    def give_back_streams(self) -> None:
        """Put the standard streams back."""
        sys.stdin, sys.stdout, sys.stderr = self._before


def serve() -> NoReturn:
    """Do the job that standard input holds, answer on standard output, and exit."""
    asker, reply = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)
    with open(asker, "rb", closefd=False) as requests:
        request = json.loads(requests.read(int.from_bytes(requests.read(8), "big")))
    job = Job(**{**request, "limits": Limits(**request["limits"])})

    def answer(record: Record) -> NoReturn:
        try:
            payload = json.dumps(record).encode()
            if len(payload) > job.limits.reply:
                payload = json.dumps({**record, "status": "limit_output", "steps": []}).encode()
        except MemoryError:
            payload = json.dumps(job.record("limit_memory")).encode()
        _write(reply, len(payload).to_bytes(8, "big") + payload)
        os._exit(0)

    def announce() -> None:
        _free_spare_memory()
        _write(reply, b"A")

    try:
        work = Work(job, answer, announce)
    except StyleNotFound as problem:
        _write(reply, b"RA")
        answer({"style": str(problem)})
    _limit_resources(job.limits)
    _thread.start_new_thread(_vanish_with, (asker,))
    _write(reply, b"R")
    answer(work.perform())


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _vanish_with(asker: int) -> None:
    """Wait until the asking side is gone; then end this process and all that the rule started."""
    select.select([asker], [], [])
    os.killpg(0, signal.SIGKILL)


def _limit_resources(limits: Limits) -> None:
    """Have the system end what `Work` cannot: one huge allocation, a process nobody watches."""
    import resource

    used = 0
    with contextlib.suppress(OSError), open("/proc/self/statm", "rb") as sizes:  # noqa: PTH123
        used = int(sizes.read().split()[0]) * resource.getpagesize()
    memory = used + limits.memory * MIB + _SLACK
    seconds = int(limits.seconds + ANSWER_SECONDS) + 1
    for kind, soft, hard in (
        (resource.RLIMIT_AS, memory, memory + _SPARE),
        (resource.RLIMIT_CPU, seconds, seconds),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        allowed = resource.getrlimit(kind)[1]
        if allowed == resource.RLIM_INFINITY:
            allowed = hard
        with contextlib.suppress(OSError, ValueError):  # no such limit on this system
            resource.setrlimit(kind, (min(soft, allowed), min(hard, allowed)))


def _free_spare_memory() -> None:
    """Let this process use what was spared for making the record."""
    import resource

    with contextlib.suppress(OSError, ValueError):
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
