"""Compiled recording: the statements of a rule with one tuple for each step between them.

Where `rfft.tracer.compiled.shapes` can prove what a rule's variables hold, its steps are recorded
by code made for it instead of by hooks. A tuple holds the number of its layout and the values of
its slots. `steps_of` makes the same `Step` objects from them that a `Recorder` would have made;
`text_of_run` fills a style's templates from them.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..plan.statements import Read, Scope, Statement
from ..program import Program
from ..recorded.recorder import Frame, Step
from ..styles import Style, moments
from ..styles.render import is_ordered
from ..styles.slots import Before, Lines, States, Value
from .captures import Captures, Copies, variable
from .formats import NAMES, Code, Slots, Text, add, add_where, code_of, text_of_lines
from .formats import PREFIX as _P
from .reporter import Group, Reporter
from .runner import Compiled, Run
from .shapes import NUMBERS, Unproved
from .sources import load


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
    arrival: int = 0  # slot of the loop's count, if any
    result: int = 0  # slot of the outcome, if any
    first: bool = True  # of a `for`: whether it is for the first arrival
    sometimes: set[int] = field(default_factory=set)  # slots that may be empty (...)


class StepReporter(Reporter):
    """Reports each step as a tuple."""

    count = f"len({_P}o)"

    def __init__(self, scope: Scope, captures: Captures) -> None:
        self.scope = scope
        self.captures = captures
        self.texts = captures.texts
        self.layouts: list[Layout] = []
        self._fillers: dict[int, dict[int, _Filler]] = {}  # by the id of the style
        self._styles: list[Style] = []  # keeps those ids taken

    def fillers(self, style: Style) -> "dict[int, _Filler]":
        """Return the functions that write the steps in a style, by layout. Raises Unproved."""
        known = self._fillers.get(id(style))
        if known is None:
            known = self._fillers[id(style)] = _make_fillers(self.layouts, self.scope, style)
            self._styles.append(style)
        return known

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
            self.put(layout, slots, variable(s, key) if number else text[1], when)
            layout.values.append((len(slots), key))
        return slots

    def put(self, layout: Layout, slots: list[Code], code: Code, conditions: list[Code]) -> None:
        """Add a slot, empty (...) where a condition does not hold."""
        if conditions:
            layout.sometimes.add(len(slots) + 1)
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
                self.put(layout, slots, text, [] if when == "True" else [when])
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
        layout = Layout(s, s.kind, s.source, outcome, first=first)
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
        elif layout.kind in moments.SIMPLE:
            step.after = {}
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


def text_of_run(run: Run[StepReporter], style: Style) -> str:
    """Return the text of a compiled run in a style. Raises Unproved if the steps are needed."""
    reporter, records, *_ = run
    fillers = reporter.fillers(style)
    position, count = 0, len(records)
    out = []
    while position < count:
        fill, size = fillers[records[position][0]]
        out.append(fill(records, position))
        position += size
    return "".join(out)


def _make_fillers(layouts: Sequence[Layout], scope: Scope, style: Style) -> "dict[int, _Filler]":
    """Compile a style's templates into a function for each group of layouts of a compiled run."""
    groups: dict[int, list[Layout]] = {}  # by the number of the first of them
    first = 0
    for number, layout in enumerate(layouts):
        if not (groups and _joins(groups[first], layout, style)):
            first = number
            groups[first] = []
        groups[first].append(layout)
    code = [_filler_code(number, group, scope, style) for number, group in groups.items()]
    names = {**NAMES, f"{_P}ordered": is_ordered}
    functions = load("\n".join(code), f"{style.name} of {scope.name}", names)
    sized = zip(functions, map(len, groups.values()), strict=True)
    return dict(zip(groups, sized, strict=True))


def _joins(group: Sequence[Layout], layout: Layout, style: Style) -> bool:
    """Tell whether the style writes a step together with those just before it."""
    statements = [x.statement for x in group if x.statement]
    s = layout.statement
    return (
        s is not None
        and s.simple
        and statements[:1] != []
        and statements[0].simple
        and (statements[-1].block, statements[-1].id + 1) == (s.block, s.id)
        and style.joins(statements, s)
    )


