"""The thorough way to do a task: each step of the rule is recorded, under all limits."""

import _thread
import errno
import gc
import os
import random
import resource
import sys
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import NoReturn

from ..recorded.steps import Step
from ..records import MIB, Limits, Record, Task
from ..rule import Rule
from .child import Child
from .limited import LimitedRun, get_ready_to_stand_still
from .suspicions import suspicions
from .wire import MAX_REASON, MAX_REASONS, frame

_SLACK = 512 * MIB  # for what a rule takes between two looks: a page costs it about 0.1 µs
_DEFECT = 70  # exit code of a process whose watching thread has failed
_REFUSALS = (errno.EACCES, errno.EPERM, errno.EMFILE)
_LAST_SECONDS = 60  # of CPU time, after the rule's own, for making the record


def perform(child: Child, tasks: Sequence[Task], limits: Limits, rule: Rule | None) -> None:
    """Answer for one task with one input; `rule` is the task's if it is made already.

    What a rule leaves behind ends with this process: the next input starts where this one did.
    """
    (task,) = tasks
    get_ready_to_stand_still()
    gc.enable()
    watches: SimpleQueue[Callable[[], None]] = SimpleQueue()
    _thread.start_new_thread(_serve_watches, (watches.get,))
    # The system ends what `LimitedRun` cannot.
    child.limit(limits.memory * MIB + _SLACK, int(limits.cpu) + _LAST_SECONDS)
    tampering = _Tampering(child)
    child.lock(tampering.block, tampering.taint)
    at_hand = _SandboxedRun(task, 0, limits, tampering, watches.put)
    tampering.at_hand = at_hand
    at_hand.rule = rule
    random.seed(0)  # every input has the same luck
    record = at_hand.perform()
    text = task.text(0)
    if text is not None and child.around.judge is not None:
        record = child.around.judge(record, at_hand.trace, text, task.styles[0])
    child.send(child.answer(record, limits))


class _Tampering:
    """What is known of a rule's tampering, and what is done about it."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.reasons: list[str] = []
        self.at_hand: _SandboxedRun | None = None

    def taint(self, reason: str) -> None:
        """Tell the supervisor at once that the rule has tampered, before that has any effect."""
        if reason not in self.reasons and len(self.reasons) < MAX_REASONS:
            self.reasons.append(reason)
            text = reason.encode("utf-8", "backslashreplace")[:MAX_REASON]
            self.child.send(frame(b"T", text))

    def block(self, what: str) -> None:
        """End the run: the rule tries to reach outside."""
        if self.at_hand is not None:
            self.at_hand.block(what)


class Blocked(Exception):
    """What the rule tried that the sandbox does not allow; a record's ``exception``."""


class _SandboxedRun(LimitedRun):
    """One input."""

    def __init__(
        self,
        task: Task,
        index: int,
        limits: Limits,
        tampering: _Tampering,
        watch: Callable[[Callable[[], None]], None],
    ) -> None:
        super().__init__(task, index, limits, self._end)
        self._tampering = tampering
        self._child = tampering.child
        self._hand_over = watch
        self._over = False

    def _end(self, record: Record) -> NoReturn:
        """Answer with a record and end the process."""
        limits = self._limits
        try:
            try:
                answer = self._child.answer(record, limits)
            except MemoryError:
                answer = self._child.answer(self._task.record(self._index, "limit_memory"), limits)
            self._child.send(answer)
        finally:
            os._exit(0)

    def begin(self, watch: Callable[[], None]) -> None:
        self._hand_over(watch)

    def starting(self) -> None:
        assert self.rule is not None
        for reason in suspicions(self.rule):
            self._tampering.taint(reason)
        self._child.conceal()

    def announce(self) -> None:
        self._over = True
        steps = self.trace.steps if self.trace is not None else None
        if type(steps) is _CountedSteps and len(steps) != steps.number:
            self._tampering.taint("the rule changes the steps recorded")
        gc.disable()  # collecting could run more of the rule
        self._child.around.spare.close()
        for reason in self._child.look():
            self._tampering.taint(reason)
        self._child.send(self._child.announcement())

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
        return _CountedSteps(self._child.steps)

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
