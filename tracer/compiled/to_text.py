"""The text back end: a rule and a style compiled together into code that writes the trace.

The code made for a rule is its own statements (`rfft.tracer.compiled.codegen`), with one f-string
for each stretch of the trace between them. Where that cannot be proved right, and where the rule
raises, the events are recorded and rendered, which gives the same bytes.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from ..plan.statements import Statement
from ..program import Program
from ..recorded.recorder import Recorder
from ..recorded.running import run
from ..styles import Style, load, moments
from ..styles.render import render
from ..styles.slots import Before, Lines, Number, States, Value, leaves
from .captures import Captures
from .formats import PREFIX as _P
from .formats import Code, Text, add, add_where, code_of
from .reporter import Group, Reporter
from .runner import Compiled
from .shapes import Shape
from .templates import Template, keys_in
from .texts import Texts


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
        self.style = load(style)
        self.rule = rule.detailed if self.style.detailed else rule
        self._compiled = self._compile(_Pieces())
        self._calls, self._quick_calls = 0, quick_calls

    def _compile(self, output: "_Output") -> "Compiled[_TextReporter]":
        def reporter(captures: Captures) -> _TextReporter:
            return _TextReporter(self.rule, self.style, captures, output)

        return Compiled(self.rule, reporter, output.tabled)

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
            self._compiled = self._compile(_Strings())
        self._calls += 1
        run = self._compiled.run(args, kwargs, described)
        if run is None:
            return None
        reporter, reports, result, answer, count = run
        response = reporter.output.response(reports)
        # Half the cost of calling the class, for an object that is made a million times.
        return tuple.__new__(Written, (response, answer, result, count & _STEPS, None, count >> 32))

    def _recorded(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Written:
        self.rule.parameters.check(args, kwargs)
        recorder = Recorder()
        result, answer, exception = run(self.rule, args, kwargs, recorder)
        steps = recorder.steps
        response = render(steps, self.style, exception)
        iterations = sum(step.outcome is True and step.loop for step in steps)
        return Written(response, answer, result, len(steps), exception, iterations)


def writer_of(program: Program, style: Style) -> Writer:
    """Return the writer of a rule in a style, made once."""
    known: Writer | None = program.memo.get((Writer, id(style)))
    if known is None:
        known = program.memo[Writer, id(style)] = Writer(program, style)
    return known


class _Output(Protocol):
    """How the code puts out the texts of a run and counts its steps."""

    count: Code
    shares: bool  # whether what both arms of a branch begin with is written in front of it
    tabled: bool  # whether texts of small ints are looked up

    def start(self, texts: Texts) -> None:
        """Emit what comes first."""

    def write(self, texts: Texts, text: Text, count: int) -> None:
        """Emit the code that writes a text and counts the steps that it tells of."""

    def response(self, reports: list[Any]) -> str:
        """Return the text of all reports."""


class _Pieces:
    """Each text is followed by its count: nothing is parsed faster than the statement for it."""

    count = f"{_P}sum({_P}o[1::2])"
    shares = True
    tabled = False

    def start(self, texts: Texts) -> None:
        pass

    def write(self, texts: Texts, text: Text, count: int) -> None:
        texts.emit(f"{_P}o += {code_of(text)}, {count}")

    def response(self, reports: list[Any]) -> str:
        return "".join(reports[::2])


_BRACES = str.maketrans({"{": "{{", "}": "}}"})


class _Strings:
    """Texts alone, long ones written at once, and steps counted in a variable.

    The code is a tenth to a quarter faster and takes a fifth longer to compile.
    """

    count = f"{_P}n"
    shares = False
    tabled = True

    def start(self, texts: Texts) -> None:
        texts.emit(f"{_P}n = 0")

    def write(self, texts: Texts, text: Text, count: int) -> None:
        if count:
            texts.emit(f"{_P}n += {count}")
        if len(text) == 1 and not text[0]:
            return
        known: dict[Code, str] = {}  # a value that is written twice is made once
        for code in text[1::2]:
            if code not in known:
                known[code] = code if code.isidentifier() else texts.temporary(code)
        whole = text[0].translate(_BRACES)
        for code, literal in zip(text[1::2], text[2::2], strict=True):
            whole += f"{{{known[code]}}}{literal.translate(_BRACES)}"
        texts.emit(f"{_P}o.append(f{whole!r})")

    def response(self, reports: list[Any]) -> str:
        return "".join(reports)


class _TextReporter(Reporter):
    """Reports each moment as text in a style.

    Text and steps are held back along straight code and written at once.
    """

    def __init__(self, rule: Program, style: Style, captures: Captures, output: _Output) -> None:
        self.scope = rule.scope
        self.style = style
        self.captures = captures
        self.texts = captures.texts
        self.output = output
        self.noted = frozenset(
            name
            for loop in captures.statements
            if loop.loop
            for line in style.again(loop)
            for piece in line
            if isinstance(piece, States)
            for name in piece.names
        ).difference(rule.parameters.plain or ())
        self._pending: Text = [""]  # text not written yet
        self._uncounted = 0  # steps and iterations not counted yet
        self._lines_of: dict[int, Lines] = {}  # the style's answers, by statement
        self._tests: dict[tuple[int, bool, bool], Lines] = {}
        self._openings: dict[int, str] = {}  # what holds the text of the first arrival at a loop

    @property
    def count(self) -> Code:
        return self.output.count

    def write(self, lines: Lines, group: Group) -> None:
        """Add the text of lines to what is to be written."""
        if lines:
            add(self._pending, self.worded(lines, group))

    def worded(self, lines: Lines, group: Group) -> Text:
        """Return the text of lines."""
        return Template(self.captures, self.noted, group).text(lines)

    # What is held back

    def flush(self) -> None:
        text = self._pending
        if len(text) > 1 or text[0] or self._uncounted:
            self.output.write(self.texts, text, self._uncounted)
            self._pending, self._uncounted = [""], 0

    def held(self) -> tuple[Text, int]:
        return self._pending.copy(), self._uncounted

    def hold(self, held: tuple[Text, int]) -> None:
        self._pending, self._uncounted = held

    def changing(self, holders: Sequence[str]) -> None:
        codes = self._pending[1::2]
        whole = " ".join(codes)
        for holder in holders:
            if holder in whole:
                pattern = re.compile(rf"{holder}\b")
                codes = self._pending[1::2]
                if pattern.search(whole):
                    copy = self.texts.copy(holder)
                    self._pending[1::2] = [pattern.sub(copy, code) for code in codes]

    def decided(self, s: Statement, test: Code) -> Code:
        """Write what both arms begin with, once; the test is made before."""
        if not self.output.shares:
            return test
        yes, no = self._tests[s.id, True, True], self._tests[s.id, False, True]
        start, _ = _common(yes, no)
        if start:
            test = self.texts.temporary(test)
            self.write(yes[:start], Group([s]))
            self._tests[s.id, True, True], self._tests[s.id, False, True] = yes[start:], no[start:]
        self.flush()
        return test

    def opening(self, s: Statement, items: Code) -> Code:
        """Keep the lines that are written at the first arrival only, if they are known by now."""
        lines = self.first_lines(s)
        if not lines:
            return items
        if any(isinstance(p, Value) for line in lines for p in line):
            self.texts.emit(f"{_P}q{s.id} = {items}")
            items = f"{_P}q{s.id}"
        self._openings[s.id] = f"{_P}h{s.id}"
        self.texts.emit(f"{_P}h{s.id} = {code_of(self.worded(lines, Group([s])))}")
        return items

    def first_lines(self, s: Statement) -> Lines:
        """Return the lines that the tests of a ``for`` have at first and not again.

        There are none if a test has others in their place, if the two tests differ in them, or if
        they state what the test itself changes.
        """
        of_tests = []
        for outcome in (True, False):
            first, again = self._tests[s.id, outcome, True], self._tests[s.id, outcome, False]
            start, end = _common(first, again)
            of_tests.append((start, first[start : len(first) - end]))
            if len(again) > start + end:
                return []
        (_, lines), no = of_tests
        steady = all(isinstance(p, str | Before | Value) for line in lines for p in line)
        return lines if of_tests[0] == no and steady else []

    # What is asked for

    def prepare(self, group: Sequence[Statement]) -> list[set[int]]:
        s = group[0]
        if s.moment == "test":
            lines = []
            for outcome in (True, False):
                for first in (True, False) if s.loop else (True,):
                    told = self._tests[s.id, outcome, first] = self.style.test(s, outcome, first)
                    lines += told
        elif s.moment == "result":
            lines = self._lines_of[s.id] = moments.ran(self.style, self.scope, s)
        else:
            lines = self._lines_of[s.id] = self.style.simple(group)
        keys: list[set[int]] = [set() for _ in group]
        if any(statement.captures for statement in group):
            for of, key in keys_in(lines):
                keys[of].add(key)
        return keys

    def joins(self, group: Sequence[Statement], statement: Statement) -> bool:
        return self.style.joins(group, statement)

    def counts(self, s: Statement) -> bool:
        return any(
            (first != self._tests[s.id, outcome, False] and s.id not in self._openings)
            or any(isinstance(p, Number) for line in first for p in leaves(line))
            for outcome in (True, False)
            for first in [self._tests[s.id, outcome, True]]
        )

    # Moments

    def entered(self) -> None:
        self.output.start(self.texts)
        self._uncounted = 1
        self.write(self.style.call(self.scope, False), Group())

    def section(self, s: Statement) -> None:
        self.write(moments.arriving(self.style, s, first=True), Group([s]))

    def again(self, s: Statement) -> None:
        self.write(moments.arriving(self.style, s, first=False), Group([s]))

    def ran(self, group: Group) -> None:
        self._uncounted += len(group.statements)
        self.write(self._lines_of[group.statements[0].id], group)

    def passed(self, s: Statement) -> None:
        self._uncounted += 1
        self.write(moments.ran(self.style, self.scope, s), Group([s]))

    def returned(self, s: Statement | None, text: Text) -> None:
        self._uncounted += 1
        if s is None:
            self.write(self.style.result(self.scope, None, False), Group(result=text))
        else:
            self.write(self._lines_of[s.id], Group([s], result=text))

    def tested(self, s: Statement, outcome: bool, before: Code) -> None:
        self._uncounted += 1 + _ITERATION if s.loop and outcome else 1
        group = Group([s], did_change=["True" if outcome and s.targets else "False"])
        first = self._tests[s.id, outcome, True]
        rest = moments.following(self.style, s, outcome)
        again = self._tests[s.id, outcome, False] if s.loop else first
        if first == again:
            self.write([*first, *rest], group)
            return
        start, end = _common(first, again)
        self.write(first[:start], group)
        if opening := self._openings.get(s.id):
            if outcome:
                written = self.texts.temporary(opening)
                self.texts.emit(f"{opening} = ''")
                opening = written
            self._pending += [opening, ""]
        else:
            text = self.worded(first[start : len(first) - end], group)
            add_where(self._pending, f"not {before}", text)
            text = self.worded(again[start : len(again) - end], group)
            add_where(self._pending, before, text)
        self.write([*first[len(first) - end :], *rest], group)


def _common(one: Lines, other: Lines) -> tuple[int, int]:
    """Return how many lines two texts share at their starts and at their ends."""
    shorter = min(len(one), len(other))
    start = next((n for n in range(shorter) if one[n] != other[n]), shorter)
    rest = shorter - start
    end = next((n for n in range(rest) if one[-1 - n] != other[-1 - n]), rest)
    return start, end
