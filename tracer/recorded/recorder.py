"""Recording: the steps of a run, as the hooks of an instrumented module report them.

A `Recorder` keeps one `Step` for each statement that runs. It holds the text of values, never the
values themselves, so recording neither keeps an object alive nor sees it change later.

A statement that may change more than it assigns has every variable that its function can see
looked at before and again after it; what differs has changed, whatever the reason. Before, what
was known after the statement just above is used again. A statement is not looked around if its
plan says that it is harmless with plain values and all values that it reads are plain.
"""

import builtins
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

from ..plan.statements import Key, Read, Scope, Statement, Worked
from ..values.exceptions import show_exception
from ..values.reading import instance_attributes, is_code, is_iterator
from ..values.show import show
from .peek import MISSING, follow, has_attributes, is_inert, is_key, is_plain

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

_TOO_DEEP = ("maximum recursion depth", "Stack overflow")  # how such messages of Python begin
_HEADROOM = 250  # frames that hooks may need on top of the rule's own


class Frame:
    """A running function (or class body, or module) of the rule."""

    __slots__ = ("arrivals", "code", "current", "depth", "harmless", "known", "scope", "step")

    def __init__(self, scope: Scope, depth: int, code: CodeType | None = None) -> None:
        self.code = code  # tells a frame from a later one at the same address
        self.scope = scope
        self.depth = depth
        self.known: dict[str, str] = {}  # last known text of each variable
        self.current = False  # whether that was so when the last hook of the frame ended
        self.harmless: dict[int, bool] = {}  # statement -> whether it was, with the values it read
        self.step: Step | None = None
        self.arrivals: dict[int, int] = {}  # loop statement -> times its body was entered


