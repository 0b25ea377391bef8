"""The process for one task: forked by the zygote, it locks itself in and runs the rule."""

import _thread
import ast
import contextlib
import errno
import gc
import json
import os
import random
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from mmap import mmap
from queue import SimpleQueue
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

from ..record import Step
from ..rule import Rule
from ..run import MIB, Job, Limits, Record
from ..source import walk
from ..work import Work, get_ready_to_stand_still
from .guard import stand_guard
from .state import Snapshot
from .wire import MAX_REASON, MAX_REASONS, frame, write_all

if TYPE_CHECKING:
    from .linux import SystemCallFilter

_SLACK = 512 * MIB  # for what a rule takes between two looks: a page costs it about 0.1 µs
_DEFECT = 70  # exit code of a process that could not answer
_REFUSALS = (errno.EACCES, errno.EPERM, errno.EMFILE)
_LAST_SECONDS = 60  # of CPU time, after the rule's own, for making the record
# Names by which a rule gets from its own objects to those around it.
_WAYS_OUT = frozenset(
    "__subclasses__ __globals__ __closure__ __builtins__ __self__ cell_contents f_back f_locals"
    " f_globals f_builtins gi_frame cr_frame tb_frame co_consts co_code".split()
)


@dataclass(frozen=True)
class Surroundings:
    """What the zygote hands down: shared by all tasks, changed by none."""

    snapshot: Snapshot
    trusted: tuple[str, ...]  # how the names of files begin that are not the rule's
    steps: memoryview  # shared with the zygote: the number of steps recorded
    size: int  # of the address space, in bytes, with `spare`
    spare: mmap  # room for making the record when the rule has used up its own memory
    hidden: dict[str, ModuleType]
    filter: "SystemCallFilter | None"


class Child:
    """One task in a process of its own."""

    def __init__(self, surroundings: Surroundings, request: bytes, reply: int, life: int) -> None:
        self._around = surroundings
        self._request = request
        self._reply = reply
        self._life = life
        self._reasons: list[str] = []
        self.work: _Work | None = None

    def run(self, parent: int) -> NoReturn:
        """Do the task, answer, and end the process."""
        try:
            self._isolate(parent)
            self._perform()
        finally:
            os._exit(_DEFECT)

    # Locking in

    def _isolate(self, parent: int) -> None:
        """Close what is not needed and set the limits that need no more than the system."""
        kept = sorted((self._reply, self._life))
        first = 3
        for descriptor in kept:
            os.closerange(first, descriptor)
            first = descriptor + 1
        os.closerange(first, 1 << 16)
        if sys.platform.startswith("linux"):
            from . import linux

            linux.hide_from_others()
            linux.end_with_parent(signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)

    def _limit(self, limits: Limits) -> None:
        """Have the system end what `Work` cannot, and open nothing more."""
        size = self._around.size + limits.memory * MIB + _SLACK
        cpu = int(limits.cpu) + _LAST_SECONDS
        for kind, most in (
            (resource.RLIMIT_AS, size),
            (resource.RLIMIT_CPU, cpu),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_NOFILE, 0),
            (resource.RLIMIT_NPROC, 0),
        ):
            allowed = resource.getrlimit(kind)[1]
            most = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
            with contextlib.suppress(OSError, ValueError):  # no such limit on this system
                resource.setrlimit(kind, (most, most))

    # The task

    def _perform(self) -> None:
        request: dict[str, Any] = json.loads(self._request)
        self._request = b""
        self._token = bytes.fromhex(request["token"])
        limits = Limits(**request["limits"])
        get_ready_to_stand_still()
        gc.enable()
        watches: SimpleQueue[Callable[[], None]] = SimpleQueue()
        _thread.start_new_thread(_serve_watches, (watches.get,))
        self._limit(limits)
        rule: Rule | None = None
        for arguments, question in request["inputs"]:
            style, *more = request["styles"]
            job = Job(
                request["source"], arguments, request["function"], style, question, limits,
                tuple(more), request["steps"],
            )  # fmt: skip
            work = _Work(job, self, watches.put)
            work.rule = rule
            if self.work is None:
                self._lock(work)
            self.work = work
            random.seed(0)  # every input has the same luck
            record = work.perform()
            self._deliver(record, limits)
            rule = work.rule
            if self._reasons or record["status"] == "rejected_source":
                break  # the rest gets a new process, or would be rejected as well
        os._exit(0)

    def _lock(self, work: "_Work") -> None:
        """Give up all that remains. From here on this process can only compute and answer."""
        self.work = work

        def blocked(what: str) -> None:
            assert self.work is not None
            self.work.block(what)

        stand_guard(self._around.trusted, blocked, self.taint)
        self._around.snapshot.begin()
        if self._around.filter is not None:
            self._around.filter.load()

    # Answering

    def taint(self, reason: str) -> None:
        """Tell the supervisor at once that the rule has tampered, before that has any effect."""
        if reason not in self._reasons and len(self._reasons) < MAX_REASONS:
            self._reasons.append(reason)
            text = reason.encode("utf-8", "backslashreplace")[:MAX_REASON]
            write_all(self._reply, frame(b"T", text))

    def announce(self) -> None:
        """Look at what the rule has left behind, before the record is made."""
        gc.disable()  # collecting could run more of the rule
        self._around.spare.close()
        for reason in self._around.snapshot.undo():
            self.taint(reason)
        sys.modules.update(self._around.hidden)
        write_all(self._reply, frame(b"A", self._token))

    def conceal(self, rule: Rule) -> None:
        """Take what is ours out of the rule's sight."""
        for name in _ways_out(rule):
            self.taint(f"the rule mentions {name}")
        for name in self._around.hidden:
            sys.modules.pop(name, None)
        self._around.snapshot.modules_are_final()

    def _deliver(self, record: Record, limits: Limits) -> None:
        payload = json.dumps(record).encode()
        if len(payload) > limits.reply:
            payload = json.dumps({**record, "status": "limit_output", "steps": []}).encode()
        write_all(self._reply, frame(b"R", self._token + payload))

    def end(self, record: Record, limits: Limits, job: Job) -> NoReturn:
        """Answer with a record and end the process."""
        try:
            try:
                self._deliver(record, limits)
            except MemoryError:
                self._deliver(job.record("limit_memory"), limits)
        finally:
            os._exit(0)


