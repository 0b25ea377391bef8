"""Compiled recording: the statements of a rule with one tuple for each step between them.

Where `rfft.tracer.shapes` can prove what a rule's variables hold, its steps are recorded by code
made for it instead of by hooks. A tuple holds the number of its layout and the values of its
slots; `steps` makes the same `Step` objects from them that a `Recorder` would have made.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .compiler import _P, Compiler, Run, Saved, text_of
from .plan import Read, Statement
from .record import Frame, Step
from .shapes import Shape

if TYPE_CHECKING:
    from .rule import Rule


@dataclass(slots=True)
class Layout:
    """What the slots of a tuple mean; the first one is the number of the layout itself."""

    statement: Statement | None
    kind: str
    source: str
    outcome: bool | str | None = None
    early: int = 0  # slots 1 to `early` are the early reads
    late: list[tuple[int, str]] = field(default_factory=list)
    values: list[tuple[int, int]] = field(default_factory=list)  # slot, key
    after: list[tuple[int, str]] = field(default_factory=list)
    arrival: int = 0  # slot of the loop's count, if any
    result: int = 0  # slot of the outcome, if any


class EventCompiler(Compiler):
    """Reports each step as a tuple."""

    def __init__(self, rule: "Rule", arguments: Sequence[Shape]) -> None:
        super().__init__(rule, arguments)
        self.layouts: list[Layout] = []
        self.namespace[f"{_P}E"] = ...

    def joins(self, group: Sequence[Statement], statement: Statement) -> bool:
        return False

    def report(self, layout: Layout, slots: list[str]) -> None:
        """Emit the code that records a step."""
        self.layouts.append(layout)
        self.emit(f"{_P}out(({len(self.layouts) - 1}, {', '.join(slots)}))")

    def items(self, s: Statement, layout: Layout, saved: Saved) -> list[str]:
        """Return the slots for what a statement reads and works out."""
        slots = []
        for read in s.early:
            code, _ = self.before(s, read, 0, saved)
            slots.append(code)
        layout.early = len(slots)
        for item in s.items:
            if isinstance(item, Read) and not item.early:
                code, when = self.before(s, item, 0, saved)
                slots.append(_maybe(code, when))
                layout.late.append((len(slots), item.name))
        for key in self.keys(s):
            code, when = self.worked(s, key)
            slots.append(_maybe(code, when))
            layout.values.append((len(slots), key))
        return slots

    def keys(self, s: Statement) -> list[int]:
        """Return the keys of the captures that the compiled code keeps."""
        captures = self.module.captures
        return [
            key
            for (sid, key), node in self.capture_nodes.items()
            if sid == s.id and (captures[node].name is None or self.is_guard(s, key))
        ]

    def entered(self) -> None:
        layout = Layout(None, "call", self.scope.name)
        names = [p for p in self.scope.params if p != self.scope.receiver]
        layout.after = [(n + 1, name) for n, name in enumerate(names)]
        self.report(layout, [text_of(name) for name in names])

    def section(self, s: Statement) -> None:
        """Sections are for styles."""

    def again(self, s: Statement) -> None:
        """So are the ends of iterations."""

    def ran(self, group: Sequence[Statement], saved: Saved, moods: dict[int, str]) -> None:
        (s,) = group
        layout = Layout(s, s.kind, s.source)
        slots = self.items(s, layout, saved)
        for name in s.targets:
            slots.append(self.variable(name))
            layout.after.append((len(slots), name))
        name, when = self.changed(s, moods[0])
        if when != "False":
            slots.append(_maybe(self.variable(name), [] if when == "True" else [when]))
            layout.after.append((len(slots), name))
        self.report(layout, slots)

    def tested(self, s: Statement, outcome: bool, number: str) -> None:
        if s.kind == "for":
            self.emit(f"if {number}:")
            self.indent += 1
            self.next_item(s, outcome, number, first=False)
            self.indent -= 1
            self.emit("else:")
            self.indent += 1
            self.next_item(s, outcome, number, first=True)
            self.indent -= 1
            return
        layout = Layout(s, s.kind, s.source, outcome)
        slots = self.items(s, layout, {})
        if number:
            slots.append(number)
            layout.arrival = len(slots)
        self.report(layout, slots)

    def next_item(self, s: Statement, outcome: bool, number: str, first: bool) -> None:
        layout = Layout(s, s.kind, s.source, outcome)
        slots = self.items(s, layout, {}) if first else []
        slots.append(number)
        layout.arrival = len(slots)
        if outcome:
            for name in s.targets:
                slots.append(self.variable(name))
                layout.after.append((len(slots), name))
        self.report(layout, slots)

    def passed(self, s: Statement) -> None:
        self.report(Layout(s, s.kind, s.source), [])

    def returned(self, s: Statement | None, text: str) -> None:
        if s is None:
            self.report(Layout(None, "end", "", "None"), [])
            return
        layout = Layout(s, "return", s.source)
        slots = self.items(s, layout, {})
        slots.append(text)
        layout.result = len(slots)
        self.report(layout, slots)


def _maybe(code: str, conditions: list[str]) -> str:
    """Return the code of a slot that is empty (...) where a condition does not hold."""
    if not conditions:
        return code
    return f"({code} if {' and '.join(conditions)} else {_P}E)"


def steps_of(run: Run) -> list[Step]:
    """Make the steps of a compiled run."""
    compiler = run.compiler
    assert isinstance(compiler, EventCompiler)
    records: list[tuple[Any, ...]] = run.reports
    layouts, scope = compiler.layouts, compiler.scope
    frame = Frame(scope, 1)
    made = []
    for index, record in enumerate(records):
        layout = layouts[record[0]]
        early = [v if v.__class__ is str else str(v) for v in record[1 : layout.early + 1]]
        step = Step(layout.kind, frame, layout.statement, early, index, layout.source)
        if layout.late:
            step.late = _present(record, layout.late)
        if layout.values:
            step.values = _present(record, layout.values)
        if layout.after:
            step.after = _present(record, layout.after)
        elif layout.kind in _RAN:
            step.after = {}
        step.outcome = record[layout.result] if layout.result else layout.outcome
        if layout.arrival:
            step.arrival = record[layout.arrival]
        made.append(step)
    return made


_RAN = ("assign", "augassign", "expr")


def _present(record: tuple[Any, ...], slots: list[tuple[int, Any]]) -> dict[Any, str]:
    found = {}
    for slot, key in slots:
        value = record[slot]
        if value is not ...:
            found[key] = value if value.__class__ is str else str(value)
    return found