class Step:
    """One statement that ran, or the entry of a function (kind ``call``).

    `reads` holds the texts of variables before, `values` those of captures by key. The public view
    is `kind`, `line`, `source`, `depth`, `before`, `after`, `evaluated` and `outcome`.
    """

    __slots__ = (
        "after", "arrival", "calm", "current", "drift", "frame", "index", "inline", "keys",
        "kind", "outcome", "reads", "resumed", "source", "statement", "steady", "values",
    )  # fmt: skip

    def __init__(
        self,
        kind: str,
        frame: Frame,
        statement: Statement | None,
        reads: dict[str, str],
        index: int,
        source: str,
    ) -> None:
        self.kind = kind
        self.frame = frame
        self.statement = statement
        self.reads = reads
        self.index = index
        self.source = source
        self.values: dict[int, str] | None = None
        self.keys: dict[int, Any] | None = None  # of its place, by number
        self.current = False  # whether nothing had run since the frame was looked at
        self.calm = True  # whether working out its right operand has surely changed nothing
        self.steady = True  # whether the left operand stayed as it was until it was used
        self.drift: dict[str, str] = {}  # what has changed between the frame's last step and it
        self.inline: set[str] = set()  # names in `after` that were stated when they were bound
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
        if self.kind == "case":
            return self.reads
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
            if type(item) is Worked and self.values.get(item.key, "<")[0] != "<"
        ]

    def read(self, item: Read) -> str | None:
        """Return the text of a read, or None if it did not happen."""
        if item.guard is not None:
            taken = self.values or {}
            if item.guard not in taken and not any(g in taken for g in item.others):
                return None
        return self.reads.get(item.name)

    @property
    def changed(self) -> dict[str, str]:
        """What has changed and was not stated before the step ended."""
        if not self.after or not self.inline:
            return self.after or {}
        return {n: t for n, t in self.after.items() if n not in self.inline}

    @property
    def placed(self) -> bool:
        """Tell whether it has assigned a place whose value can be stated."""
        place = self.statement.place if self.statement is not None else None
        return place is not None and self.values is not None and place.new in self.values

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
        self._latest: Frame | None = None  # whose hook was called last
        self._max_steps = sys.maxsize if max_steps is None else max_steps
        self._max_characters = sys.maxsize if max_characters is None else max_characters
        self._max_depth = sys.maxsize if max_depth is None else max_depth
        self._on_limit = on_limit

    # Called by the hooks

    def call(self, scope: Scope, given: Sequence[object], at: FrameType) -> None:
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
        frame = self._frames[id(at)] = self._latest = Frame(scope, depth, at.f_code)
        texts = [show(v) for v in given]
        frame.known = dict(zip(scope.params, texts, strict=True))
        step = self._new("call", frame, None, {}, scope.name)
        step.after = {name: text for name, text in frame.known.items() if name != scope.receiver}
        if scope.receiver is not None:
            receiver = given[scope.params.index(scope.receiver)]
            self._compare_receiver(frame, receiver, step.after)
            values = {scope.receiver: receiver}
            for name in scope.paths:
                value = _part(values, name)
                if value is not MISSING and name not in frame.known:
                    step.after[name] = frame.known[name] = show(value)
        self._count(texts)

    def before(self, s: Statement, passed: Sequence[object], at: FrameType) -> None:
        """A statement is about to run; `passed` are the values of its surely bound variables."""
        frame, latest = self._frame(s.scope, at), self._latest
        current = frame.current and latest is frame and _follows(frame.step, s)
        self._latest, frame.current = frame, False
        values = dict(zip(s.passed, passed, strict=True))
        if s.loose or s.outside:
            self._find(s, values, at)
        known, reads = frame.known, {}
        harmless = s.harmless
        calm = s.calm
        test = is_inert if s.scalars else is_plain
        for item in s.items:
            if type(item) is not Read:
                continue
            value = _part(values, item.name)
            if value is MISSING or not _is_named(item.name, values, s):
                continue
            harmless = harmless and test(value)
            calm = calm and is_plain(value)
            text = known.get(item.name) if current else None
            if text is None:
                if is_code(value) and item.name in s.outside:
                    continue
                text = show(value)
            reads[item.name] = text
        step = self._new(s.kind, frame, s, reads, s.source)
        if s.looks:
            frame.harmless[s.id] = harmless
            if not (harmless or current):
                self._compare(frame, s, values, step.drift, new=False)
        known.update(reads)
        step.calm = calm
        if s.place is not None and s.place.path and s.kind == "augassign":
            self._read_place(s, step, follow(values.get(s.place.root), s.place.parts, ()))
        if s.shaky and s.equation and not calm and type(left := s.equation[-3]) is Read:
            step.steady = is_inert(_part(values, left.name))
        step.current = current
        if s.loop:
            step.arrival = frame.arrivals.get(s.id, 0)
            if s.kind == "for":
                step.arrival = frame.arrivals[s.id] = 0
        self._count(reads.values())

    def value(self, s: Statement, key: int, value: object, at: FrameType) -> None:
        """A captured expression was evaluated."""
        frame = self._frames.get(id(at))
        step = frame.step if frame else None
        if step is None or step.statement is not s:
            return
        text = show(value)
        if is_iterator(value):
            text = "<iterator>"  # on its way to what reads it: nothing that a reader could check
        if step.values is None:
            step.values = {}
        step.values[key] = text
        if s.shaky and not step.calm and s.equation:
            left = s.equation[-3]
            if type(left) is Worked and left.key == key:
                step.steady = is_inert(value)
        self._resume(step, key)
        self.characters += len(text)

    def key(
        self, s: Statement, number: int, value: object, root: Sequence[object], at: FrameType
    ) -> None:
        """A key of the place that a statement assigns was evaluated."""
        frame = self._frames.get(id(at))
        step = frame.step if frame else None
        if step is None or step.statement is not s or s.place is None:
            return
        if step.keys is None:
            step.keys = {}
        step.keys[number] = value if is_key(value) else MISSING
        if root:
            self._read_place(s, step, follow(root[0], s.place.parts, _keys(s, step)))

    def after(self, s: Statement, values: Sequence[object], at: FrameType) -> None:
        """A statement has run; `values` are those of its targets and of what it was given."""
        frame = self._frames.get(id(at))
        step = frame.step if frame else None
        if frame is None or step is None or step.statement is not s:
            return
        self._resume(step, None)
        step.after = self._changes(frame, s, step, values, at)

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
            step = self._new(kind, frame, s, {}, source)
        if s.loop:
            step.arrival = frame.arrivals.get(s.id, 0)
            frame.arrivals[s.id] = step.arrival + 1
        step.outcome = True
        self._resume(step, None)
        if kind == s.kind:
            step.after = self._changes(frame, s, step, values, at)
            return
        self._latest, frame.current = frame, False
        if kind == "case" and s.guards.get(source):
            found = dict(zip(s.passed, values[len(names) :], strict=True))
            self._find(s, found, at)
            there = (n for n in s.guards[source] if found.get(n, MISSING) is not MISSING)
            step.reads = {n: show(found[n]) for n in there}
        if names:
            texts = {n: show(v) for n, v in zip(names, values, strict=False)}
            frame.known.update(texts)
            step.after = texts
            self._count(tuple(texts.values()))

    def failed_test(self, s: Statement, passed: Sequence[object], at: FrameType) -> None:
        """A test was false, or a loop has no more items."""
        frame = self._frame(s.scope, at)
        step = frame.step
        if step is None or step.statement is not s or step.outcome is not None:
            step = self._new(s.kind, frame, s, {}, s.source)
            step.arrival = frame.arrivals.get(s.id, 0)
        self._resume(step, None)
        step.outcome = False
        step.after = self._changes(frame, s, step, passed, at, targets=False)

    def returned(
        self, s: Statement, value: object, passed: Sequence[object], at: FrameType
    ) -> None:
        """A return statement has worked out its value."""
        frame = self._frames.get(id(at))
        step = frame.step if frame else None
        if frame is not None and step is not None and step.statement is s:
            self._resume(step, None)
            step.outcome = show(value)
            if s.looks:
                step.after = self._changes(frame, s, step, passed, at)

    def answered(self, value: object) -> None:
        """The rule, a generator, has yielded the items of `value`: they are what it returns."""
        for step in reversed(self.steps):
            if step.kind in ("return", "end") and step.depth == 1:
                step.outcome = show(value)
                return

    def caught(
        self, s: Statement, source: str, name: str | None, error: BaseException, at: FrameType
    ) -> None:
        """A handler was entered."""
        self._not_to_be_caught(error)
        frame = self._frame(s.scope, at)
        step = self._new("except", frame, s, {}, source)
        self._latest, frame.current = frame, False
        step.outcome = show_exception(error)[0]
        if name is not None:
            step.after = {name: show(error)}
            frame.known.update(step.after)

    def ended(self, scope: Scope, at: FrameType) -> None:
        """A function ended without a return statement."""
        frame = self._frames.get(id(at))
        if frame is not None and frame.scope is scope:
            self._new("end", frame, None, {}, "").outcome = "None"

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
        reads: dict[str, str],
        source: str,
    ) -> Step:
        index = len(self.steps)
        if index >= self._max_steps and self._on_limit is not None:
            self._on_limit("limit_steps")
        step = frame.step = Step(kind, frame, statement, reads, index, source)
        self.steps.append(step)
        return step

    def _count(self, texts: Iterable[str]) -> None:
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

    def _find(self, s: Statement, values: dict[str, Any], at: FrameType) -> None:
        """Add the values of the variables that a statement's hooks are not given."""
        if s.outside:
            names = at.f_globals
            for name in s.outside:
                values[name] = dict.get(names, name, MISSING)
        if s.loose:
            lasting = sys.version_info < (3, 13)  # the dict is the frame's, and outlives the look
            if lasting and _may_be_seen(at):
                return
            names = at.f_locals
            for name in s.loose:
                values[name] = names.get(name, MISSING)
            code = at.f_code
            if lasting and names.keys() <= {
                *code.co_varnames,
                *code.co_cellvars,
                *code.co_freevars,
            }:
                names.clear()  # it must keep no object alive; it is no dict that came from outside

    def _changes(
        self,
        frame: Frame,
        s: Statement,
        step: Step,
        values: Sequence[object],
        at: FrameType,
        targets: bool = True,
    ) -> dict[str, str]:
        """Return what a statement has assigned and what has changed besides."""
        changed: dict[str, str] = {}
        known, count = frame.known, len(s.targets) if targets else 0
        for name, value in zip(s.targets, values[:count], strict=False):
            changed[name] = known[name] = text = show(value)
            self.characters += len(text)
        looks = s.looks and not frame.harmless.get(s.id)
        found: dict[str, Any] = {}
        if looks or s.place is not None:
            found = dict(zip(s.again, values[count:], strict=False))
            if s.loose or s.outside:
                self._find(s, found, at)
        if s.place is not None:
            self._placed(s, step, found, changed)
        if looks:
            self._compare(frame, s, found, changed, new=True)
            self._bound_inside(s, step, known, changed)
        if s.shaky and s.equation:
            step.steady = (step.steady and _fits(s, step)) or _adds_up(s, step, changed)
        frame.current = looks or (step.current and self._latest is frame)
        self._latest = frame
        if self.characters > self._max_characters and self._on_limit is not None:
            self._on_limit("limit_output")
        return changed

    def _compare(
        self,
        frame: Frame,
        s: Statement,
        values: dict[str, Any],
        changed: dict[str, str],
        new: bool,
    ) -> None:
        """Look at what a statement may change; add what differs from the texts known.

        `new` says that a variable of which none is known has been bound since.
        """
        known, receiver = frame.known, s.scope.receiver
        for name in s.watched:
            if not _is_named(name, values, s):
                continue
            value = _part(values, name)
            if value is MISSING:
                known.pop(name, None)
            elif name == receiver:
                self._compare_receiver(frame, value, changed)
            else:
                text, last = show(value), known.get(name)
                if last != text:
                    known[name] = text
                    if last is not None or (new and not is_code(value)):
                        changed[name] = text
                        self.characters += len(text)

    def _compare_receiver(self, frame: Frame, receiver: object, changed: dict[str, str]) -> None:
        """Look at the attributes of `self`."""
        known = frame.known
        for own, value in instance_attributes(receiver).items():
            name, text = f"{frame.scope.receiver}.{own}", show(value)
            if known.get(name) != text:
                changed[name] = known[name] = text
                self.characters += len(text)

    def _bound_inside(
        self, s: Statement, step: Step, known: dict[str, str], changed: dict[str, str]
    ) -> None:
        """Add what ``:=`` has bound."""
        for name, key in s.bound_inside:
            text = step.values.get(key) if key is not None and step.values else None
            if text is not None and name in known:
                changed[name] = known[name]
                stated = text == known[name] and text[0] != "<"
                (step.inline.add if stated else step.inline.discard)(name)

    def _read_place(self, s: Statement, step: Step, old: object) -> None:
        """Note the value of the place that an operation begins with."""
        if s.place is None or old is MISSING:
            return
        if step.values is None:
            step.values = {}
        step.values[s.place.old] = show(old)
        step.steady = step.calm or is_inert(old)
        self._resume(step, s.place.old)

    def _placed(
        self, s: Statement, step: Step, values: dict[str, Any], changed: dict[str, str]
    ) -> None:
        """Look at the item or attribute that a statement has assigned."""
        place = s.place
        assert place is not None
        new = follow(values.get(place.root, MISSING), place.parts, _keys(s, step))
        if new is MISSING:
            return
        if place.name:
            changed[place.name] = show(new)
            return
        if step.values is None:
            step.values = {}
        step.values[place.new] = show(new)
        self._resume(step, place.new)


