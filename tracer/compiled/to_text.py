"""The text back end: a rule and a style compiled together into code that writes the trace.

The code made for a rule is its own statements (`rfft.tracer.compiled.codegen`), with one f-string
for each stretch of the trace between them. Where that cannot be proved right, and where the rule
raises, the events are recorded and rendered, which gives the same bytes.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..plan.statements import Read, Statement
from ..program import Program
from ..recorded.recorder import Recorder
from ..recorded.running import run
from ..styles import Style, load, moments
from ..styles.render import render
from ..styles.slots import (
    Before,
    Lines,
    Number,
    States,
    Value,
    leaves,
)
from .codegen import Compiler, Saved
from .formats import PREFIX as _P
from .formats import (
    Code,
    Slots,
    Text,
    add,
    add_where,
    code_of,
    keys_in,
    text_of_lines,
)
from .runner import Compiled
from .shapes import INT, NUMBERS, STR, STRINGS, Shape, Unproved


class Written(NamedTuple):
    """A trace written by a `Writer`. `answer` is None if the rule raised.

    `steps` and `iterations` are numbers: of all steps, and of those that entered a loop's body.
    """

    response: str
    answer: str | None
    result: Any
    steps: int
    exception: BaseException | None = None
    iterations: int = 0


# The code that is made counts both in one number, so that counting iterations costs nothing.
_ITERATION = 1 << 32
_STEPS = _ITERATION - 1


class Writer:
    """Runs a rule on arguments and writes its trace in one style.

    The first calls run code that is quick to compile. After `quick_calls` of them it is worth to
    make code that takes longer to compile and less to run.
    """

    def __init__(self, rule: Program, style: "str | Style", quick_calls: int = 64) -> None:
        self.rule = rule
        self.style = load(style)
        self._compiled = self._compile(_TextCompiler)
        self._calls, self._quick_calls = 0, quick_calls

    def _compile(self, compiler: "type[_TextCompiler]") -> Compiled:
        return Compiled(self.rule, lambda shapes: compiler(self.rule, self.style, shapes))

    def __call__(self, *args: Any, **kwargs: Any) -> Written:
        """Run the rule and return its trace. Raises InputRejected."""
        return self.attempt(args, kwargs) or self._recorded(args, kwargs)

    def attempt(
        self,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        described: Sequence[tuple[Shape | None, str]] | None = None,
    ) -> Written | None:
        """Return the trace if compiled code can make it; None leaves the arguments as they were.

        `described` are the arguments as `describe` tells of them, where that is known already.
        """
        if self._calls == self._quick_calls:
            self._compiled = self._compile(_LastingCompiler)
        self._calls += 1
        run = self._compiled.run(args, kwargs, described)
        if run is None:
            return None
        compiler, reports, result, answer, count = run
        assert isinstance(compiler, _TextCompiler)
        response = compiler.response(reports)
        # Half the cost of calling the class, for an object that is made a million times.
        return tuple.__new__(Written, (response, answer, result, count & _STEPS, None, count >> 32))

    def _recorded(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Written:
        self.rule.check(args, kwargs)
        recorder = Recorder()
        result, answer, exception = run(self.rule, args, kwargs, recorder)
        steps = recorder.steps
        response = render(steps, self.style, exception)
        iterations = sum(step.outcome is True and step.loop for step in steps)
        return Written(response, answer, result, len(steps), exception, iterations)


class _TextCompiler(Compiler):
    """Reports each moment as text in a style; each text is followed by its number of steps."""

    def __init__(self, rule: Program, style: Style, arguments: Sequence[Shape]) -> None:
        super().__init__(rule, arguments)
        self.style = style
        self.namespace[f"{_P}sum"] = sum
        for loop in (s for s in self.statements() if s.loop):
            for line in style.again(loop):
                self.flagged.update(n for p in line if isinstance(p, States) for n in p.names)
        self.flagged.difference_update(self.parameters)

        self.pending: Text = [""]  # text not written yet
        self.uncounted = 0  # steps and iterations not counted yet
        self.lines_of: dict[int, Lines] = {}  # the style's answers, by statement
        self.tests: dict[tuple[int, bool, bool], Lines] = {}
        self.openings: dict[int, str] = {}  # what holds the text of the first arrival at a loop

    # Text and steps are held back along straight code and written at once, before control can go
    # elsewhere.

    def write(
        self,
        lines: Lines,
        group: Sequence[Statement],
        saved: Saved | None = None,
        moods: Sequence[Code] = (),
        outcome: Text | None = None,
    ) -> None:
        """Add the text of lines to what is to be written."""
        if lines:
            slots = _Variables(self, group, saved or {}, moods, outcome or [""])
            add(self.pending, text_of_lines(lines, slots))

    def worded(self, lines: Lines, s: Statement, moods: Sequence[Code] = ()) -> Text:
        """Return the text of lines for the test of a loop."""
        return text_of_lines(lines, _Variables(self, [s], {}, moods, [""]))

    def flush(self) -> None:
        """Emit the code that writes what is held back."""
        text = self.pending
        if len(text) > 1 or text[0] or self.uncounted:
            self.report(text, self.uncounted)
            self.pending, self.uncounted = [""], 0

    def report(self, text: Text, steps: int) -> None:
        """Emit the statement that writes a text; nothing is parsed faster than this one."""
        self.emit(f"{_P}o += {code_of(text)}, {steps}")

    def response(self, reports: list[Any]) -> str:
        """Return the text of all reports."""
        return "".join(reports[::2])

    def changing(self, texts: Sequence[str]) -> None:
        codes = self.pending[1::2]
        whole = " ".join(codes)
        for text in texts:
            if text in whole:
                pattern = re.compile(rf"{text}\b")
                codes = self.pending[1::2]
                if pattern.search(whole):
                    kept = self.save(text)
                    self.pending[1::2] = [pattern.sub(kept, code) for code in codes]
        super().changing(texts)

    def arm(self, state: tuple[Text, int] | None = None) -> tuple[Text, int]:
        super().arm()
        if state is not None:
            self.pending, self.uncounted = state
        return self.pending.copy(), self.uncounted

    def leave_arm(self) -> None:
        self.flush()
        super().leave_arm()

    def decided(self, s: Statement, test: Code) -> Code:
        """Write what both arms begin with, once; the test is made before."""
        yes, no = self.tests[s.id, True, True], self.tests[s.id, False, True]
        start, _ = _common(yes, no)
        if start:
            test = self.temporary(test)
            self.write(yes[:start], [s])
            self.tests[s.id, True, True], self.tests[s.id, False, True] = yes[start:], no[start:]
        self.flush()
        return test

    def before_loop(self) -> None:
        self.flush()
        super().before_loop()

    def leave_block(self, how: str) -> None:
        self.flush()
        super().leave_block(how)

    def opening(self, s: Statement, items: Code) -> Code:
        """Keep the lines that are written at the first arrival only, if they are known by now."""
        lines = self.first_lines(s)
        if not lines:
            return items
        if any(isinstance(p, Value) for line in lines for p in line):
            self.emit(f"{_P}q{s.id} = {items}")
            items = f"{_P}q{s.id}"
        self.openings[s.id] = f"{_P}h{s.id}"
        self.emit(f"{_P}h{s.id} = {code_of(self.worded(lines, s))}")
        return items

    def first_lines(self, s: Statement) -> Lines:
        """Return the lines that the tests of a ``for`` have at first and not again.

        There are none if a test has others in their place, if the two tests differ in them, or if
        they state what the test itself changes.
        """
        found = []
        for outcome in (True, False):
            first, again = self.tests[s.id, outcome, True], self.tests[s.id, outcome, False]
            start, end = _common(first, again)
            found.append((start, first[start : len(first) - end]))
            if len(again) > start + end:
                return []
        stated = [p for line in found[0][1] for p in line]
        steady = all(isinstance(p, str | Before | Value) for p in stated)
        return found[0][1] if found[0] == found[1] and steady else []

    # Moments

    def prepare(self, group: Sequence[Statement]) -> None:
        s = group[0]
        if s.loop or s.kind == "if":
            lines = []
            for outcome in (True, False):
                for first in (True, False) if s.loop else (True,):
                    told = self.tests[s.id, outcome, first] = self.style.test(s, outcome, first)
                    lines += told
        elif s.kind == "return":
            lines = self.lines_of[s.id] = moments.ran(self.style, self.scope, s)
        else:
            lines = self.lines_of[s.id] = self.style.simple(group)
        for statement in group:
            self.wanted[statement.id] = set()
        if any(statement.captures for statement in group):
            for of, key in keys_in(lines):
                self.wanted[group[of].id].add(key)

    def counts(self, s: Statement) -> bool:
        return any(
            (first != self.tests[s.id, outcome, False] and s.id not in self.openings)
            or any(isinstance(p, Number) for line in first for p in leaves(line))
            for outcome in (True, False)
            for first in [self.tests[s.id, outcome, True]]
        )

    def joins(self, group: Sequence[Statement], statement: Statement) -> bool:
        return self.style.joins(group, statement)

    @property
    def steps(self) -> Code:
        return f"{_P}sum({_P}o[1::2])"

    def entered(self) -> None:
        self.uncounted = 1
        self.write(self.style.call(self.scope, False), [])

    def section(self, s: Statement) -> None:
        self.write(moments.arriving(self.style, s, first=True), [s])

    def ran(self, group: Sequence[Statement], saved: Saved, moods: Sequence[Code]) -> None:
        self.uncounted += len(group)
        self.write(self.lines_of[group[0].id], group, saved, moods)

    def again(self, s: Statement) -> None:
        self.write(moments.arriving(self.style, s, first=False), [s])

    def passed(self, s: Statement) -> None:
        self.uncounted += 1
        self.write(moments.ran(self.style, self.scope, s), [s])

    def returned(self, s: Statement | None, text: Text) -> None:
        self.uncounted += 1
        if s is None:
            self.write(self.style.result(self.scope, None, False), [], outcome=text)
        else:
            self.write(self.lines_of[s.id], [s], outcome=text)

    def tested(self, s: Statement, outcome: bool, before: Code) -> None:
        self.uncounted += 1 + _ITERATION if s.loop and outcome else 1
        first = self.tests[s.id, outcome, True]
        rest = moments.following(self.style, s, outcome)
        moods = ["True" if outcome and s.targets else "False"]
        again = self.tests[s.id, outcome, False] if s.loop else first
        if first == again:
            self.write([*first, *rest], [s], moods=moods)
            return
        start, end = _common(first, again)
        self.write(first[:start], [s], moods=moods)
        if opening := self.openings.get(s.id):
            if outcome:
                written = self.temporary(opening)
                self.emit(f"{opening} = ''")
                opening = written
            self.pending += [opening, ""]
        else:
            text = self.worded(first[start : len(first) - end], s, moods)
            add_where(self.pending, f"not {before}", text)
            add_where(self.pending, before, self.worded(again[start : len(again) - end], s, moods))
        self.write([*first[len(first) - end :], *rest], [s], moods=moods)


_BRACES = str.maketrans({"{": "{{", "}": "}}"})
_TEXTS = tuple(map(str, range(1000)))


class _LastingCompiler(_TextCompiler):
    """Makes code that is a tenth to a quarter faster and takes a fifth longer to compile.

    It reports texts alone and counts the steps in a variable.
    """

    def __init__(self, rule: Program, style: Style, arguments: Sequence[Shape]) -> None:
        super().__init__(rule, style, arguments)
        self.namespace[f"{_P}texts"] = _TEXTS

    def decided(self, s: Statement, test: Code) -> Code:
        """Let both arms write what is held back: the text is long and written at once."""
        return test

    def report(self, text: Text, steps: int) -> None:
        if steps:
            self.emit(f"{_P}n += {steps}")
        if len(text) == 1 and not text[0]:
            return
        known: dict[Code, str] = {}  # a value that is written twice is made once
        for code in text[1::2]:
            if code not in known:
                known[code] = code if code.isidentifier() else self.temporary(code)
        names = [known[code] for code in text[1::2]]
        whole = text[0].translate(_BRACES)
        for name, literal in zip(names, text[2::2], strict=True):
            whole += f"{{{name}}}{literal.translate(_BRACES)}"
        self.emit(f"{_P}o.append(f{whole!r})")

    def response(self, reports: list[Any]) -> str:
        return "".join(reports)

    @property
    def steps(self) -> Code:
        return f"{_P}n"

    def entered(self) -> None:
        self.emit(f"{_P}n = 0")
        super().entered()

    def format(self, code: Code, shape: Shape) -> Code:
        text = super().format(code, shape)
        if shape == INT and code.isidentifier():
            return f"({_P}texts[{code}] if -1 < {code} < {len(_TEXTS)} else {text})"
        return text


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
        moods: Sequence[Code],
        outcome: Text,
    ) -> None:
        self.compiler = compiler
        self.group = group
        self.size = len(group)
        self.saved = saved
        self.moods = moods
        self.result = outcome

    def before(self, of: int, read: Read, conditions: list[Code]) -> Text:
        if read.guard is None and not self.saved:
            return self.compiler.text(read.name)
        return self.compiler.before(self.group[of], read, of, self.saved, conditions)

    def worked(self, of: int, key: int, conditions: list[Code]) -> Text:
        return self.compiler.worked(self.group[of], key, conditions)

    def truth(self, of: int, key: int) -> Code:
        return self.compiler.captured(self.group[of], key)

    def after(self, of: int, name: str) -> Text:
        return self.compiler.text(name, self.saved.get(("after", of, name), ""))

    def changed(self, of: int) -> list[tuple[str, Code]]:
        return self.compiler.changed(self.group[of], self.moods[of] if self.moods else "False")

    def mood(self, of: int) -> Code:
        if not self.moods:
            return "False"
        return "True" if self.group[of].place else self.moods[of]

    def param(self, name: str) -> Text:
        return self.compiler.text(name)

    def outcome(self) -> Text:
        return self.result

    def number(self) -> Text:
        return ["", self.compiler.format(f"{_P}i{self.group[0].id}", INT), ""]

    def states(self, piece: States, conditions: list[Code]) -> Text:
        c = self.compiler
        parts = []
        for name in piece.names:
            if name in c.shapes.env:
                text = [f"{name} = "]
                add(text, c.text(name))
                part = code_of(text)
                parts.append(f"{part} if {_P}k_{name} else None" if name in c.flagged else part)
        states = c.temporary(f"{_P}join({piece.separator!r}, {', '.join(parts)})")
        conditions.append(states)
        return ["", states, ""]

    def ordered(self, piece: Before | Value, code: Code) -> list[Code]:
        c = self.compiler
        if isinstance(piece, Value):
            shape = c.shape(self.group[piece.of], piece.key)
        else:
            shape = c.shapes.env.get(piece.read.name, STR)
        if shape not in (*NUMBERS, *STRINGS):
            raise Unproved("a comparison of values that may have no order")
        return []
