"""Recorded steps to text: the event back end's writer."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence

from ..plan.statements import Scope, Statement, Worked, changed_by
from ..recorded.steps import Frame, Step
from ..values.exceptions import show_exception
from . import moments
from .context import in_try
from .slots import (
    ALL,
    After,
    Before,
    Changes,
    Depth,
    If,
    Line,
    Lines,
    Number,
    Ordered,
    Outcome,
    Param,
    Parts,
    Piece,
    Power,
    States,
    Value,
    Within,
)
from .style import Style


def render(steps: Sequence[Step], style: Style, exception: BaseException | None = None) -> str:
    """Return the text of recorded steps in a style; `exception` is the one that left the rule."""
    return Renderer(steps, style, exception is not None).text() + _failure(style, exception)


def render_placed(
    steps: Sequence[Step], style: Style, exception: BaseException | None = None
) -> tuple[str, list[list[int]]]:
    """Return the text like `render`, and for each step the numbers, from 1, of its lines there.

    Steps that share a recital have the same lines; the last step has those of the exception.
    """
    renderer = Renderer(steps, style, exception is not None)
    text, failure = renderer.text(), _failure(style, exception)
    places = renderer.places()
    if places:
        end = text.count("\n") + 1
        places[-1] += range(end, end + failure.count("\n"))
    return text + failure, places


def _failure(style: Style, exception: BaseException | None) -> str:
    """Return the lines that tell of an exception which has left the rule."""
    if exception is None:
        return ""
    lines = style.failure(show_exception(exception)[0])
    return "".join(f"{piece}\n" for line in lines for piece in line)


class Renderer:
    """Walks the steps once, asking the style for the lines of each moment."""

    def __init__(self, steps: Sequence[Step], style: Style, failed: bool) -> None:
        self.steps = steps
        self.failed = failed  # an exception left the rule
        self.style = style
        self.out: list[str] = []
        # What was written together: the first step it is about, how many, and where in `out`.
        self.spans: list[tuple[int, int, int, int]] = []
        self.known: dict[Frame, dict[str, str]] = {}
        self.left: set[Frame] = set()  # frames that have returned
        self.running: Frame | None = None  # whose steps are being written
        self.later: dict[int, list[tuple[Step, str]]] = defaultdict(list)
        self.lines: dict[tuple[object, ...], Lines] = {}  # the style's answers, asked once each

    def text(self) -> str:
        steps, later = self.steps, self.later
        position, count = 0, len(steps)
        while position < count:
            if later:
                self.resume(position)
            step, start = steps[position], len(self.out)
            if step.kind == "call":
                self.running = step.frame
            else:
                self.switch(step, position)
            size = self.step(step, position)
            self.spans.append((position, size, start, len(self.out)))
            position += size
        for when in sorted(later):
            self.resume(when)
        self.out.append("")
        return "\n".join(self.out)

    def resume(self, position: int) -> None:
        """Write what was held back until the steps before `position` were written."""
        # What ends at one position ends from the inside out.
        for step, text in sorted(self.later.pop(position, ()), key=lambda held: -held[0].index):
            start = len(self.out)
            self.switch(step, position)
            self.out.append(text)
            self.spans.append((step.index, 1, start, len(self.out)))

    def places(self) -> list[list[int]]:
        """Return for each step the numbers of its lines in the text, when that is written."""
        numbers = [1]
        for text in self.out:
            numbers.append(numbers[-1] + text.count("\n") + 1)
        lines_of: list[list[int]] = [[] for _ in self.steps]
        for first, size, start, end in self.spans:
            for lines in lines_of[first : first + size]:
                lines += range(numbers[start], numbers[end])
        return lines_of

    def switch(self, step: Step, position: int) -> None:
        """Say so if control is back in a function that was left without a return."""
        if step.frame is not self.running:
            before = self.steps[position - 1].frame
            explained = before in self.left and before.depth > step.frame.depth
            if not explained and position and self.running is not None:
                self.write(self.ask(self.style.back, step.frame.scope), (step,))
            self.running = step.frame

    def ask(self, moment: Callable[..., Lines], *arguments: object) -> Lines:
        """Ask for the lines of a moment, once for each place."""
        key = (moment.__name__, *(id(a) if isinstance(a, _PLACES) else a for a in arguments))
        lines = self.lines.get(key)
        if lines is None:
            lines = self.lines[key] = moment(*arguments)
        return lines

    def step(self, step: Step, position: int) -> int:
        """Write one step, with those that share its recital; return how many they are."""
        kind, s, frame = step.kind, step.statement, step.frame
        if kind == "end" or (kind == "return" and step.outcome is not None):
            self.left.add(frame)
        group: Sequence[Step] = (step,)
        known = self.known.get(frame)
        if known is None:
            known = self.known[frame] = {}
        known.update(step.drift)
        if kind == "call":
            known.update(step.after or {})
            self.write(self.ask(self.style.call, frame.scope, frame.depth > 1), group)
            return 1
        if frame.scope.kind != "function":
            return 1
        if kind == "end":
            self.write(self.ask(self.style.result, frame.scope, None, frame.depth > 1), group)
            return 1
        assert s is not None
        style, first = self.style, not step.arrival
        if kind == s.kind:
            self.write(self.ask(moments.arriving, style, s, first), group)
        lines: Lines
        if s.moment == "simple":
            group = self.group(step, position)
            statements = tuple(g.statement for g in group if g.statement)
            key = ("simple", id(s), len(group))
            lines = self.lines.get(key) or self.lines.setdefault(key, style.simple(statements))
        elif kind != s.kind or s.moment == "enter":
            bound = (n for n in step.after or () if kind != "with" or n in s.targets)
            names = tuple(dict.fromkeys([*(step.reads if kind == "case" else ()), *bound]))
            entered = step.outcome is not None
            lines = self.ask(moments.entering, style, s, kind, step.source, names, entered)
        elif s.moment == "test":
            outcome = None if step.outcome is None else step.outcome is True
            lines = self.ask(moments.decided, style, s, outcome, first)
        else:
            lines = self.ask(moments.ran, style, frame.scope, s, frame.depth > 1)
            if kind == "return" and lines and in_try(s):
                self.hold_result(lines[-1], step)
                lines = lines[:-1]
        self.write(lines, group, leads=step.outcome is not None)
        for member in group:
            known.update(member.drift)
            if member.after:
                known.update(member.after)
        return len(group)

    def group(self, first: Step, position: int) -> list[Step]:
        """Collect the steps that share the recital of a simple statement."""
        group, s = [first], first.statement
        assert s is not None
        statements = [s]
        while s.simple and group[-1].after is not None and position + len(group) < len(self.steps):
            following = self.steps[position + len(group)]
            other = following.statement
            if (
                other is None
                or following.frame is not first.frame
                or other.block != s.block
                or not self.style.joins(statements, other)
                or any(touches(unforeseen(member), other) for member in group)
                or any(touches(unforeseen(following), one) for one in statements)
                or following.drift
            ):
                break
            group.append(following)
            statements.append(other)
        return group

    def hold_result(self, line: Line, step: Step) -> None:
        """Write what a return gives only when its function is really left.

        The `finally` and `with` blocks around it run first, and may return something else or raise.
        """
        rest = [other for other in self.steps[step.index + 1 :] if other.frame is step.frame]
        if any(other.kind == "return" for other in rest):
            return
        if self.failed and step.depth == 1:
            return
        text = self.line(line, (step,))
        ends = [s.resumed[-1][0] if s.resumed else s.index + 1 for s in (step, *rest)]
        if text is not None:
            self.later[max(ends)].append((step, text))

    # Lines

    def write(self, lines: Lines, group: Sequence[Step], leads: bool = False) -> None:
        """Write the lines that have all their values, now or when the steps between are written.

        `leads` says that fixed phrases at their end tell what the step leads to.
        """
        if len(group) == 1 and group[0].resumed:
            self.write_in_parts(lines, group[0], leads)
            return
        for line in lines:
            text = self.line(line, group)
            if text is not None:
                self.out.append(text)

    def write_in_parts(self, lines: Lines, step: Step, leads: bool) -> None:
        """Write a step that others came between: each line where its last value was known."""
        assert step.resumed is not None
        arrived = {key: position for position, key in step.resumed}
        last = step.resumed[-1][0]
        so_far = 0
        fixed = [len(line) == 1 and isinstance(line[0], str) for line in lines]
        for number, line in enumerate(lines):
            if line and isinstance(line[0], Within):
                for position, told in (step.told or {}).get(line[0].key, ()):
                    if position <= step.index + 1:
                        self.out.append(told)
                    else:
                        so_far = max(so_far, position)
                        self.later[position].append((step, told))
                continue
            text = self.line(line, (step,))
            if text is None:
                continue
            if not fixed[number]:
                when = max(_arrival(p, arrived, last) for p in line)
                so_far = max(so_far, when)
            elif leads and all(fixed[number:]):
                when = 0 if text == step.source else last
            else:
                when = so_far  # a fixed phrase follows what it is about
            if when == 0:
                self.out.append(text)
            else:
                self.later[when].append((step, text))

    def line(self, line: Line, group: Sequence[Step]) -> str | None:
        """Fill a line; None if one of its slots has no value."""
        parts: list[str] = []
        for piece in line:
            text = piece if isinstance(piece, str) else self.piece(piece, group)
            if text is None:
                return None
            parts.append(text)
        return "".join(parts)

    def piece(self, piece: Piece, group: Sequence[Step]) -> str | None:
        return _FILL[type(piece)](self, piece, group)


def touches(changed: Collection[str], s: Statement) -> bool:
    """Tell whether a statement is about any of the variables that have changed."""
    if not changed:
        return False
    about = {*changed_by(s), *(read.name for read in s.reads)}
    about.update(s.attributes, [s.place.root] if s.place else [])
    if not about.isdisjoint(changed):
        return True
    texts = [*s.attributes, *(i.source for i in s.items if isinstance(i, Worked))]
    words = {word for text in texts for word in _WORDS.findall(text)}
    roots = {word.partition(".")[0] for word in words}
    return any(
        not words.isdisjoint((name, name.partition(".")[0])) if "." in name else name in roots
        for name in changed
    )


def unforeseen(step: Step) -> set[str]:
    """Return the variables that a step changed through another name."""
    assert step.statement is not None
    return set(step.after or ()).difference(changed_by(step.statement))


_WORDS = re.compile(r"\w+(?:\.\w+)?")
_PLACES = (Statement, Scope, Style)


def _arrival(piece: Piece, arrived: dict[int | None, int], last: int) -> int:
    if isinstance(piece, Value):
        return arrived.get(piece.key, 0)
    if isinstance(piece, Power | Ordered):
        return _arrival(piece.slot, arrived, last)
    if isinstance(piece, Before):
        return 0
    if isinstance(piece, Parts):
        pieces = (p for part in piece.parts for p in part)
        return max((_arrival(p, arrived, last) for p in pieces), default=0)
    if isinstance(piece, If):
        if piece.fact == "ran":
            return 0
        return arrived.get(piece.key, 0) if piece.fact in ("true", "false") else last
    return 0 if isinstance(piece, str | Param | Depth) else last


def _value(_: Renderer, piece: Value, group: Sequence[Step]) -> str | None:
    values = group[piece.of].values
    text = values.get(piece.key) if values else None
    return text if piece.operates or text is None or text[0] != "<" else None


def _after(_: Renderer, piece: After, group: Sequence[Step]) -> str | None:
    step = group[piece.of]
    text = step.after.get(piece.name) if step.after else None
    return step.reads.get(piece.name) if text is None and step.kind == "case" else text


def in_power(value: object) -> str:
    """Return the text of the left operand of ``**``: in parentheses if it is negative."""
    text = str(value)
    return f"({text})" if text.startswith("-") else text


def _power(renderer: Renderer, piece: Power, group: Sequence[Step]) -> str | None:
    text = renderer.piece(piece.slot, group)
    return None if text is None else in_power(text)


def _ordered(renderer: Renderer, piece: Ordered, group: Sequence[Step]) -> str | None:
    text = renderer.piece(piece.slot, group)
    return text if text is not None and is_ordered(text) else None


def is_ordered(text: str) -> bool:
    """Tell whether a value's text shows that its kind is totally ordered (no NaN, no set)."""
    return text[0] in "-0123456789'\"[(" and "nan" not in text and "{" not in text