def _follows(last: Step | None, s: Statement) -> bool:
    """Tell whether nothing has run since the last step of a frame when a statement begins."""
    above = last.statement if last is not None else None
    if above is None or above.kind == "match" or (above.body and s.parent is not above is not s):
        return False
    while above is not None and above is not s.parent and above.block != s.block and above is not s:
        above = above.parent
        if above is not None and above.kind in ("try", "with", "match"):
            return False
    return above is not None


def _part(values: dict[str, Any], name: str) -> Any:
    """Return the value of a variable or of an attribute with a name of its own."""
    root, *rest = name.split(".")
    value = values.get(root, MISSING)
    if not rest or value is MISSING:
        return value
    value = follow(value, rest, ())
    return MISSING if value is not MISSING and is_code(value) else value


def _is_named(name: str, values: dict[str, Any], s: Statement) -> bool:
    """Tell whether an attribute is stated by its name: the state of no variable shows it."""
    root, _, rest = name.partition(".")
    return not rest or root == s.scope.receiver or has_attributes(values.get(root, MISSING))


def _keys(s: Statement, step: Step) -> list[Any]:
    """Return the values of the keys of a statement's place."""
    assert s.place is not None
    taken = step.keys or {}
    return [taken.get(k.number, MISSING) if type(k) is Key else k for k in s.place.keys]


