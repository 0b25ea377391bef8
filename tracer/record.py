"""Recording: the steps of a run, as the hooks of an instrumented module report them.

A `Recorder` keeps one `Step` for each statement that runs. It holds the text of values, never the
values themselves, so recording neither keeps an object alive nor sees it change later.

A text already made is used again while nothing can have changed the value: every statement that
may change an object in place raises the recorder's `version`, and the texts known in a frame
count as current only while the frame was last looked at in that version.
"""

import builtins
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import CodeType, FrameType

from .plan import Read, Scope, Statement, Worked
from .show import instance_attributes, is_code, is_iterator, is_scalar, show, show_exception

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

_MISSING = object()
_TOO_DEEP = ("maximum recursion depth", "Stack overflow")  # how such messages of Python begin
_HEADROOM = 250  # frames that hooks may need on top of the rule's own


class Frame:
    """A running function (or class body, or module) of the rule."""

    __slots__ = ("arrivals", "code", "depth", "known", "scope", "step", "version")

    def __init__(self, scope: Scope, depth: int, code: CodeType | None = None) -> None:
        self.code = code  # tells a frame from a later one at the same address
        self.scope = scope
        self.depth = depth
        self.known: dict[str, str] = {}  # last known text of each variable
        self.version = -1  # the recorder's version in which `known` was current
        self.step: Step | None = None
        self.arrivals: dict[int, int] = {}  # loop statement -> times its body was entered


class Step:
    """One statement that ran, or the entry of a function (kind ``call``).

    `early`, `late` and `values` hold what was taken: early reads by position, late reads by name,
    captures by key. The public view is `kind`, `line`, `source`, `depth`, `before`, `after`,
    `evaluated` and `outcome`.
    """

    __slots__ = (
        "after", "arrival", "early", "frame", "index", "kind", "late", "outcome", "resumed",
        "source", "statement", "values",
    )  # fmt: skip

    def __init__(
        self,
        kind: str,
        frame: Frame,
        statement: Statement | None,
        early: Sequence[str],
        index: int,
        source: str,
    ) -> None:
        self.kind = kind
        self.frame = frame
        self.statement = statement
        self.early = early
        self.index = index
        self.source = source
        self.late: dict[str, str] | None = None
        self.values: dict[int, str] | None = None
        self.after: dict[str, str] | None = None
        self.outcome: str | bool | None = None
        self.arrival = 0  # for a loop: how many times its body had been entered before
        # Captures taken after other steps had come between (None: the end of the step), each with
        # the number of steps that there were by then.
        self.resumed: list[tuple[int, int | None]] | None = None

    @property
    def line(self) -> int:
        """The line of the statement in the rule's source, from 1."""
        return (
            self.statement.line if self.statement else getattr(self.frame.scope.node, "lineno", 1)
        )

    @property
    def loop(self) -> bool:
        """Tell whether the step is the head of a loop."""
        return self.statement is not None and self.statement.loop

    @property
    def depth(self) -> int:
        """How many of the rule's functions are running, this one included."""
        return self.frame.depth

    @property
    def before(self) -> dict[str, str]:
        """The variables that the step read, with their values before it."""
        if self.statement is None:
            return {}
        found = {}
        for item in self.statement.items:
            if type(item) is Read:
                text = self.read(item)
                if text is not None:
                    found[item.name] = text
        return found

    @property
    def evaluated(self) -> list[tuple[str, str]]:
        """The sub-expressions worked out, as (source, value), in order of evaluation."""
        if self.statement is None or self.values is None:
            return []
        return [
            (item.source, self.values[item.key])
            for item in self.statement.items
            if type(item) is Worked and self.values.get(item.key)
        ]

    def read(self, item: Read) -> str | None:
        """Return the text of a read, or None if it did not happen."""
        if item.guard is not None:
            taken = self.values or {}
            if item.guard not in taken and not any(g in taken for g in item.others):
                return None
        if item.early:
            return self.early[item.index] or None if item.index < len(self.early) else None
        return self.late.get(item.name) if self.late else None

    def __repr__(self) -> str:
        return f"<step {self.kind} {self.source!r} line {self.line}>"


