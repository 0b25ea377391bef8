"""The text back end: a rule and a style compiled together into code that writes the trace.

The code made for a rule is its own statements (`rfft.tracer.compiler`), with one f-string for each
stretch of the trace between them. Where that cannot be proved right, and where the rule raises,
the events are recorded and rendered, which gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .compiler import Compiled, Compiler, Saved, text_of
from .fstring import PREFIX as _P
from .fstring import Slot, Slots, Stretch, joined, keys_in, pieces, stretches
from .plan import Read, Statement
from .shapes import NUM, STR, Shape, Unproved
from .styles import Style, load
from .template import Before, Lines, Number, States, Value, leaves

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
        run = self._compiled.run(args, kwargs)
        if run is None:
            return self._recorded(args, kwargs)
        return Written("".join(run.reports), run.answer, run.result, run.steps)

    def _recorded(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Written:
        from .tracing import Trace

        t = Trace(self.rule, args, kwargs).run()
        return Written(t.response(self.style), t.answer, t.result, len(t.steps), t.exception)


class _TextCompiler(Compiler):
    """Reports each moment as text in a style."""

    takes = "extend"  # the text is joined once, at the end

    def __init__(self, rule: "Rule", style: Style, arguments: Sequence[Shape]) -> None:
        super().__init__(rule, arguments)
        self.style = style
        for loop in (s for s in self.statements() if s.loop):
            for line in style.again(loop):
                self.flagged.update(n for p in line if isinstance(p, States) for n in p.names)
        self.flagged -= set(rule.signature.parameters)

        self.pending: list[Stretch] = []  # text not written yet
        self.lines_of: dict[int, Lines] = {}  # the style's answers, by statement
        self.tests: dict[tuple[int, bool, bool], Lines] = {}

    # Text is held back along straight code and written at once, before control can go elsewhere.

    def write(
        self,
        lines: Lines,
        group: Sequence[Statement],
        *,
        saved: Saved | None = None,
        moods: dict[int, str] | None = None,
        outcome: str = "",
        when: str = "True",
    ) -> None:
        """Add the text of lines to what is to be written, `when` a condition holds."""
        slots = _Variables(self, group, saved or {}, moods or {}, outcome)
        for stretch in stretches(lines, slots):
            if when != "True":
                stretch.when = when if stretch.when == "True" else f"{when} and {stretch.when}"
            self.pending.append(stretch)

    def flush(self) -> None:
        """Emit the code that writes the text held back."""
        if self.pending:
            codes = [t for p in self.pending for is_code, t in p.parts if is_code]
            made = [c for c in codes if "(" in c]
            for code in {c: None for c in made if codes.count(c) > 1}:
                if any(p.when == "True" and (True, code) in p.parts for p in self.pending):
                    name = self.temporary(code)  # made once and written twice
                    for p in self.pending:
                        p.parts = [(c, name if c and t == code else t) for c, t in p.parts]
            self.emit(f"{_P}out(({', '.join(pieces(joined(self.pending)))},))")
            self.pending = []

    def changing(self, texts: Sequence[str]) -> None:
        for text in texts:
            if any(p.mentions(text) for p in self.pending):
                kept = self.save(text)
                for stretch in self.pending:
                    stretch.replace(text, kept)
        super().changing(texts)

    def arm(self, state: list[Stretch] | None = None) -> list[Stretch]:
        super().arm()
        if state is not None:
            self.pending = state
        return [Stretch(p.when, p.parts) for p in self.pending]

    def leave_arm(self) -> None:
        self.flush()
        super().leave_arm()

    def before_loop(self) -> None:
        self.flush()
        super().before_loop()

    def leave_block(self, how: str) -> None:
        self.flush()
        super().leave_block(how)

    # Moments

    def prepare(self, group: Sequence[Statement]) -> None:
        s = group[0]
        if s.kind in ("assign", "augassign", "expr"):
            lines = self.lines_of[s.id] = self.style.simple(group)
        elif s.kind == "return":
            lines = self.lines_of[s.id] = self.style.result(self.scope, s, False)
        else:
            lines = []
            for outcome in (True, False):
                for first in (True, False) if s.loop else (True,):
                    told = self.tests[s.id, outcome, first] = self.style.test(s, outcome, first)
                    lines += told
        for statement in group:
            self.wanted[statement.id] = set()
        for of, key in keys_in(lines):
            self.wanted[group[of].id].add(key)

    def counts(self, s: Statement) -> bool:
        return any(
            self.tests[s.id, outcome, True] != self.tests[s.id, outcome, False]
            or any(
                isinstance(p, Number) for t in self.tests[s.id, outcome, True] for p in leaves(t)
            )
            for outcome in (True, False)
        )

    def joins(self, group: Sequence[Statement], statement: Statement) -> bool:
        return self.style.joins(group, statement)

    def entered(self) -> None:
        self.write(self.style.call(self.scope, False), [])

    def section(self, s: Statement) -> None:
        self.write(self.style.section(s), [s])

    def ran(self, group: Sequence[Statement], saved: Saved, moods: dict[int, str]) -> None:
        self.write(self.lines_of[group[0].id], group, saved=saved, moods=moods)

    def again(self, s: Statement) -> None:
        self.write(self.style.again(s), [s])

    def passed(self, s: Statement) -> None:
        lines = self.style.statement(s) if s.kind == "pass" else self.style.leave(s)
        self.write(lines, [s])

    def returned(self, s: Statement | None, text: str) -> None:
        if s is not None:
            self.write(self.lines_of[s.id], [s], outcome=text)
            return
        self.write(self.style.result(self.scope, None, False), [], outcome='"None"')
        self.flush()

    def tested(self, s: Statement, outcome: bool, before: str) -> None:
        first = self.tests[s.id, outcome, True]
        rest: Lines = []
        if outcome and s.loop:
            rest = self.style.iteration(s)
        elif not outcome and s.orelse and not s.orelse[0].elif_:
            rest = self.style.otherwise(s)
        again = self.tests[s.id, outcome, False] if s.loop else first
        if first == again:
            self.write([*first, *rest], [s])
            return
        start, end = _common(first, again)
        self.write(first[:start], [s])
        self.write(first[start : len(first) - end], [s], when=f"not {before}")
        self.write(again[start : len(again) - end], [s], when=before)
        self.write([*first[len(first) - end :], *rest], [s])


def _common(one: Lines, other: Lines) -> tuple[int, int]:
    """Return how many lines two texts share at their starts and at their ends."""
    shorter = min(len(one), len(other))
    start = next((n for n in range(shorter) if one[n] != other[n]), shorter)
    rest = shorter - start
    end = next((n for n in range(rest) if one[-1 - n] != other[-1 - n]), rest)
    return start, end


class _Variables(Slots):
    """Finds the values of slots in the variables of the compiled code."""

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
        self.size = len(group)
        self.saved = saved
        self.moods = moods
        self.result = outcome

    def before(self, of: int, read: Read) -> Slot:
        return self.compiler.before(self.group[of], read, of, self.saved)

    def worked(self, of: int, key: int) -> Slot:
        code, conditions = self.compiler.worked(self.group[of], key)
        return self.compiler.format(code, NUM) if code.isidentifier() else code, conditions

    def truth(self, of: int, key: int) -> str:
        return self.compiler.captured(self.group[of], key)

    def after(self, of: int, name: str) -> str:
        return self.saved.get(("after", of, name)) or self.compiler.variable(name)

    def changed(self, of: int) -> list[tuple[str, str]]:
        return self.compiler.changed(self.group[of], self.mood(of))

    def mood(self, of: int) -> str:
        return self.moods.get(of, "False")

    def param(self, name: str) -> str:
        return text_of(name)

    def outcome(self) -> str:
        return self.result

    def number(self) -> str:
        return self.compiler.format(f"{_P}i{self.group[0].id}", NUM)

    def states(self, piece: States) -> Slot:
        c = self.compiler
        parts = []
        for name in piece.names:
            if name in c.shapes.env:
                part = f"'{name} = ' + {c.variable(name)}"
                parts.append(f"{part} if {_P}k_{name} else None" if name in c.flagged else part)
        states = c.temporary(f"{_P}join({piece.separator!r}, {', '.join(parts)})")
        return states, [states]

    def ordered(self, piece: Before | Value, code: str) -> list[str]:
        c = self.compiler
        if isinstance(piece, Value):
            shape = c.shape(self.group[piece.of], piece.key)
        else:
            shape = c.shapes.env.get(piece.read.name, STR)
        if shape not in (NUM, STR):
            raise Unproved("a comparison of values that may have no order")
        return []
