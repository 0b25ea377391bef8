"""The text back end: a rule and a style compiled together into code that writes the trace.

The code made for a rule is its own statements (`rfft.tracer.compiler`), with one f-string for each
stretch of the trace between them. Where that cannot be proved right, and where the rule raises,
the events are recorded and rendered, which gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .compiler import _P, Compiled, Compiler, Replay, Saved, text_of
from .plan import Statement
from .shapes import NUM, STR, Shape, Unproved
from .styles import Style, load
from .template import (
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
    Piece,
    Power,
    States,
    Value,
)

if TYPE_CHECKING:
    from .rule import Rule


@dataclass(slots=True)
class Written:
    """A trace written by a `Writer`. `steps` is their number; `answer` is None if it raised."""

    response: str
    answer: str | None
    result: Any
    steps: int
    exception: BaseException | None = None


class Writer:
    """Runs a rule on arguments and writes its trace in one style."""

    def __init__(self, rule: "Rule", style: "str | Style") -> None:
        self.rule = rule
        self.style = load(style)
        self._compiled = Compiled(rule, lambda shapes: _TextCompiler(rule, self.style, shapes))

    def __call__(self, *args: Any, **kwargs: Any) -> Written:
        """Run the rule and return its trace. Raises InputRejected."""
        try:
            run = self._compiled.run(args, kwargs)
        except Replay as replay:
            return self._recorded(replay.args, {})
        if run is None:
            return self._recorded(args, kwargs)
        return Written("".join(run.reports), run.answer, run.result, run.steps)

    def _recorded(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Written:
        from .tracing import Trace

        t = Trace(self.rule, args, kwargs).run()
        return Written(t.response(self.style), t.answer, t.result, len(t.steps), t.exception)


class _TextCompiler(Compiler):
    """Reports each moment as text in a style."""

    def __init__(self, rule: "Rule", style: Style, arguments: Sequence[Shape]) -> None:
        super().__init__(rule, arguments)
        self.style = style
        for loop in (s for s in self.statements() if s.loop):
            for line in style.again(loop):
                self.flagged.update(n for p in line if isinstance(p, States) for n in p.names)
        self.flagged -= set(rule.signature.parameters)

    def joins(self, group: Sequence[Statement], statement: Statement) -> bool:
        return self.style.joins(group, statement)

    def entered(self) -> None:
        self.write(self.style.call(self.scope, False), [])

    def section(self, s: Statement) -> None:
        self.write(self.style.section(s), [s])

    def ran(self, group: Sequence[Statement], saved: Saved, moods: dict[int, str]) -> None:
        self.write(self.style.simple(group), group, saved=saved, moods=moods)

    def again(self, s: Statement) -> None:
        self.write(self.style.again(s), [s])

    def passed(self, s: Statement) -> None:
        lines = self.style.statement(s) if s.kind == "pass" else self.style.leave(s)
        self.write(lines, [s])

    def returned(self, s: Statement | None, text: str) -> None:
        lines = self.style.result(self.scope, s, False)
        self.write(lines, [s] if s else [], outcome="None" if s is None else text)

    def tested(self, s: Statement, outcome: bool, number: str) -> None:
        first = self.style.test(s, outcome, True)
        rest: Lines = []
        if outcome and s.loop:
            rest = self.style.iteration(s)
        elif not outcome and s.orelse and not s.orelse[0].elif_:
            rest = self.style.otherwise(s)
        again = self.style.test(s, outcome, False) if s.loop else first
        if first == again:
            self.write([*first, *rest], [s])
            return
        for line, lines in ((f"if {number}:", again), ("else:", first)):
            self.emit(line)
            self.indent += 1
            self.emit("pass")
            self.write([*lines, *rest], [s])
            self.indent -= 1

    def write(
        self,
        lines: Lines,
        group: Sequence[Statement],
        *,
        saved: Saved | None = None,
        moods: dict[int, str] | None = None,
        outcome: str = "",
    ) -> None:
        """Emit the code that writes lines."""
        filler = _Filler(self, group, saved or {}, moods or {}, outcome)
        stretch = ""
        for line in lines:
            when, text = filler.line(line)
            if when == "False":
                continue
            if when == "True":
                stretch += text
                continue
            if stretch:
                self.emit(f'{_P}out(f"{stretch}")')
                stretch = ""
            self.emit(f"if {when}:")
            self.emit(f' {_P}out(f"{text}")')
        if stretch:
            self.emit(f'{_P}out(f"{stretch}")')


class _Filler:
    """Turns the lines of a template into the insides of f-strings and the conditions for them."""

    def __init__(
        self,
        compiler: _TextCompiler,
        group: Sequence[Statement],
        saved: Saved,
        moods: dict[int, str],
        outcome: str,
    ) -> None:
        self.compiler = compiler
        self.group = group
        self.saved = saved
        self.moods = moods
        self.outcome = outcome

    def line(self, line: Line) -> tuple[str, str]:
        """Return the condition under which a line is written, and its text."""
        conditions: list[str] = []
        text = ""
        for piece in line:
            if isinstance(piece, str):
                text += _literal(piece)
            elif isinstance(piece, If):
                conditions.append(self.fact(piece))
            elif isinstance(piece, Changes):
                return self.changes(piece)
            else:
                text += "{" + self.slot(piece, conditions) + "}"
        return _all(conditions), text + "\\n"

    def slot(self, piece: Piece, conditions: list[str]) -> str:
        """Return the code of a value; add the condition for its being there."""
        c = self.compiler
        if isinstance(piece, Before | Value):
            s = self.group[piece.of]
            if isinstance(piece, Before):
                code, when = c.before(s, piece.read, piece.of, self.saved)
            else:
                code, when = c.worked(s, piece.key)
            conditions += when
            return code
        if isinstance(piece, After):
            return self.after(piece.name, piece.of)
        if isinstance(piece, Power):
            return f"{_P}power({self.slot(piece.slot, conditions)})"
        if isinstance(piece, Ordered):
            if self.shape_of(piece.slot) not in (NUM, STR):
                raise Unproved("a comparison of values that may have no order")
            return self.slot(piece.slot, conditions)
        if isinstance(piece, Param):
            return text_of(piece.name)
        if isinstance(piece, Outcome):
            return self.outcome
        if isinstance(piece, Number):
            return f"{_P}i{self.group[0].id} + 1"
        if isinstance(piece, States):
            return self.states(piece, conditions)
        assert isinstance(piece, Depth)
        return "1"

    def after(self, name: str, of: int) -> str:
        return self.saved.get(("after", of, name)) or self.compiler.variable(name)

    def shape_of(self, piece: Before | Value) -> Shape:
        if isinstance(piece, Value):
            return self.compiler.shape(self.group[piece.of], piece.key)
        return self.compiler.shapes.env.get(piece.read.name, STR)

    def fact(self, piece: If) -> str:
        if piece.fact == "ran":
            return "True"
        if piece.fact in ("true", "false"):
            name = self.compiler.captured(self.group[piece.of], piece.key)
            return f"{name} is {piece.fact.capitalize()}"
        moods = [self.moods.get(n, "False") for n in range(len(self.group))]
        if piece.of != ALL:
            moods = [moods[piece.of]]
        changed = "True" if "True" in moods else _any([m for m in moods if m != "False"])
        if piece.fact == "changed":
            return changed
        return {"True": "False", "False": "True"}.get(changed, f"not {changed}")

    def changes(self, piece: Changes) -> tuple[str, str]:
        mood = self.moods.get(piece.of, "False")
        name, when = self.compiler.changed(self.group[piece.of], mood)
        return when, f"{name} = {{{self.after(name, piece.of)}}}\\n" if name else ""

    def states(self, piece: States, conditions: list[str]) -> str:
        c = self.compiler
        parts = []
        for name in piece.names:
            if name not in c.shapes.env:
                continue
            part = f'f"{name} = {{{c.variable(name)}}}"'
            parts.append(f"{part} if {_P}k_{name} else None" if name in c.flagged else part)
        joined = f"{_P}join({piece.separator!r}, {', '.join(parts)})"
        c.emit(f"{_P}j = {joined}")
        conditions.append(f"{_P}j")
        return f"{_P}j"


def _literal(text: str) -> str:
    """Escape literal text for the inside of an f-string in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return escaped.replace("\r", "\\r").replace("{", "{{").replace("}", "}}")


def _all(conditions: list[str]) -> str:
    if "False" in conditions:
        return "False"
    return " and ".join(c for c in dict.fromkeys(conditions) if c != "True") or "True"


def _any(conditions: list[str]) -> str:
    return f"({' or '.join(conditions)})" if conditions else "False"
