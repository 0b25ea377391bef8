"""Unit `step`: a run in pieces, each a row that needs no other row to be worked out.

A piece begins at each arrival at a loop, at each statement that stands in no loop of its function,
and where a function of the rule has returned. So it is one iteration, or what of it lies between
calls and inner loops; outside of loops it is one statement. Where what is at work could not be
said, nothing is cut: in handlers, ``finally`` and ``with``, and while a function runs that the
statement at work does not call by its name, or calls in a comprehension or a lambda.

A prompt is the rule and a state; a completion is what stands in the response of the whole run, and
the next state, or, of the last piece, the answer. A state has the functions at work, outermost
first, with their variables, the loops that have begun with what they are about, and, of a function
that waits for another, what is worked out of its statement::

    state   = "State:" frame+ "Next: " (STATEMENT | "the beginning" | "go on")
    frame   = "in NAME:" ("NAME = VALUE" | "NAME = NAME")* loop* [ "at: STATEMENT" LINE* ]
    loop    = "in the loop STATEMENT" [ " after item N" ] [ ", with " "EXPRESSION = VALUE", ... ]

The value ``NAME`` is the very object of that variable. Two statements with the same text are told
apart by their lines in the rule.
"""

import ast
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rfft.tracer import Rule
from rfft.tracer.styles import Style
from rfft.tracer.styles.prompt import shown

from .errors import CorpusRejected

OPENING = "Follow the given rule for one step."

_STATE = "State:\n"
_HIDDEN = re.compile(r"<\w")
_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
_PAUSING = (ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncFor, ast.AsyncWith)
_INNER = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LOOPS = (ast.For, ast.While)
_HEADERS = re.compile(r"(elif|if|while|for|match)\b")
_LIVE = "range enumerate zip reversed iter map filter items keys values".split()
_PLAIN_DECORATORS = ("staticmethod", "classmethod")


class NoSteps(Exception):
    """Why a run cannot be told step by step."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A step of a run: the state before it, what happens, and the state after it, if it goes on."""

    before: str
    body: str
    after: str

    @property
    def completion(self) -> str:
        """What a model is to write."""
        return self.body + self.after


def check_style(style: Style, name: str) -> None:
    """Raise CorpusRejected if prompts of a style do not have the rule as it stands."""
    if not (style.has_rule and style.has_trace and type(style).rule is Style.rule):
        raise CorpusRejected(
            "--unit step goes with styles that show the rule in Python and its steps, as rfft "
            f"does, not with {name}"
        )


def head(style: Style, rule: str) -> str:
    """Return how each prompt about a rule begins; a state follows."""
    return f"{OPENING}\nRule:\n\n{shown(style, Rule.from_source(rule))}\n\n"


def parted(text: str) -> tuple[str, str]:
    """Return what stands before the last state in a text, and that state; "" if there is none."""
    start = 0 if text.startswith(_STATE) else text.rfind("\n" + _STATE) + 1
    if not text.startswith(_STATE, start):
        return text, ""
    return text[:start], text[start:].rstrip("\n") + "\n"


def of_run(row_id: str) -> tuple[str, int]:
    """Return the id of the run that a row is of, and the number of its step. Raises ValueError."""
    run, _, number = row_id.rpartition(".")
    return run, int(number)


def pieces(record: Mapping[str, Any]) -> list[Piece]:
    """Return the steps of a run that was recorded with states. Raises NoSteps."""
    return _Cutter(record).pieces()