def _changes(_: Renderer, piece: Changes, group: Sequence[Step]) -> str | None:
    step = group[piece.of]
    after = step.after if piece.whole else step.changed
    if not after:
        return None
    told = set(step.statement.targets if step.statement else step.frame.scope.params)
    place = step.statement.place if step.statement else None
    if place is not None and not piece.whole and (place.name or step.placed):
        told.add(place.path)
    changed = [f"{n} = {t}" for n, t in after.items() if n not in told]
    return piece.separator.join(changed) if changed else None


def _within(_: Renderer, piece: Within, group: Sequence[Step]) -> str | None:
    told = group[piece.of].told
    lines = told.get(piece.key) if told else None
    return "\n".join(text for _, text in lines) if lines else None


def _if(_: Renderer, piece: If, group: Sequence[Step]) -> str | None:
    fact = piece.fact
    if fact == "ran":
        return ""
    if fact in ("true", "false"):
        values = group[piece.of].values
        value = values.get(piece.key) if values else None
        return "" if value is not None and value == fact.capitalize() else None
    if fact in ("steady", "unsteady"):
        return "" if group[piece.of].steady == (fact == "steady") else None
    steps = group if piece.of == ALL else group[piece.of : piece.of + 1]
    if fact == "changed":
        return "" if any(step.changed or step.placed for step in steps) else None
    same = all(step.after is not None and not (step.after or step.placed) for step in steps)
    return "" if same else None


def _states(renderer: Renderer, piece: States, group: Sequence[Step]) -> str | None:
    known = renderer.known[group[0].frame]
    states = [f"{n} = {known[n]}" for n in piece.names if n in known]
    return piece.separator.join(states) if states else None


def _parts(renderer: Renderer, piece: Parts, group: Sequence[Step]) -> str | None:
    parts = [renderer.line(part, group) for part in piece.parts]
    there = [part for part in parts if part is not None]
    return piece.separator.join(there) if there else None


_FILL: dict[type, Callable[..., str | None]] = {
    Before: lambda _, piece, group: group[piece.of].read(piece.read),
    Value: _value,
    After: _after,
    Power: _power,
    Ordered: _ordered,
    Changes: _changes,
    Within: _within,
    If: _if,
    Param: lambda _, piece, group: (group[0].after or {}).get(piece.name),
    States: _states,
    Outcome: lambda _, __, group: group[0].outcome if isinstance(group[0].outcome, str) else None,
    Number: lambda _, __, group: str(group[0].arrival + 1),
    Depth: lambda _, __, group: str(group[0].depth),
    Parts: _parts,
}