def _filler_code(number: int, group: Sequence[Layout], scope: Scope, style: Style) -> Code:
    """Return the code of the function that writes the steps of a group."""
    slots = _Records(group)
    text = [""]
    for when, lines in _moments(group, scope, style):
        if when:
            add_where(text, when, text_of_lines(lines, slots))
        else:
            add(text, text_of_lines(lines, slots))
    loads = "".join(f" r{k} = r[i + {k}]\n" for k in range(slots.size))
    return f"def f{number}(r, i):\n{loads} return {code_of(text)}"


def _moments(group: Sequence[Layout], scope: Scope, style: Style) -> Iterator[tuple[Code, Lines]]:
    """Yield the lines that a group of steps leads to, each with its condition ("" for none)."""
    layout = group[0]
    s = layout.statement
    if layout.kind == "call":
        yield "", style.call(scope, False)
        return
    if s is None:
        yield "", style.result(scope, None, False)
        return
    arrival = f"r0[{layout.arrival}]" if layout.arrival else ""
    if s.loop:
        yield f"not {arrival}", moments.arriving(style, s, first=True)
        yield arrival, moments.arriving(style, s, first=False)
    else:
        yield "", moments.arriving(style, s, first=True)
    if layout.kind in moments.SIMPLE:
        yield "", style.simple([x.statement for x in group if x.statement])
    elif s.loop or s.kind == "if":
        outcome = layout.outcome is True
        first = moments.decided(style, s, outcome, first=True)
        again = moments.decided(style, s, outcome, first=False) if s.loop else first
        if first == again:
            yield "", first
        elif s.kind == "for":  # a layout serves either the first arrival or the later ones
            yield "", first if layout.first else again
        else:
            yield f"not {arrival}", first
            yield arrival, again
    else:
        yield "", moments.ran(style, scope, s)


class _Records(Slots):
    """Finds the values of slots in the tuples of a group."""

    def __init__(self, group: Sequence[Layout]) -> None:
        self.group = group
        self.size = len(group)

    def slot(self, of: int, slots: list[tuple[int, Any]], key: Any) -> tuple[Code, list[Code]]:
        for slot, name in slots:
            if name == key:
                code = f"r{of}[{slot}]"
                sometimes = slot in self.group[of].sometimes
                return code, [f"{code} is not ..."] if sometimes else []
        return "None", ["False"]

    def before(self, of: int, read: Read, conditions: list[Code]) -> Text:
        code, when = self.slot(of, self.group[of].reads, read.name)
        conditions += when
        if read.guard is not None:
            some = [self.truth(of, g) for g in (read.guard, *read.others)]
            conditions.append("(" + " or ".join(f"{code} is not ..." for code in some) + ")")
        return ["", code, ""]

    def worked(self, of: int, key: int, conditions: list[Code]) -> Text:
        code, when = self.slot(of, self.group[of].values, key)
        conditions += when
        return ["", code, ""]

    def truth(self, of: int, key: int) -> Code:
        return self.slot(of, self.group[of].values, key)[0]

    def after(self, of: int, name: str) -> Text:
        return ["", self.slot(of, self.group[of].after, name)[0], ""]

    def changed(self, of: int) -> list[tuple[str, Code]]:
        layout = self.group[of]
        targets = layout.statement.targets if layout.statement else []
        return [
            (name, f"r{of}[{slot}] is not ..." if slot in layout.sometimes else "True")
            for slot, name in layout.after
            if name not in targets
        ]

    def did_change(self, of: int) -> Code:
        layout = self.group[of]
        s = layout.statement
        targets = s.targets if s is not None else ()
        if (s is not None and s.place) or any(name in targets for _, name in layout.after):
            return "True"
        whens = [when for _, when in self.changed(of)]
        if "True" in whens:
            return "True"
        return f"({' or '.join(whens)})" if whens else "False"

    def param(self, name: str) -> Text:
        return self.after(0, name)

    def outcome(self) -> Text:
        layout = self.group[0]
        return ["", f"r0[{layout.result}]" if layout.result else repr(layout.outcome), ""]

    def number(self) -> Text:
        return ["", f"'%s' % (r0[{self.group[0].arrival}] + 1,)", ""]

    def states(self, piece: States, conditions: list[Code]) -> Text:
        raise Unproved("the state of variables that the step does not hold")

    def ordered(self, piece: Before | Value, code: str) -> list[str]:
        return [f"{_P}ordered(str({code}))"]


_Filler: TypeAlias = tuple[Callable[[Sequence[tuple[Any, ...]], int], str], int]
"""A function that writes the step at a position, and how many steps it covers."""