# What the source says


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a statement stands: the loops around it, and whether nothing can be cut there."""

    loops: tuple[int, ...]  # their lines, outermost first
    whole: bool


class _Source:
    """What the text of a rule says of its statements, by their lines."""

    def __init__(self, text: str) -> None:
        tree = ast.parse(text)
        self.lines = Counter(line.strip() for line in text.splitlines())
        self.places: dict[int, _Place] = {}
        self.rebound: dict[int, set[str]] = {}  # loop -> names that it binds
        self.copying: set[int] = set()  # loops over what is made when they begin
        self.outside = {n for s in tree.body for n in _bound(s)}
        self._calls: dict[tuple[str, str], bool] = {}
        for node in ast.walk(tree):
            if isinstance(node, _PAUSING):
                raise NoSteps("it has generators or coroutines, which no state shows")
            if isinstance(node, ast.Global):
                raise NoSteps("it has a global statement, and no state shows the module")
            for decorator in getattr(node, "decorator_list", ()):
                if getattr(decorator, "id", "") not in _PLAIN_DECORATORS:
                    raise NoSteps("it has a decorator, and no state shows what that keeps")
        self._block(tree.body, _Place((), False))

    def _block(self, statements: list[ast.stmt], place: _Place) -> None:
        for node in statements:
            self.places.setdefault(node.lineno, place)
            inner = place
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                inner = _Place((), False)
            elif isinstance(node, _LOOPS):
                inner = _Place((*place.loops, node.lineno), place.whole)
                self.rebound[node.lineno] = set(_bound(node))
                if isinstance(node, ast.For) and not _is_live(node.iter):
                    self.copying.add(node.lineno)
            elif isinstance(node, ast.With):
                inner = _Place(place.loops, True)
            elif isinstance(node, ast.Match):
                for case in node.cases:
                    self._block(case.body, inner)
            elif isinstance(node, ast.Try | ast.TryStar):
                hidden = _Place(place.loops, True)
                for handler in node.handlers:
                    self._block(handler.body, hidden)
                self._block(node.finalbody, hidden)
                if node.finalbody:  # what a return gives waits for it
                    inner = hidden
            self._block(getattr(node, "body", []), inner)
            otherwise = place if isinstance(node, _LOOPS) else inner
            self._block(getattr(node, "orelse", []), otherwise)

    def place(self, line: int) -> _Place:
        return self.places.get(line, _Place((), True))

    def calls(self, statement: str, name: str) -> bool:
        """Tell whether a statement calls a function by its name, outside of inner scopes."""
        key = (statement, name)
        if key not in self._calls:
            self._calls[key] = _calls(statement, name)
        return self._calls[key]

    def named(self, step: Mapping[str, Any]) -> str:
        """Return the text of a statement, with its line if others have the same."""
        source = str(step["source"])
        text = " ".join(line.strip() for line in source.splitlines())
        first = source.partition("\n")[0].strip()
        return f"{text} (line {step['line']})" if self.lines[first] > 1 else text


def _calls(statement: str, name: str) -> bool:
    if header := _HEADERS.match(statement):
        inside = "\n case _: pass" if header[1] == "match" else "\n pass"
        statement = statement.removeprefix("el") + inside
    try:
        waiting: list[ast.AST] = [ast.parse(statement)]
    except SyntaxError:
        return False
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call):
            called = node.func
            if name in (getattr(called, "id", None), getattr(called, "attr", None)):
                return True
        waiting += (n for n in ast.iter_child_nodes(node) if not isinstance(n, _INNER))
    return False


def _is_live(node: ast.expr) -> bool:
    """Tell whether what a loop goes over changes with the variables that it is made of."""
    if isinstance(node, ast.Call):
        called = node.func
        return getattr(called, "id", getattr(called, "attr", "")) in _LIVE
    return isinstance(node, ast.Name | ast.Attribute)


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement binds; of a definition, its own."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
        return
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            yield one.id


# The run


@dataclass
class _Function:
    """A function at work."""

    name: str
    variables: dict[str, str] = field(default_factory=dict)
    step: int = -1  # the last one that has begun
    loops: dict[int, list[Any]] = field(default_factory=dict)  # line -> its step, items, facts


class _Cutter:
    def __init__(self, record: Mapping[str, Any]) -> None:
        self._steps: list[dict[str, Any]] = record["steps"]
        self._text: list[str] = record["response"].splitlines()
        self._source = _Source(record["rule"]["source"])
        self._functions: dict[int, _Function] = defaultdict(lambda: _Function(""))
        self._cuts: dict[int, str] = {}  # the line where a piece begins -> the state there

    def pieces(self) -> list[Piece]:
        first = 0
        for number, step in enumerate(self._steps):
            function = self._functions[step["frame"]]
            if step["kind"] == "call":
                function.name = step["source"]
                if number == 0:
                    function.variables = dict(step.get("after", {}))
                    self._cuts[1] = self._state([step["frame"]], 1, "the beginning")
                    first = 1
            else:
                self._arrive(function, step, number, first)
            if step.get("left"):
                self._leave(step)
            function.step = number
            self._check(function, step)
        lines = sorted(self._cuts)
        ends = [*(line - 1 for line in lines[1:]), len(self._text)]
        states = [self._cuts[line] for line in lines]
        return [
            Piece(before, "".join(f"{text}\n" for text in self._text[line - 1 : end]), after)
            for line, end, before, after in zip(lines, ends, states, [*states[1:], ""], strict=True)
        ]

    def _arrive(self, function: _Function, step: dict[str, Any], number: int, first: int) -> None:
        """Take in a step; cut before it if it begins a piece."""
        line, place = step["line"], self._source.place(step["line"])
        for loop in [n for n in function.loops if n != line and n not in place.loops]:
            del function.loops[loop]
        stack = self._seen(step.get("state"))
        looping = step["kind"] in ("for", "while") and self._source.rebound.get(line) is not None
        if stack and (looping or not place.loops) and number != first:
            text = step.get("lines") or [0]
            start = text[0]
            fresh = start and start not in (self._steps[number - 1].get("lines") or ())
            if fresh and not place.whole and self._direct(stack):
                self._cuts[start] = self._state(stack, start, self._source.named(step))
        if looping:
            self._loop(function, step, line)

    def _loop(self, function: _Function, step: dict[str, Any], line: int) -> None:
        """Note what an arrival at a loop has come to."""
        if step.get("outcome") is not True:
            function.loops.pop(line, None)
            return
        if line not in function.loops:
            rebound, copying = self._source.rebound[line], line in self._source.copying
            facts = {w["source"]: w["value"] for w in step.get("evaluated", ())}
            reads = step.get("before", {}).items()
            facts |= {name: text for name, text in reads if copying or name in rebound}
            function.loops[line] = [step, 0, facts if step["kind"] == "for" else {}]
        function.loops[line][1] += 1

    def _leave(self, step: dict[str, Any]) -> None:
        """Cut after the return of a function, where the one that has called it goes on."""
        stack = self._seen(step["left"])
        lines = step.get("lines")
        whole = self._source.place(step["line"]).whole and step["kind"] != "end"
        if lines and not whole and self._direct([*stack, step["frame"]]):
            end = max(lines)
            more = self._text[end - 1]
            self._cuts[end + 1] = self._state(stack, end + 1, "go on", more)

    def _seen(self, state: list[Any] | None) -> list[int]:
        """Take in what a state says; return the functions at work."""
        for frame, changed in state or ():
            variables = self._functions[frame].variables
            for name, text in changed.items():
                if text:
                    variables[name] = text
                else:
                    variables.pop(name, None)
        return [frame for frame, _ in state or ()]

    def _direct(self, stack: list[int]) -> bool:
        """Tell whether each function at work but the last waits for the next one it calls."""
        for frame, inner in itertools.pairwise(stack):
            step = self._steps[self._functions[frame].step]
            name = self._functions[inner].name
            if self._source.place(step["line"]).whole:
                return False
            if not self._source.calls(step["source"], name):
                return False
        return True

    def _check(self, function: _Function, step: dict[str, Any]) -> None:
        """Raise NoSteps if a step has changed what stands in no state."""
        for name in step.get("after", ()):
            root = name.partition(".")[0]
            if root in self._source.outside and root not in function.variables:
                raise NoSteps(f"it changes {name}, which stands outside of its functions")

    # States

    def _state(self, stack: list[int], line: int, where: str, more: str = "") -> str:
        said = []
        for depth, frame in enumerate(stack, 1):
            function = self._functions[frame]
            variables = [f"{n} = {_checked(n, t)}" for n, t in function.variables.items()]
            loops = [self._in_loop(function, *loop) for loop in function.loops.values()]
            said += [f"in {function.name}:", *variables, *loops]
            if depth < len(stack) or more:
                said += self._waiting(function, line, variables)
        if more:
            said.append(more)
        return "".join(f"{text}\n" for text in ("State:", *said, f"Next: {where}"))

    def _in_loop(
        self, function: _Function, step: dict[str, Any], items: int, facts: dict[str, str]
    ) -> str:
        """Return the line of a loop, with what it is about where that is not as it was."""
        facts = {n: t for n, t in facts.items() if function.variables.get(n) != t}
        count = f" after item {items}" if step["kind"] == "for" else ""
        known = ", ".join(f"{source} = {_checked(source, text)}" for source, text in facts.items())
        return f"in the loop {self._source.named(step)}{count}{', with ' if known else ''}{known}"

    def _waiting(self, function: _Function, line: int, variables: list[str]) -> Iterator[str]:
        """Yield the statement of a function that waits for another, and what is told of it."""
        step = self._steps[function.step]
        yield f"at: {self._source.named(step)}"
        told = [self._text[n - 1] for n in step.get("lines", ()) if n < line]
        recital = str(step["source"]).splitlines()
        if recital and recital[0] in told:
            told = told[told.index(recital[0]) + len(recital) :]
        yield from (text for text in told if text not in variables)


def _checked(name: str, text: str) -> str:
    """Return the text of a value that is all there is to know of it. Raises NoSteps."""
    if "<" in text and _HIDDEN.search(_QUOTED.sub("", text)):
        raise NoSteps(f"no state shows {name}, which is {text[:40]}")
    return text