def _operands(s: Statement, step: Step) -> tuple[str, str]:
    """Return the texts of both operands of a statement's equation; "" for one without a value."""
    texts = []
    for operand in (s.equation[-3], s.equation[-1]):
        if type(operand) is str:
            texts.append(operand)
        elif type(operand) is Read:
            texts.append(step.reads.get(operand.name, ""))
        elif type(operand) is Worked:
            texts.append((step.values or {}).get(operand.key, ""))
    return texts[0], texts[1]


def _fits(s: Statement, step: Step) -> bool:
    """Tell whether the operation of an equation is one of its operands as they stand.

    ``items += "ab"`` extends a list, where ``[] + "ab"`` is an error.
    """
    left, right = _operands(s, step)
    if s.kind != "augassign" or s.equation[-2] == " * " or left[:1] in _SCALAR:
        return True
    return left[:1] == right[:1] or not (left[:1] in _BRACKETS or right[:1] in _STARTS)


def _adds_up(s: Statement, step: Step, changed: dict[str, str]) -> bool:
    """Tell whether an equation of lists is true as it stands, seen from their texts."""
    texts = _operands(s, step)
    if s.place is not None and not s.place.name:
        new = (step.values or {}).get(s.place.new, "")
    else:
        new = changed.get(s.place.name if s.place else s.targets[0], "")
    if s.equation[-2] != " + " or not all(text[:1] == "[" for text in (*texts, new)):
        return False
    return new == f"[{', '.join(t[1:-1] for t in texts if t != '[]')}]"


_SCALAR = tuple("-0123456789'\"")
_BRACKETS = tuple("[{(")
_STARTS = (*_BRACKETS, "'", '"')


def _may_be_seen(at: FrameType) -> bool:
    """Tell whether a rule may hold the dict of a frame's variables, which to ask for renews.

    It has asked for it itself, or has given it with the code.
    """
    caller = at.f_back
    return not _SNAPSHOTS.isdisjoint(at.f_code.co_names) or (
        caller is not None and not _RUNS_CODE.isdisjoint(caller.f_code.co_names)
    )


_SNAPSHOTS = frozenset("locals vars dir eval exec f_locals _getframe settrace".split())
_RUNS_CODE = frozenset(("eval", "exec"))


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
