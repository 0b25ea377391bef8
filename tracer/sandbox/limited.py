"""Traces a rule in this process, under limits."""

import _thread
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from types import FrameType
from typing import NoReturn

from ..errors import InputRejected, SourceRejected
from ..recorded.running import hooked
from ..recorded.steps import Step
from ..records import MIB, Crashed, Limits, Record, Task
from ..rule import Rule
from ..styles import Style, load
from ..styles.prompt import shown
from ..tracing import Trace
from .quiet import Quiet

# Tells the thread of the rule to stop; ignored by a rule that has put away our answer to it.
STAND_STILL = signal.SIGURG
_LOOK_SECONDS = 0.01  # how often the memory is looked at
ROOM = 100  # frames for the tracer below the rule's own


class LimitedRun:
    """One input of a task.

    Its record is made once: at the end of the rule or, from any thread, at a limit.
    `deliver` gets the record at a limit and has to end the process. What else a surrounding may
    want to do can be given by overriding `begin`, `announce` and the other public methods.
    """

    def __init__(
        self, task: Task, index: int, limits: Limits, deliver: Callable[[Record], NoReturn]
    ) -> None:
        self.trace: Trace | None = None
        self.rule: Rule | None = None  # made from the task's source unless it is there already
        self._task = task
        self._index = index
        self._limits = limits
        self._deliver = deliver
        self._styles = {name: load(name) for name in task.styles}
        self._printed = Quiet()
        self._process = os.getpid()
        self._turn = _thread.allocate_lock()  # held by who makes the record, for ever
        self._running = _thread.allocate_lock()  # held until then
        self._reached = ""  # the status of a limit that has been reached
        self._reason: Exception | None = None  # why a limit has ended the rule, if not plain

    # What a surrounding may do at these moments

    def begin(self, watch: Callable[[], None]) -> None:
        """Have `watch` run in another thread, before the text of the rule is looked at."""
        _thread.start_new_thread(watch, ())

    def starting(self) -> None:
        """The rule is compiled; its code runs next."""

    def announce(self) -> None:
        """The rule has ended; the record, which may take a while, is made next."""

    def resident(self) -> int:
        """Return how much memory this process has in use, in bytes; 0 if that cannot be known."""
        try:
            with open("/proc/self/statm", "rb", buffering=0) as sizes:  # noqa: PTH123 - quick
                return int(sizes.read().split()[1]) * os.sysconf("SC_PAGESIZE")
        except OSError:
            return 0

    def outcome(self, error: BaseException | None) -> str:
        """Return the status of a run that ended by itself, with an exception or without one."""
        match error:
            case None:
                return "ok"
            case MemoryError():
                return "limit_memory"
            case RecursionError():
                return "limit_depth"
        return "rule_error"

    def new_steps(self) -> list[Step] | None:
        """Return the list that steps are to be appended to, or None for a plain one."""
        return None

    # The work

    def perform(self) -> Record:
        """Run the rule to its end; return the record."""
        self._running.acquire()
        rule_thread = _thread.get_ident()
        with contextlib.suppress(AttributeError):  # a system without sub-second CPU times
            self._used = time.process_time()
        self.begin(lambda: self._watch(rule_thread))
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
        return self._task.record(self._index, status, problem) if problem else self._record(status)

    def _run(self) -> str:
        task, limits = self._task, self._limits
        if self.rule is None:
            self.rule = rule_of(task)
        args, kwargs = task.arguments(self._index, self.rule.classes)
        self.rule.parameters.check(args, kwargs)
        self.trace = Trace(
            self.rule,
            args,
            kwargs,
            max_steps=limits.steps,
            max_characters=limits.output * MIB,
            max_depth=limits.depth,
            on_limit=self.stop,
            steps=self.new_steps(),
            states=task.states,
        )
        hooked(self.rule)  # which loads what is taken out of a rule's sight
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(max(before, limits.depth + ROOM))
        self.starting()
        try:
            self.trace.run()
        except KeyboardInterrupt as error:
            self.trace.exception = error
        finally:
            if sys.getrecursionlimit() == limits.depth + ROOM:
                sys.setrecursionlimit(before)
        return self.outcome(self.trace.exception)

    def stop(self, status: str, reason: Exception | None = None) -> None:
        """Answer because of a limit that the rule has just reached; never return."""
        self._reason = reason
        if status == "limit_depth" and self.trace is not None:
            self.trace.exception = RecursionError("maximum recursion depth exceeded")
        # The thread that watches makes the record: the stack of this one may be used up.
        self._reached = status
        _stand_still()

    def _watch(self, rule: int) -> None:
        """Answer if the rule, which runs in the thread `rule`, takes too long or too much."""
        limits = self._limits
        deadline = time.monotonic() + limits.seconds
        most_cpu = self._used + limits.cpu
        most = self.resident() + limits.memory * MIB
        while not (status := self._reached):
            left = deadline - time.monotonic()
            if self._running.acquire(timeout=min(max(left, 0), _LOOK_SECONDS)):
                return
            if left <= 0 or time.process_time() > most_cpu:
                self._reached = "limit_time"
            elif self.resident() > most:
                self._reached = "limit_memory"
            else:
                continue
            # Or else the rule would go on and take time and memory from what follows.
            sys.setrecursionlimit(sys.getrecursionlimit() + ROOM)
            signal.pthread_kill(rule, STAND_STILL)
        self._take_turn()
        self._printed.give_back_streams()
        self._deliver(self._record(status))

    def _take_turn(self) -> None:
        """Go on if nobody else is making the record; otherwise stand still for ever."""
        if os.getpid() != self._process:
            os._exit(0)  # a copy that the rule has made with os.fork
        self._turn.acquire()
        self._running.release()
        self.announce()

    def _record(self, status: str) -> Record:
        """Return the record of the trace made so far."""
        task, index = self._task, self._index
        if self.trace is None or (status.startswith("limit_") and not task.partial):
            return task.record(index, status, self._reason)
        question = task.question(index)
        try:
            while True:
                try:
                    record = told(self.trace, self._styles, question, steps=task.steps)
                    break
                except MemoryError:
                    status, steps = "limit_memory", self.trace.steps
                    if not steps:
                        return task.record(index, status)
                    del steps[len(steps) // 2 :]  # what there is room for
        except Exception as defect:
            return task.record(index, "crashed", _tracer_failed(defect))
        record["stats"]["printed"] = self._printed.characters
        if self._reason is not None:
            record["exception"] = task.record(index, status, self._reason)["exception"]
        return {"status": status, **record}


def rule_of(task: Task) -> Rule:
    """Return the rule of a task. Raises SourceRejected, also where a style cannot show it."""
    rule = Rule.from_source(task.source, task.function)
    styles = [load(style) for style in task.styles]
    for style in styles:
        shown(style, rule)
    return rule.detailed if any(style.detailed for style in styles) else rule


def told(trace: Trace, styles: Mapping[str, Style], question: str | None, *, steps: bool) -> Record:
    """Return what a record says of a trace."""
    (_, style), *more = styles.items()
    record: Record = trace.to_json(style, question, steps=steps)
    for name, other in more:
        record.setdefault("texts", {})[name] = {
            "prompt": trace.prompt(other, question),
            "response": trace.response(other),
        }
    return record


def _stand_still(_signal: int = 0, _frame: FrameType | None = None) -> NoReturn:
    while True:
        time.sleep(3600)


@contextlib.contextmanager
def _ready_to_stand_still() -> Iterator[None]:
    """Make this thread stop for ever when the signal for it comes, and no longer afterwards.

    A signal that comes too late would stop it while it makes the record, which nobody else does.
    """
    if signal.getsignal(STAND_STILL) is _stand_still:  # and that cannot be changed any more
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_BLOCK, (STAND_STILL,))
        return
    try:
        before = signal.signal(STAND_STILL, _stand_still)
    except ValueError:  # not the main thread: only that one hears signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(STAND_STILL, before)


def get_ready_to_stand_still() -> None:
    """Do, while signals can still be set, what `LimitedRun` else does by itself."""
    signal.signal(STAND_STILL, _stand_still)


def _tracer_failed(defect: Exception) -> Crashed:
    return Crashed(f"the tracer itself failed ({type(defect).__name__}: {defect})")