class Recorder:
    """Collects the steps of a run.

    `on_limit` is called from the hook, in the middle of the run, with ``limit_steps`` or
    ``limit_output`` when more than `max_steps` steps or `max_characters` characters of values
    have been recorded, with ``limit_depth`` when functions call each other deeper than
    `max_depth`, and with one of these or ``limit_memory`` when the rule is about to handle an
    exception that Python has raised for want of stack or memory. `steps` is the list to append to.
    """

    def __init__(
        self,
        max_steps: int | None = None,
        max_characters: int | None = None,
        on_limit: Callable[[str], None] | None = None,
        max_depth: int | None = None,
        steps: list[Step] | None = None,
    ) -> None:
        self.steps: list[Step] = [] if steps is None else steps
        self.characters = 0
        self.failures: list[str] = []  # what went wrong inside a hook: always a defect of ours
        self._frames: dict[int, Frame] = {}
        self._version = 0
        self._max_steps = sys.maxsize if max_steps is None else max_steps
        self._max_characters = sys.maxsize if max_characters is None else max_characters
        self._max_depth = sys.maxsize if max_depth is None else max_depth
        self._on_limit = on_limit

    # Called by the hooks

    def call(self, scope: Scope, values: Sequence[object], at: FrameType) -> None:
        """A function was entered, with the values of its parameters."""
        depth, caller = 1, at.f_back
        while caller is not None:
            outer = self._frames.get(id(caller))
            if outer is not None and outer.code is caller.f_code and outer.scope.kind == "function":
                depth = outer.depth + 1
                break
            caller = caller.f_back
        if depth > self._max_depth and self._on_limit is not None:
            self._on_limit("limit_depth")
        frame = self._frames[id(at)] = Frame(scope, depth, at.f_code)
        frame.version = self._version
        texts = [show(v) for v in values]
        frame.known = dict(zip(scope.params, texts, strict=True))
        step = self._new("call", frame, None, texts, scope.name)
        step.after = {name: text for name, text in frame.known.items() if name != scope.receiver}
        if scope.receiver is not None:
            step.after.update(
                self._receiver_changes(frame, values[scope.params.index(scope.receiver)])
            )
        self._count(texts)

    def before(self, s: Statement, early: Sequence[object], at: FrameType) -> None:
        """A statement is about to run; `early` are the values of its early reads."""
        frame = self._frame(s.scope, at)
        known, version = frame.known, self._version
        current = frame.version == version
        texts = []
        for read, value in zip(s.early, early, strict=True):
            text = known.get(read.name) if current else None
            if text is None:
                _, _, attribute = read.name.partition(".")
                if attribute:  # of `self`
                    value = instance_attributes(value).get(attribute, _MISSING)
                text = known[read.name] = "" if value is _MISSING else show(value)
            texts.append(text)
        step = self._new(s.kind, frame, s, texts, s.source)
        if s.loop:
            step.arrival = frame.arrivals.get(s.id, 0)
            if s.kind == "for":
                step.arrival = frame.arrivals[s.id] = 0
        if s.mutates and not s.rebinds:
            self._version += 1
        self._count(texts)

    def value(self, s: Statement, key: int, name: str | None, value: object, at: FrameType) -> None:
        """A captured expression was evaluated."""
        frame = self._frames.get(id(at))
        step = frame.step if frame else None
        if step is None or step.statement is not s:
            return
        text = show(value)
        if is_code(value) or (name is None and (text.startswith("<") or is_iterator(value))):
            text = ""  # a function, an iterator on its way: nothing that a reader could check
        if step.values is None:
            step.values = {}
        step.values[key] = text
        if name is not None and not is_code(value):
            if step.late is None:
                step.late = {}
            step.late.setdefault(name, text)
        self._resume(step, key)
        self.characters += len(text)

    def after(self, s: Statement, values: Sequence[object], at: FrameType) -> None:
        """A statement has run; `values` are those of its targets and of the watched names."""
        frame = self._frames.get(id(at))
        step = frame.step if frame else None
        if frame is None or step is None or step.statement is not s:
            return
        self._resume(step, None)
        step.after = self._changes(frame, s, values)

    def enter(
        self,
        s: Statement,
        kind: str,
        source: str,
        names: Sequence[str],
        values: Sequence[object],
        at: FrameType,
    ) -> None:
        """A block of a statement was entered: an iteration, a case, a handler."""
        if kind == "finally":
            self._not_to_be_caught(sys.exception())
        frame = self._frame(s.scope, at)
        step = frame.step
        if step is None or step.statement is not s or step.outcome is not None or kind != s.kind:
            step = self._new(kind, frame, s, (), source)
        if s.loop:
            step.arrival = frame.arrivals.get(s.id, 0)
            frame.arrivals[s.id] = step.arrival + 1
        step.outcome = True
        self._resume(step, None)
        if kind == s.kind:
            step.after = self._changes(frame, s, values)
        elif names:
            texts = {n: show(v) for n, v in zip(names, values, strict=True)}
            frame.known.update(texts)
            step.after = texts
            self._count(tuple(texts.values()))

    def failed_test(self, s: Statement, watched: Sequence[object], at: FrameType) -> None:
        """A test was false, or a loop has no more items."""
        frame = self._frame(s.scope, at)
        step = frame.step
        if step is None or step.statement is not s or step.outcome is not None:
            step = self._new(s.kind, frame, s, (), s.source)
            step.arrival = frame.arrivals.get(s.id, 0)
        self._resume(step, None)
        step.outcome = False
        step.after = self._in_place(frame, s, watched)

    def returned(
        self, s: Statement, value: object, watched: Sequence[object], at: FrameType
    ) -> None:
        """A return statement has worked out its value."""
        frame = self._frames.get(id(at))
        step = frame.step if frame else None
        if frame is not None and step is not None and step.statement is s:
            self._resume(step, None)
            step.outcome = show(value)
            if watched:
                step.after = self._in_place(frame, s, watched)

    def caught(
        self, s: Statement, source: str, name: str | None, error: BaseException, at: FrameType
    ) -> None:
        """A handler was entered."""
        self._not_to_be_caught(error)
        frame = self._frame(s.scope, at)
        step = self._new("except", frame, s, (), source)
        step.outcome = show_exception(error)[0]
        if name is not None:
            step.after = {name: show(error)}

    def ended(self, scope: Scope, at: FrameType) -> None:
        """A function ended without a return statement."""
        frame = self._frames.get(id(at))
        if frame is not None and frame.scope is scope:
            self._new("end", frame, None, (), "").outcome = "None"

    def loop(self, s: Statement, at: FrameType) -> None:
        """A while loop is about to start."""
        self._frame(s.scope, at).arrivals[s.id] = 0

    def failed(self, error: Exception) -> None:
        """A hook went wrong; the rule must not notice."""
        self.failures.append(f"{type(error).__name__}: {error}")

    # Within

    def _not_to_be_caught(self, error: BaseException | None) -> None:
        """End the run if the interpreter itself has raised `error` for want of room."""
        if self._on_limit is None or error is None:
            return
        args = BaseException.__dict__["args"].__get__(error)
        if type(error) is MemoryError and not args:
            self._on_limit("limit_memory")
        reason = args[0] if args and type(args[0]) is str else ""
        if type(error) is RecursionError and reason.startswith(_TOO_DEEP):
            self._on_limit("limit_depth")

    def _new(
        self,
        kind: str,
        frame: Frame,
        statement: Statement | None,
        early: Sequence[str],
        source: str,
    ) -> Step:
        index = len(self.steps)
        if index >= self._max_steps and self._on_limit is not None:
            self._on_limit("limit_steps")
        step = frame.step = Step(kind, frame, statement, early, index, source)
        self.steps.append(step)
        return step

    def _count(self, texts: Sequence[str]) -> None:
        for text in texts:
            self.characters += len(text)
        if self.characters > self._max_characters and self._on_limit is not None:
            self._on_limit("limit_output")

    def _resume(self, step: Step, key: int | None) -> None:
        """Note that other steps ran in the middle of this one."""
        position = len(self.steps)
        if step.index != position - 1:
            if step.resumed is None:
                step.resumed = []
            step.resumed.append((position, key))

    def _frame(self, scope: Scope, at: FrameType) -> Frame:
        frame = self._frames.get(id(at))
        if frame is None or frame.scope is not scope:
            outer = self._frames.get(id(at.f_back)) if at.f_back else None
            frame = self._frames[id(at)] = Frame(scope, outer.depth if outer else 0, at.f_code)
        return frame

    def _changes(self, frame: Frame, s: Statement, values: Sequence[object]) -> dict[str, str]:
        known, changed = frame.known, {}
        count = len(s.targets)
        in_place = s.mutates
        for name, value in zip(s.targets, values, strict=False):
            changed[name] = known[name] = text = show(value)
            self.characters += len(text)
            if s.rebinds:
                in_place = not is_scalar(value)
        if in_place:
            if s.rebinds:
                self._version += 1
            changed.update(self._in_place(frame, s, values[count:]))
        return changed

    def _in_place(self, frame: Frame, s: Statement, watched: Sequence[object]) -> dict[str, str]:
        """Return the watched variables whose text differs from the last one known."""
        known: dict[str, str] = frame.known
        changed: dict[str, str] = {}
        for name, value in zip(s.watched, watched, strict=False):
            if name == s.scope.receiver:
                changed.update(self._receiver_changes(frame, value))
            elif s.scope.shared or not is_scalar(value):
                text = show(value)
                if known.get(name) != text:
                    if name in known or not is_code(value):
                        changed[name] = text
                        self.characters += len(text)
                    known[name] = text
        frame.version = self._version
        if self.characters > self._max_characters and self._on_limit is not None:
            self._on_limit("limit_output")
        return changed

    def _receiver_changes(self, frame: Frame, receiver: object) -> dict[str, str]:
        """Return the attributes of `self` whose text differs from the last one known."""
        known, changed = frame.known, {}
        for attribute, value in instance_attributes(receiver).items():
            name, text = f"{frame.scope.receiver}.{attribute}", show(value)
            if known.get(name) != text:
                changed[name] = known[name] = text
        return changed


class _Active:
    """The recorder that hooks report to; None outside `recording`."""

    recorder: Recorder | None = None

    def failed(self, error: Exception) -> None:
        """Tell the recorder that a hook went wrong."""
        if self.recorder is not None:
            self.recorder.failed(error)


active = _Active()


@contextmanager
def activate(recorder: Recorder) -> Iterator[Recorder]:
    """Send what the hooks of every instrumented module report to `recorder`."""
    before, limit = active.recorder, sys.getrecursionlimit()
    active.recorder = recorder
    sys.setrecursionlimit(limit + _HEADROOM)
    try:
        yield recorder
    finally:
        active.recorder = before
        if sys.getrecursionlimit() == limit + _HEADROOM:
            sys.setrecursionlimit(limit)


@contextmanager
def recording() -> Iterator[list[Step]]:
    """Record the statements of instrumented modules that run inside; yields the list of steps."""
    with activate(Recorder()) as recorder:
        yield recorder.steps
