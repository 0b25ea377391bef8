"""Recording: the steps of a run, as the hooks of an instrumented module report them.

A statement that may change more than it assigns has every variable that its function can see
looked at before and again after it; what differs has changed, whatever the reason. Before, what
was known after the statement just above is used again. A statement is not looked around if its
plan says that it is harmless with plain values and all values that it reads are plain.
"""

import builtins
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

from ..plan.statements import Read, Scope, Statement, Worked
from ..values.exceptions import show_exception
from ..values.reading import is_code, is_iterator
from ..values.show import show
from .changes import (
    bound_inside,
    compare,
    compare_receiver,
    follows,
    hold,
    in_place,
    left_with,
    limit_of,
)
from .equations import holds
from .peek import MISSING, find, is_inert, is_key, is_named, is_plain, local, part
from .states import caller_of, changes, may_begin
from .steps import Frame, State, Step

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

_UNBINDS = ("del", "import", "match", "try", "with")  # kinds that bind or unbind unseen


class Recorder:
    """Collects the steps of a run.

    `on_limit` is called from the hook, in the middle of the run, with ``limit_steps`` or
    ``limit_output`` when more than `max_steps` steps or `max_characters` characters of values
    have been recorded, with ``limit_depth`` when functions call each other deeper than
    `max_depth`, and with one of these or ``limit_memory`` when the rule is about to handle an
    exception that Python has raised for want of stack or memory. `steps` is the list to append to.
    With `states`, steps at which a reader could begin have what the variables were.
    """

    def __init__(
        self,
        max_steps: int | None = None,
        max_characters: int | None = None,
        on_limit: Callable[[str], None] | None = None,
        max_depth: int | None = None,
        steps: list[Step] | None = None,
        states: bool = False,
    ) -> None:
        self._states = states
        self.steps: list[Step] = [] if steps is None else steps
        self.characters = 0
        self.failures: list[str] = []  # what went wrong inside a hook: always a defect of ours
        self._frames: dict[int, Frame] = {}
        self._latest: Frame | None = None  # whose hook was called last
        self._max_steps = sys.maxsize if max_steps is None else max_steps
        self._max_characters = sys.maxsize if max_characters is None else max_characters
        self._max_depth = sys.maxsize if max_depth is None else max_depth
        self._on_limit = on_limit

    # Called by the hooks, with the frame that runs

    def call(self, at: FrameType, scope: Scope, *given: object) -> None:
        """A function was entered, with the values of its parameters."""
        depth, caller = 1, at.f_back
        while caller is not None:
            outer = self._frames.get(id(caller))
            if outer is not None and outer.code is caller.f_code and outer.scope.kind == "function":
                depth = outer.depth + 1
                break
            caller = caller.f_back
        if depth > self._max_depth:
            self._stop("limit_depth")
        frame = self._frames[id(at)] = self._latest = Frame(scope, depth, at.f_code)
        texts = [show(v) for v in given]
        frame.known = dict(zip(scope.params, texts, strict=True))
        step = self._new("call", frame, None, scope.name)
        step.after = {name: text for name, text in frame.known.items() if name != scope.receiver}
        hold(step, at, dict(zip(scope.params, given, strict=True)))
        if scope.receiver is not None and scope.receiver not in scope.params:
            found = local(at, (scope.receiver,)) or {}
            compare_receiver(frame, found.get(scope.receiver), {})  # known, and stated when read
        elif scope.receiver is not None:
            receiver = given[scope.params.index(scope.receiver)]
            compare_receiver(frame, receiver, step.after)
            values = {scope.receiver: receiver}
            for name in scope.paths:
                value = part(values, name)
                if value is not MISSING and name not in frame.known:
                    step.after[name] = frame.known[name] = show(value)
        self._count(step.after)

    def before(self, at: FrameType, s: Statement, *passed: object) -> None:
        """A statement is about to run; `passed` are the values of its surely bound variables."""
        frame, latest = self._frame(at, s.scope), self._latest
        current = frame.current and latest is frame and follows(frame.step, s)
        self._latest, frame.current = frame, False
        values = dict(zip(s.passed, passed, strict=True))
        if s.outside or s.loose:
            find(s, values, at)
        known = frame.known
        reads: dict[str, str] = {}
        harmless, calm = s.harmless, s.calm
        test = is_inert if s.scalars else is_plain
        for item in s.items:
            if type(item) is not Read:
                continue
            name, value = item.name, part(values, item.name)
            if value is MISSING or not is_named(name, values, s.scope.receiver):
                continue
            harmless = harmless and test(value)
            calm = calm and is_plain(value)
            text = known.get(name) if current else None
            if text is None:
                if is_code(value) and name in s.outside:
                    continue
                text = show(value)
            if item.called and text[0] == "<":
                continue
            reads[name] = text
        step = self._new(s.kind, frame, s, s.source)
        step.reads, step.calm, step.current = reads, calm, current
        if self._states and may_begin(s):
            step.state = self._state(at)
        if s.kind in _UNBINDS or s.bound_inside:
            frame.held = {}
        hold(step, at, values)
        if s.looks:
            frame.harmless[s.id] = harmless
            if not (harmless or current):
                compare(frame, s, values, step.drift, new=False)
                self._count(step.drift)
        known.update(reads)
        if s.place is not None and s.place.path and s.kind == "augassign":
            self._read_place(s, step, values.get(s.place.root))
        if s.shaky and s.equation and type(left := s.equation[-3]) is Read:
            step.steady = calm or is_inert(part(values, left.name))
        if s.loop:
            if s.kind == "for":
                frame.arrivals[s.id] = 0
            step.arrival = frame.arrivals.get(s.id, 0)
        self.characters += sum(map(len, reads.values())) // 2  # it is stated, and put in
        self._count(reads)

    def value(self, at: FrameType, s: Statement, key: int, value: object) -> None:
        """A captured expression was evaluated."""
        step = self._running(at, s)
        if step is not None:
            # An iterator is on its way to what reads it: nothing that a reader could check.
            text = "<iterator>" if is_iterator(value) else show(value)
            self._take(s, step, key, value, text)

    def told(self, at: FrameType, s: Statement, source: str, value: object) -> None:
        """A part of an inner scope was evaluated, in whatever statement runs it."""
        frame = caller_of(at, self._frames)
        if frame is None or is_iterator(value):
            return
        text = show(value)
        if text[0] != "<":
            line = f"{source} = {text}"
            self._count({None: text})
            frame.told.append((len(self.steps), line))

    def bound(
        self, at: FrameType, s: Statement, names: Sequence[str], values: Sequence[object]
    ) -> None:
        """Names of an inner scope were bound."""
        for name, value in zip(names, values, strict=True):
            self.told(at, s, name, value)

    def _take_told(self, frame: Frame, step: Step | None, key: int = -1) -> None:
        """Give a step what was told since its last capture."""
        if frame.told and step is not None:
            step.told = step.told or {}
            step.told.setdefault(key, []).extend(frame.told)
            frame.told = []

    def key(self, at: FrameType, s: Statement, number: int, value: object, *root: object) -> None:
        """A key of the place that a statement assigns was evaluated."""
        step = self._running(at, s)
        if step is None:
            return
        if step.keys is None:
            step.keys = {}
        step.keys[number] = value if is_key(value) else MISSING
        if root:
            self._read_place(s, step, root[0])

    def after(self, at: FrameType, s: Statement, *values: object) -> None:
        """A statement has run; `values` are those of its targets and of what it was given."""
        step = self._running(at, s)
        if step is not None:
            self._take_told(step.frame, step)
            step.resume(len(self.steps))
            step.after = self._changes(s, step, values, at)

    def matched(self, at: FrameType, s: Statement, subject: object, *passed: object) -> None:
        """The subject of a match was evaluated."""
        self.after(at, s, *passed)

    def enter(
        self,
        at: FrameType,
        s: Statement,
        kind: str,
        source: str,
        names: Sequence[str],
        *values: object,
    ) -> None:
        """A block of a statement was entered: an iteration, a case, a handler."""
        if kind == "finally":
            self._not_to_be_caught(sys.exception())
        own, left = kind == s.kind, left_with(self._frame(at, s.scope).step, s)
        step = self._undecided(at, s, kind, source, new=not own)
        frame = step.frame
        if s.loop:
            step.arrival = frame.arrivals.get(s.id, 0)
            frame.arrivals[s.id] = step.arrival + 1
        step.outcome = True
        step.resume(len(self.steps))
        if own:
            self._take_told(frame, step)
            step.after = self._changes(s, step, values, at, left=left)
            return
        self._latest, frame.current = frame, False
        if kind == "case" and s.guards.get(source):
            there = dict(zip(s.passed, values[len(names) :], strict=True))
            find(s, there, at)
            read = {n: there.get(n, MISSING) for n in s.guards[source]}
            step.reads = {n: show(value) for n, value in read.items() if value is not MISSING}
        if names:
            step.after = {n: show(v) for n, v in zip(names, values, strict=False)}
            hold(step, at, dict(zip(names, values, strict=False)))
            frame.known.update(step.after)
            self._count(step.after)

    def failed_test(self, at: FrameType, s: Statement, *passed: object) -> None:
        """A test was false, or a loop has no more items."""
        left = left_with(self._frame(at, s.scope).step, s)
        step = self._undecided(at, s, s.kind, s.source)
        step.arrival = step.frame.arrivals.get(s.id, 0)
        self._take_told(step.frame, step)
        step.resume(len(self.steps))
        step.outcome = False
        step.after = self._changes(s, step, passed, at, targets=False, left=left)

    def returned(self, at: FrameType, s: Statement, value: object, *passed: object) -> None:
        """A return statement has worked out its value."""
        step = self._running(at, s)
        if step is not None:
            self._take_told(step.frame, step)
            step.resume(len(self.steps))
            step.outcome = self._outcome(show(value))
            step.frame.leaving = s.source.removeprefix("return "), step
            if s.looks:
                step.after = self._changes(s, step, passed, at)
            if self._states:
                step.left = self._state(at.f_back)

    def caught(self, at: FrameType, s: Statement, source: str, name: str | None) -> None:
        """A handler was entered."""
        error = sys.exception()
        if error is None:
            return
        self._not_to_be_caught(error)
        frame = self._frame(at, s.scope)
        step = self._new("except", frame, s, source)
        frame.held = {}  # an assignment may have been left in its middle
        self._latest, frame.current = frame, False
        step.outcome = show_exception(error)[0]
        if name is not None:
            step.after = {name: show(error)}
            frame.known.update(step.after)
            self._count(step.after)

    def ended(self, at: FrameType, scope: Scope) -> None:
        """A function ended without a return statement."""
        frame = self._frames.get(id(at))
        if frame is not None and frame.scope is scope:
            step = self._new("end", frame, None, "")
            step.outcome = "None"
            if self._states:
                step.left = self._state(at.f_back)

    def loop(self, at: FrameType, s: Statement) -> None:
        """A while loop is about to start."""
        self._frame(at, s.scope).arrivals[s.id] = 0

    def settled(self, at: FrameType, s: Statement, *values: object) -> None:
        """The body of a loop has ended with a block whose own end no step tells of."""
        frame, found = self._frame(at, s.scope), dict(zip(s.again, values, strict=True))
        if s.outside or s.loose:
            find(s, found, at)
        compare(frame, s, found, frame.drift, new=False)
        self._count(frame.drift)

    def failed(self, error: Exception) -> None:
        """A hook went wrong; the rule must not notice."""
        if type(error) is MemoryError:
            self._stop("limit_memory")  # or else steps would be missing
        self.failures.append(f"{type(error).__name__}: {error}")

    def left(self, text: str | None, error: BaseException | None = None) -> None:
        """The rule has ended: with a result, or with an exception that has left it."""
        for frame in self._frames.values():
            self._take_told(frame, frame.step)
        ends = (s for s in reversed(self.steps) if s.kind in ("return", "end") and s.depth == 1)
        last = None if text is None else next(ends, None)
        if last is not None and text is not None and last.outcome not in (None, text):
            last.outcome = self._outcome(text)  # what ran on the way out has changed it
        if self._on_limit is None:
            return
        self._count(dict(enumerate((text or "",) if error is None else show_exception(error))))

    # Within

    def _stop(self, limit: str) -> None:
        if self._on_limit is not None:
            self._on_limit(limit)

    def _not_to_be_caught(self, error: BaseException | None) -> None:
        """End the run if the interpreter itself has raised `error` for want of room."""
        if self._on_limit is None or error is None:
            return
        if (limit := limit_of(error)) is not None:
            self._stop(limit)

    def _new(self, kind: str, frame: Frame, statement: Statement | None, source: str) -> Step:
        index = len(self.steps)
        if index >= self._max_steps:
            self._stop("limit_steps")
        last = frame.step
        if frame.told and last is not None and last.after is None and last.outcome is None:
            self._take_told(frame, last)  # an exception has ended it
        step = frame.step = Step(kind, frame, statement, {}, index, source)
        if frame.drift:
            step.drift, frame.drift = frame.drift, {}
        self.steps.append(step)
        return step

    def _running(self, at: FrameType, s: Statement) -> Step | None:
        """Return the step of a statement that is being worked out."""
        frame = self._frames.get(id(at))
        step = frame.step if frame is not None else None
        return step if step is not None and step.statement is s else None

    def _undecided(
        self, at: FrameType, s: Statement, kind: str, source: str, new: bool = False
    ) -> Step:
        """Return the step of a statement whose outcome comes now; a new one if it has one."""
        frame = self._frame(at, s.scope)
        step = frame.step
        if new or step is None or step.statement is not s or step.outcome is not None:
            step = self._new(kind, frame, s, source)
            if self._states and kind == "for":
                step.state = self._state(at, s.targets)
        return step

    def _count(self, texts: dict[Any, str]) -> None:
        """Count texts that are kept; end the run, and do not keep them, if they are too many."""
        self.characters += sum(map(_size, texts.values()))
        if self.characters > self._max_characters and self._on_limit is not None:
            texts.clear()
            self._stop("limit_output")

    def _outcome(self, text: str) -> str:
        """Return the text of what a function returns, counted."""
        self._count({None: text})
        return text

    def _state(self, at: FrameType | None, bound: Sequence[str] = ()) -> State:
        """Return what differs of all functions at work; `bound` have just got what comes next."""
        state: State = []
        while at is not None:
            frame = self._frames.get(id(at))
            if frame is not None and frame.code is at.f_code and frame.scope.kind == "function":
                changed = changes(frame, at, bound)
                self._count({n: t for n, t in changed.items() if frame.known.get(n) != t})
                state.append((frame, changed))
                bound = ()
            at = at.f_back
        return state[::-1]

    def _frame(self, at: FrameType, scope: Scope) -> Frame:
        frame = self._frames.get(id(at))
        if frame is None or frame.scope is not scope:
            outer = self._frames.get(id(at.f_back)) if at.f_back else None
            frame = self._frames[id(at)] = Frame(scope, outer.depth if outer else 0, at.f_code)
        return frame

    def _take(self, s: Statement, step: Step, key: int, value: object, text: str) -> None:
        """Note the value of a capture."""
        step.values[key] = text
        if key in s.told_at:
            self._take_told(step.frame, step, key)
        if s.shaky and s.equation and type(left := s.equation[-3]) is Worked and left.key == key:
            step.steady = step.calm or is_inert(value)
        step.resume(len(self.steps), key)
        self.characters += _size(text)
        if self.characters > self._max_characters and self._on_limit is not None:
            del step.values[key]
            self._stop("limit_output")

    def _changes(
        self,
        s: Statement,
        step: Step,
        values: Sequence[object],
        at: FrameType,
        targets: bool = True,
        left: bool = False,
    ) -> dict[str, str]:
        """Return what a statement has assigned and what has changed besides.

        If a ``with`` has been `left` since, that may have changed it, and no step tells of that.
        """
        frame = step.frame
        known, count = frame.known, len(s.targets) if targets else 0
        changed: dict[str, str] = {}
        for name, value in zip(s.targets, values[:count], strict=False):
            changed[name] = known[name] = show(value)
        looks = s.looks and not frame.harmless.get(s.id)
        found: dict[str, Any] = {}
        if looks or s.place is not None:
            found = dict(zip(s.again, values[count:], strict=False))
            if s.outside or s.loose:
                find(s, found, at)
        if s.place is not None:
            new = in_place(s, step, found.get(s.place.root, MISSING))
            if new is not MISSING and s.place.name:
                changed[s.place.name] = show(new)
            elif new is not MISSING:
                self._take(s, step, s.place.new, new, show(new))
        if looks:
            compare(frame, s, found, step.drift if left else changed, new=True)
            self._count(step.drift if left else {})
            bound_inside(s, step, known, changed)
        if s.shaky and s.equation:
            step.steady = holds(s, step, changed)
        hold(step, at, dict(zip((*s.targets[:count], *s.again), values, strict=False)))
        frame.current = looks or (step.current and self._latest is frame)
        self._latest = frame
        self._count(changed)
        if frame.leaving is not None:
            name, leaving = frame.leaving
            if name in s.targets:
                frame.leaving = None
            elif name in changed:
                leaving.outcome = changed[name]
        return changed

    def _read_place(self, s: Statement, step: Step, root: object) -> None:
        """Note the value of the place that an operation begins with."""
        old = in_place(s, step, root)
        if s.place is not None and old is not MISSING:
            self._take(s, step, s.place.old, old, show(old))


def _size(text: str) -> int:
    """Return how much a text takes, in bytes."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
