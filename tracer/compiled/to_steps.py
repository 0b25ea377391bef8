"""Compiled recording: the statements of a rule with one tuple for each step between them.

Where `rfft.tracer.compiled.shapes` can prove what a rule's variables hold, its steps are recorded
by code made for it instead of by hooks. A tuple holds the number of its layout and the values of
its slots. `steps_of` makes the same `Step` objects from them that a `Recorder` would have made.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..plan.statements import Scope, Statement
from ..program import Program
from ..recorded.steps import Frame, Step
from .captures import Captures, Copies, variable
from .formats import PREFIX as _P
from .formats import Code, Text, code_of
from .reporter import Group, Reporter
from .runner import Compiled, Run
from .shapes import NUMBERS


@dataclass(slots=True)
class Layout:
    """What the slots of a tuple mean; the first one is the number of the layout itself."""

    statement: Statement | None
    kind: str
    source: str
    outcome: bool | str | None = None
    reads: list[tuple[int, str]] = field(default_factory=list)
    values: list[tuple[int, int]] = field(default_factory=list)  # slot, key
    after: list[tuple[int, str]] = field(default_factory=list)
    told: list[tuple[int, int]] = field(default_factory=list)  # slot, key
    arrival: int = 0  # slot of the loop's count, if any
    result: int = 0  # slot of the outcome, if any


class StepReporter(Reporter):
    """Reports each step as a tuple."""

    count = f"len({_P}o)"

    def __init__(self, scope: Scope, captures: Captures) -> None:
        self.scope = scope
        self.captures = captures
        self.texts = captures.texts
        self.layouts: list[Layout] = []

    def report(self, layout: Layout, slots: list[Code]) -> None:
        """Emit the code that records a step."""
        self.layouts.append(layout)
        self.texts.emit(f"{_P}o.append(({len(self.layouts) - 1}, {', '.join(slots)}))")

    def items(self, s: Statement, layout: Layout, copies: Copies | None = None) -> list[Code]:
        """Return the slots for what a statement reads and works out."""
        slots: list[Code] = []
        for read in s.reads:
            slots.append(code_of(self.captures.before(s, read, 0, copies or {}, [])))
            layout.reads.append((len(slots), read.name))
        for key in self.captures.parts.get(s.id, ()):
            when: list[Code] = []
            text = self.captures.worked(s, key, when)
            number = self.captures.shape(s, key) in NUMBERS
            self.put(slots, variable(s, key) if number else text[1], when)
            layout.values.append((len(slots), key))
        for key in sorted({told.chunk for _, told in self.captures.told_of(s)}):
            slots.append(f"{_P}lines({self.captures.told_in(s, key)})")
            layout.told.append((len(slots), key))
        return slots

    def put(self, slots: list[Code], code: Code, conditions: list[Code]) -> None:
        """Add a slot, empty (...) where a condition does not hold."""
        if conditions:
            code = f"({code} if {' and '.join(conditions)} else ...)"
        slots.append(code)

    def after(self, layout: Layout, slots: list[Code], names: Iterable[str]) -> None:
        """Add slots for what variables are after a step."""
        for name in names:
            slots.append(code_of(self.texts.text(name)))
            layout.after.append((len(slots), name))

    def prepare(self, group: Sequence[Statement]) -> list[set[int]]:
        return [set(self.captures.parts.get(s.id, ())) for s in group]

    def joins(self, group: Sequence[Statement], statement: Statement) -> bool:
        return False

    def counts(self, s: Statement) -> bool:
        return True

    def entered(self) -> None:
        slots: list[Code] = []
        layout = Layout(None, "call", self.scope.name)
        names = [p for p in self.scope.params if p != self.scope.receiver]
        self.after(layout, slots, names)
        self.report(layout, slots)

    def ran(self, group: Group) -> None:
        (s,), (did_change,) = group.statements, group.did_change
        layout = Layout(s, s.kind, s.source)
        slots = self.items(s, layout, group.copies)
        self.after(layout, slots, s.targets)
        for name, when in self.texts.changed(s, did_change):
            if when != "False":
                text = code_of(self.texts.text(name))
                self.put(slots, text, [] if when == "True" else [when])
                layout.after.append((len(slots), name))
        self.report(layout, slots)

    def tested(self, s: Statement, outcome: bool, before: Code) -> None:
        if s.kind != "for":
            self.test(s, outcome, before)
            return
        self.texts.begin(f"if {before}:")
        self.test(s, outcome, before, first=False)
        self.texts.end()
        self.texts.begin("else:")
        self.test(s, outcome, before, first=True)
        self.texts.end()

    def test(self, s: Statement, outcome: bool, before: Code, first: bool = True) -> None:
        """Report a test; one of a ``for`` says what it loops over at the `first` arrival alone."""
        layout = Layout(s, s.kind, s.source, outcome)
        slots = self.items(s, layout) if first else []
        if before:
            slots.append(before)
            layout.arrival = len(slots)
        if outcome and s.kind == "for":
            self.after(layout, slots, s.targets)
        self.report(layout, slots)

    def passed(self, s: Statement) -> None:
        self.report(Layout(s, s.kind, s.source), [])

    def returned(self, s: Statement | None, text: Text) -> None:
        if s is None:
            self.report(Layout(None, "end", "", "None"), [])
            return
        layout = Layout(s, "return", s.source)
        slots = [*self.items(s, layout), code_of(text)]
        layout.result = len(slots)
        self.report(layout, slots)


def engine(program: Program) -> Compiled[StepReporter]:
    """Return what runs a rule by compiled code that records its steps; one for each rule."""
    known: Compiled[StepReporter] | None = program.memo.get(engine)
    if known is None:
        known = Compiled(program, functools.partial(StepReporter, program.scope))
        program.memo[engine] = known
    return known


def steps_of(run: Run[StepReporter]) -> list[Step]:
    """Make the steps of a compiled run."""
    reporter, records, *_ = run
    layouts = reporter.layouts
    frame = Frame(reporter.scope, 1)
    made = []
    for index, record in enumerate(records):
        layout = layouts[record[0]]
        reads = _present(record, layout.reads)
        step = Step(layout.kind, frame, layout.statement, reads, index, layout.source)
        if layout.values:
            step.values = _present(record, layout.values)
        if layout.after:
            step.after = _present(record, layout.after)
        elif layout.statement is not None and layout.statement.moment == "simple":
            step.after = {}
        for slot, key in layout.told:
            if record[slot]:
                step.told = step.told or {}
                step.told[key] = [(0, record[slot])]
        step.outcome = record[layout.result] if layout.result else layout.outcome
        if layout.arrival:
            step.arrival = record[layout.arrival]
        made.append(step)
    return made


def _present(record: tuple[Any, ...], slots: list[tuple[int, Any]]) -> dict[Any, str]:
    found = {}
    for slot, key in slots:
        value = record[slot]
        if value is not ...:
            found[key] = value if value.__class__ is str else str(value)
    return found
