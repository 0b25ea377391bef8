"""Compiled recording: the statements of a rule with one tuple for each step between them.

Where `rfft.tracer.compiled.shapes` can prove what a rule's variables hold, its steps are recorded
by code made for it instead of by hooks. A tuple holds the number of its layout and the values of
its slots. `steps_of` makes the same `Step` objects from them that a `Recorder` would have made;
`text_of_run` fills a style's templates from them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..plan.statements import Read, Scope, Statement
from ..program import Program
from ..recorded.steps import Frame, Step
from ..styles import Style, moments
from ..styles.render import in_power, is_ordered
from ..styles.slots import Before, Lines, States, Value
from .codegen import Compiler, Saved, join
from .formats import PREFIX as _P
from .formats import (
    Code,
    Slots,
    Text,
    add,
    add_where,
    code_of,
    text_of_lines,
)
from .runner import Compiled, Run
from .shapes import NUMBERS, Shape, Unproved


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


class EventCompiler(Compiler):
    """Reports each step as a tuple."""

    def __init__(self, rule: Program, arguments: Sequence[Shape]) -> None:
        super().__init__(rule, arguments)
        self.layouts: list[Layout] = []
        self._fillers: dict[int, list[_Filler]] = {}  # by the id of the style
        self._styles: list[Style] = []  # keeps those ids taken

    def fillers(self, style: Style) -> "list[_Filler]":
        """Return the functions that write the steps in a style, by layout. Raises Unproved."""
        known = self._fillers.get(id(style))
        if known is None:
            known = self._fillers[id(style)] = _make_fillers(self.layouts, self.scope, style)
            self._styles.append(style)
        return known

    def joins(self, group: Sequence[Statement], statement: Statement) -> bool:
        return False

    def report(self, layout: Layout, slots: list[str]) -> None:
        """Emit the code that records a step."""
        self.layouts.append(layout)
        self.emit(f"{_P}o.append(({len(self.layouts) - 1}, {', '.join(slots)}))")

    def items(self, s: Statement, layout: Layout, saved: Saved) -> list[str]:
        """Return the slots for what a statement reads and works out."""
        slots = []
        for read in s.reads:
            slots.append(code_of(self.before(s, read, 0, saved, [])))
            layout.reads.append((len(slots), read.name))
        for key in self.keys(s):
            when: list[Code] = []
            text = self.worked(s, key, when)
            code = text[1] if self.shape(s, key) not in NUMBERS else self.captured(s, key)
            self.put(layout, slots, code, when)
            layout.values.append((len(slots), key))
        return slots

    def put(self, layout: Layout, slots: list[str], code: str, conditions: list[str]) -> None:
        """Add a slot, empty (...) where a condition does not hold."""
        if conditions:
            layout.sometimes.add(len(slots) + 1)
            code = f"({code} if {' and '.join(conditions)} else ...)"
        slots.append(code)

    def keys(self, s: Statement) -> list[int]:
        """Return the keys of the captures that the compiled code keeps."""
        return [*self.capture_nodes.get(s.id, ())]

    def prepare(self, group: Sequence[Statement]) -> None:
        for s in group:
            self.wanted[s.id] = set(self.keys(s))

    def counts(self, s: Statement) -> bool:
        return True

    @property
    def steps(self) -> Code:
        return f"len({_P}o)"

    def entered(self) -> None:
        layout = Layout(None, "call", self.scope.name)
        names = [p for p in self.scope.params if p != self.scope.receiver]
        layout.after = [(n + 1, name) for n, name in enumerate(names)]
        self.report(layout, [code_of(self.text(name)) for name in names])

    def section(self, s: Statement) -> None:
        """Sections are for styles."""

    def again(self, s: Statement) -> None:
        """So are the ends of iterations."""

    def ran(self, group: Sequence[Statement], saved: Saved, moods: Sequence[Code]) -> None:
        (s,) = group
        layout = Layout(s, s.kind, s.source)
        slots = self.items(s, layout, saved)
        for name in s.targets:
            slots.append(code_of(self.text(name)))
            layout.after.append((len(slots), name))
        for name, when in self.changed(s, moods[0]):
            if when != "False":
                self.put(layout, slots, code_of(self.text(name)), [] if when == "True" else [when])
                layout.after.append((len(slots), name))
        self.report(layout, slots)

    def tested(self, s: Statement, outcome: bool, before: str) -> None:
        if s.kind == "for":
            self.emit(f"if {before}:")
            self.indent += 1
            self.next_item(s, outcome, before, first=False)
            self.indent -= 1
            self.emit("else:")
            self.indent += 1
            self.next_item(s, outcome, before, first=True)
            self.indent -= 1
            return
        layout = Layout(s, s.kind, s.source, outcome)
        slots = self.items(s, layout, {})
        if before:
            slots.append(before)
            layout.arrival = len(slots)
        self.report(layout, slots)

    def next_item(self, s: Statement, outcome: bool, before: str, first: bool) -> None:
        layout = Layout(s, s.kind, s.source, outcome, first=first)
        slots = self.items(s, layout, {}) if first else []
        slots.append(before)
        layout.arrival = len(slots)
        if outcome:
            for name in s.targets:
                slots.append(code_of(self.text(name)))
                layout.after.append((len(slots), name))
        self.report(layout, slots)

    def passed(self, s: Statement) -> None:
        self.report(Layout(s, s.kind, s.source), [])

    def returned(self, s: Statement | None, text: Text) -> None:
        if s is None:
            self.report(Layout(None, "end", "", "None"), [])
            return
        layout = Layout(s, "return", s.source)
        slots = self.items(s, layout, {})
        slots.append(code_of(text))
        layout.result = len(slots)
        self.report(layout, slots)


def engine(program: Program) -> Compiled:
    """Return what runs a rule by compiled code that records its steps; one for each rule."""
    known: Compiled | None = program.memo.get(engine)
    if known is None:
        known = Compiled(program, lambda shapes: EventCompiler(program, shapes))
        program.memo[engine] = known
    return known


def steps_of(run: Run) -> list[Step]:
    """Make the steps of a compiled run."""
    compiler, records, *_ = run
    assert isinstance(compiler, EventCompiler)
    layouts, scope = compiler.layouts, compiler.scope
    frame = Frame(scope, 1)
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


def text_of_run(run: Run, style: Style) -> str:
    """Return the text of a compiled run in a style. Raises Unproved if the steps are needed."""
    compiler, records, *_ = run
    assert isinstance(compiler, EventCompiler)
    fillers = compiler.fillers(style)
    position, count = 0, len(records)
    out = []
    while position < count:
        fill, size = fillers[records[position][0]]
        out.append(fill(records, position))
        position += size
    return "".join(out)


def _make_fillers(layouts: Sequence[Layout], scope: Scope, style: Style) -> "list[_Filler]":
    """Compile a style's templates into a function for each layout of a compiled run."""
    simple = {x.statement: n for n, x in enumerate(layouts) if x.kind in moments.SIMPLE}
    code, sizes = [], []
    for n, layout in enumerate(layouts):
        group = [layout]
        s = layout.statement
        if s is not None and layout.kind in moments.SIMPLE:
            following = {other.id: m for other, m in simple.items() if other is not None}
            while (m := following.get(group[-1].statement.id + 1)) is not None:  # type: ignore[union-attr]
                other = layouts[m].statement
                assert other is not None
                statements = [x.statement for x in group if x.statement]
                if (
                    other.block != s.block
                    or not s.simple
                    or not other.simple
                    or not style.joins(statements, other)
                ):
                    break
                group.append(layouts[m])
        sizes.append(len(group))
        code += _filler_code(n, _moments(layout, group, scope, style), _Records(group))
    names: dict[str, Any] = {
        f"{_P}power": in_power,
        f"{_P}ordered": is_ordered,
        f"{_P}join": join,
    }
    exec(compile("\n".join(code), f"<{style.name} of {scope.name}>", "exec"), names)
    return [(names[f"f{n}"], size) for n, size in enumerate(sizes)]


def _filler_code(number: int, moments: Iterable[tuple[str, Lines]], slots: Slots) -> list[str]:
    """Return the code of the function that writes the steps of a layout."""
    code = [f"def f{number}(r, i):"]
    code += [f" r{k} = r[i + {k}]" for k in range(slots.size)]
    text = [""]
    for start, lines in moments:
        if start:
            add_where(text, start, text_of_lines(lines, slots))
        else:
            add(text, text_of_lines(lines, slots))
    return [*code, f" return {code_of(text)}"]


def _moments(
    layout: Layout, group: Sequence[Layout], scope: Scope, style: Style
) -> Iterator[tuple[str, Lines]]:
    """Yield the lines that a step leads to, each with its condition ("" for none)."""
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

    def mood(self, of: int) -> Code:
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