class Blocked(Exception):
    """What the rule tried that the sandbox does not allow; a record's ``exception``."""


class _Work(Work):
    """One input, traced in the process of a task."""

    def __init__(self, job: Job, child: Child, watch: Callable[[Callable[[], None]], None]) -> None:
        super().__init__(job, self._end)
        self._child = child
        self._hand_over = watch
        self._over = False

    def _end(self, record: Record) -> NoReturn:
        self._child.end(record, self._job.limits, self._job)

    def begin(self, watch: Callable[[], None]) -> None:
        self._hand_over(watch)

    def starting(self) -> None:
        assert self.rule is not None
        self._child.conceal(self.rule)

    def announce(self) -> None:
        self._over = True
        steps = self.trace.steps if self.trace is not None else None
        if type(steps) is _CountedSteps and len(steps) != steps.number:
            self._child.taint("the rule changes the steps recorded")
        self._child.announce()

    def outcome(self, error: BaseException | None) -> str:
        kind = type(error)
        if isinstance(error, ModuleNotFoundError) and kind is ModuleNotFoundError:
            name = error.name.partition(".")[0] if type(error.name) is str else ""
            return "blocked" if name in sys.stdlib_module_names else "rule_error"
        if isinstance(error, OSError) and kind in (OSError, PermissionError):
            return "blocked" if error.errno in _REFUSALS else "rule_error"
        return super().outcome(error)

    def resident(self) -> int:
        # The peak, which needs no file; a fork begins its own.
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak * (1 if sys.platform == "darwin" else 1024)

    def new_steps(self) -> list[Step]:
        return _CountedSteps(self._child._around.steps)

    def block(self, what: str) -> None:
        """End the run: the rule tries to reach outside."""
        if not self._over and self.trace is not None:
            self.stop("blocked", Blocked(f"the rule was stopped: {what}"))


class _CountedSteps(list[Step]):
    """Steps, with their number kept where it outlives this process."""

    __slots__ = ("_count", "number")

    def __init__(self, count: memoryview) -> None:
        self._count = count
        self.number = 0
        count[0] = 0

    def append(self, step: Step) -> None:
        self.number += 1
        self._count[0] = self.number
        list.append(self, step)


def _serve_watches(next_watch: Callable[[], Callable[[], None]]) -> NoReturn:
    """Run what is handed over, one after the other, in this thread."""
    try:
        while True:
            next_watch()()
    finally:
        os._exit(_DEFECT)


def _ways_out(rule: Rule) -> list[str]:
    """Return the names in a rule by which it could get at what is around it."""
    found = set()
    for node in walk(rule.module.tree):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.update(w for w in _WAYS_OUT if w in node.value)
    return sorted(found & _WAYS_OUT)
