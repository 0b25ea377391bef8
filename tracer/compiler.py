"""A rule's own statements, compiled with a report of each moment between them.

The text of a variable is kept and made anew only by a statement that changes it; `append`,
`insert` and `pop` only mend the text of their list. `rfft.tracer.shapes` proves that this is right
for the shapes of the arguments at hand.
"""

import ast
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from .plan import Read, Statement
from .render import in_power
from .shapes import DATA, NUM, STR, Shape, Shapes, Unproved, infer, shape_of
from .show import show

if TYPE_CHECKING:
    from .rule import Rule

_DIGITS = 4300  # Python's usual limit for the digits of an int; `show` reckons with it
_P = "ß"  # begins every name that the compiled code adds; a source that has it is not compiled

Saved: TypeAlias = dict[tuple[str, int, str], str]
"""Texts kept for a group: (``before`` or ``after``, statement of the group, variable) -> code."""


@dataclass(slots=True)
class Run:
    """What came of compiled code: what it reported, and the result with its text."""

    compiler: "Compiler"
    reports: list[Any]
    result: Any
    answer: str
    steps: int


class Replay(Exception):
    """The compiled code could not finish; `args` are the rule's arguments as they were before."""


class Compiled:
    """Runs a rule through code compiled for the shapes of its arguments, once for each kind."""

    def __init__(self, rule: "Rule", compiler: "Callable[[Sequence[Shape]], Compiler]") -> None:
        self.rule = rule
        self._compiler = compiler
        self._names = tuple(rule.signature.parameters)
        self._made: dict[tuple[Shape, ...], tuple[Compiler, Callable[..., Any]] | None] = {}

    def run(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Run | None:
        """Run the rule; None if nothing can be proved for these arguments. Raises Replay."""
        if kwargs or len(args) != len(self._names) or sys.get_int_max_str_digits() != _DIGITS:
            return None
        try:
            shapes = tuple(map(shape_of, args))
        except Unproved:
            return None
        if shapes not in self._made:
            self._made[shapes] = self._make(shapes)
        made = self._made[shapes]
        if made is None or _overlap(args):
            return None
        compiler, function = made
        texts = [show(v) for v in args]
        reports: list[Any] = []
        try:
            result, answer, steps = function(reports.append, *args, *texts)
        except Exception:
            raise Replay(*map(ast.literal_eval, texts)) from None
        return Run(compiler, reports, result, answer, steps)

    def _make(self, shapes: tuple[Shape, ...]) -> "tuple[Compiler, Callable[..., Any]] | None":
        try:
            compiler = self._compiler(shapes)
            return compiler, compiler.function()
        except Unproved:
            return None


def _overlap(args: Sequence[Any]) -> bool:
    """Tell whether one object that can change is given twice."""
    changing = [id(a) for a in args if isinstance(a, list | dict | set)]
    return len(set(changing)) != len(changing)


class Compiler(ABC):
    """Makes the source of a function that runs a rule and reports each moment of the run.

    The function takes ``append`` of the list of reports, the rule's arguments and their texts, and
    returns the rule's result, its text and the number of steps. What is reported at each moment is
    for the subclass to say.
    """

    def __init__(self, rule: "Rule", arguments: Sequence[Shape]) -> None:
        self.rule = rule
        self.module = rule.module
        self.scope = rule.scope
        self.source = rule.module.source.text
        if rule.owner is not None or not self.source.isascii():
            raise Unproved("a method, or a source beyond ASCII")
        if isinstance(rule.node, ast.AsyncFunctionDef) or rule.node.decorator_list:
            raise Unproved("a coroutine or a decorated function")
        names = rule.signature.parameters
        self.shapes: Shapes = infer(self.module, self.scope, dict(zip(names, arguments, strict=True)))
        self.lines: list[str] = []
        self.indent = 1
        self.offsets = _offsets(self.source)
        self.namespace: dict[str, Any] = {
            f"{_P}show": show,
            f"{_P}repr": repr,
            f"{_P}power": in_power,
            f"{_P}join": _join,
            f"{_P}M": object(),
            "chr": _chr,
        }
        self.flagged: set[str] = set()  # variables whose being bound is noted, for `States`
        self.flags: set[str] = set()  # the variables that tell whether an object has changed
        self.temporaries = 0
        self.capture_nodes = {
            (c.statement, c.key): node for node, c in self.module.captures.items()
        }
        self._guarded: dict[int, set[int]] = {}

    def function(self) -> Callable[..., Any]:
        """Compile and return the function. Raises Unproved."""
        names = list(self.rule.signature.parameters)
        parameters = [f"{_P}out", *names, *(text_of(n) for n in names)]
        self.emit(f"{_P}n = 1")
        for name in sorted(self.flagged):
            self.emit(f"{_P}k_{name} = 0")
        if self.rule._self:
            self.emit("self = None")
        self.entered()
        if self.scope.body:
            self.block(self.scope.body, None)
        self.emit(f"{_P}n += 1")
        self.returned(None, '"None"')
        self.emit(f'return None, "None", {_P}n')
        head = f"def {_P}rule({', '.join(parameters)}):\n"
        constants = self.shapes.constants
        if constants:
            for part in self.module.tree.body:
                if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
                    name = part.targets[0].id
                    if name in constants:
                        value = ast.literal_eval(part.value)
                        self.namespace[name] = value
                        self.namespace[text_of(name)] = show(value)
        code = compile(head + "\n".join(self.lines), f"<trace of {self.rule.function}>", "exec")
        exec(code, self.namespace)
        function: Callable[..., Any] = self.namespace[f"{_P}rule"]
        return function

    def statements(self) -> Iterator[Statement]:
        return (s for s in self.module.statements if s.scope is self.scope)

    def emit(self, line: str) -> None:
        """Add a line of code; a line break in it stands inside brackets or a string."""
        self.lines.append(" " * self.indent + line)

    # Statements

    def block(self, statements: Sequence[Statement], loop: Statement | None) -> None:
        """Compile a block; `loop` is the loop around it."""
        position = 0
        counted = -1
        while position < len(statements):
            s = statements[position]
            if position > counted:
                counted = self.count(statements, position)
            if s.section and not s.loop:
                self.section(s)
            if s.kind in ("assign", "augassign", "expr"):
                group = [s]
                while position + len(group) < len(statements):
                    other = statements[position + len(group)]
                    if not (s.simple and other.simple and self.joins(group, other)):
                        break
                    group.append(other)
                self.simple(group)
                position += len(group)
                continue
            self.statement(s, loop)
            position += 1

    def count(self, statements: Sequence[Statement], position: int) -> int:
        """Count the steps of a straight stretch at its start; return where it ends."""
        end, steps = position, 0
        while end < len(statements):
            kind = statements[end].kind
            steps += kind not in ("annotation", "global") and not statements[end].loop
            if kind in ("if", "while", "for"):
                break
            end += 1
        if steps:
            self.emit(f"{_P}n += {steps}")
        return end

    def statement(self, s: Statement, loop: Statement | None) -> None:
        if s.kind == "if":
            self.branch(s, loop)
        elif s.kind == "while":
            self.repeat(s)
        elif s.kind == "for":
            self.iterate(s)
        elif s.kind == "return":
            self.give_back(s)
        elif s.kind in ("break", "continue"):
            self.passed(s)
            if s.kind == "continue" and loop is not None:
                self.again(loop)
            self.emit(s.kind)
        elif s.kind == "pass":
            self.passed(s)
        elif s.kind != "annotation":
            raise Unproved(s.kind)

    def simple(self, group: list[Statement]) -> None:
        """Compile a group of simple statements with their recital."""
        saved: Saved = {}
        moods: dict[int, str] = {}
        for of, s in enumerate(group):
            if s.calls or s.pauses:
                raise Unproved("a call of the rule's own functions")
            touched = [n for n in s.watched if n in s.touched]
            later = {n for g in group[of:] for n in (*g.targets, *g.touched)}
            for read in (i for i in s.items if isinstance(i, Read)):
                if read.name in later:
                    if not read.early:
                        raise Unproved("a variable that may be unbound")
                    saved["before", of, read.name] = self.save(self.text(read.name))
            self.guards(s)
            mended = self.run(s, touched)
            for name in s.targets:
                if name in self.flagged:
                    self.emit(f"{_P}k_{name} = 1")
            moods[of] = self.refresh(s, touched, mended)
            after = {n for g in group[of + 1 :] for n in (*g.targets, *g.touched)}
            for name in (*s.targets, *touched):
                if name in after:
                    saved["after", of, name] = self.save(self.text(name))
        self.ran(group, saved, moods)

    def save(self, text: str) -> str:
        """Keep a text that a later statement of the group changes."""
        self.temporaries += 1
        name = f"{_P}s{self.temporaries}"
        self.emit(f"{name} = {text}")
        return name

    def run(self, s: Statement, touched: list[str]) -> str | None:
        """Emit a statement itself; return the code that mends the text of the list it changes."""
        node = s.node
        call: ast.expr | None = getattr(node, "value", None)
        if (
            isinstance(node, ast.Expr | ast.Assign)
            and isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and touched == [call.func.value.id]
            and not set(touched) & set(s.targets)
            and self.shapes.env.get(touched[0], DATA)[0] == "list"
        ):
            mend = self.mend(touched[0], call.func.attr, call.args)
            if mend is not None:
                wrapped, code = mend
                self.emit(self.spliced(s, node, {wrapped or call: f"{_P}p"}))
                return code
        self.emit(self.spliced(s, node))
        return None

    def mend(self, name: str, method: str, args: list[ast.expr]) -> tuple[ast.expr | None, str] | None:
        """Return what to keep of a call on a list and how to mend the list's text with it."""
        text = text_of(name)
        if method in ("append", "insert") and not any(isinstance(a, ast.Starred) for a in args):
            if method == "append" and len(args) == 1:
                item = self.format(f"{_P}p", self.shapes.of(args[0]))
                grown = f'f"{{{text}[:-1]}}, {{{item}}}]"'
            elif len(args) == 2 and isinstance(args[0], ast.Constant) and args[0].value == 0:
                item = self.format(f"{_P}p", self.shapes.of(args[1]))
                grown = f'f"[{{{item}}}, {{{text}[1:]}}"'
            else:
                return None
            return args[-1], f'{text} = {grown} if len({name}) > 1 else f"[{{{item}}}]"'
        if method == "pop":
            item = self.format(f"{_P}p", self.shapes.env[name][1] or DATA, whole=True)
            if not args:
                rest = f'{text}[:-len({item}) - 3] + "]"'
            elif isinstance(args[0], ast.Constant) and args[0].value == 0:
                rest = f'"[" + {text}[len({item}) + 3:]'
            else:
                return None
            return None, f'{text} = {rest} if {name} else "[]"'
        return None

    def refresh(self, s: Statement, touched: list[str], mended: str | None) -> str:
        """Make the texts of changed variables anew; return the code for "something has changed"."""
        for name in s.targets:
            self.remake(name)
        if mended is not None:
            self.emit(mended)
            return "True"
        if not touched:
            return "True" if s.targets else "False"
        if s.targets and any(n in s.targets for n in touched):
            touched = [n for n in touched if n not in s.targets]
        flags = []
        for name in touched:
            flag = f"{_P}c{s.id}_{name}"
            self.flags.add(flag)
            self.emit(f"{flag} = {text_of(name)}")
            self.remake(name)
            self.emit(f"{flag} = {flag} != {text_of(name)}")
            flags.append(flag)
        return "True" if s.targets else f"({' or '.join(flags)})" if flags else "False"

    def remake(self, name: str) -> None:
        """Make the text of a variable anew, if it is one whose text is kept."""
        shape = self.shapes.env.get(name, DATA)
        if shape != NUM:
            self.emit(f"{text_of(name)} = {self.format(name, shape)}")

    def branch(self, s: Statement, loop: Statement | None) -> None:
        self.emit(f"if {self.test(s)}:")
        self.indent += 1
        self.tested(s, True, "")
        self.block(s.body, loop)
        self.indent -= 1
        self.emit("else:")
        self.indent += 1
        self.emit("pass")
        self.tested(s, False, "")
        self.block(s.orelse, loop)
        self.indent -= 1

    def test(self, s: Statement) -> str:
        """Return the code of a condition, its guards reset first."""
        if s.calls or s.pauses or s.mutates:
            raise Unproved("a condition that changes something")
        node = s.node
        assert isinstance(node, ast.If | ast.While)
        guards = self.guard_keys(s)
        code = f"({self.spliced(s, node.test)})"
        resets = "".join(f"({c} := {_P}M) is {_P}M and " for c in guards)
        return resets + code

    def repeat(self, s: Statement) -> None:
        self.section(s)
        number = f"{_P}i{s.id}"
        self.emit(f"{number} = 0")
        self.emit(f"while {self.test(s)}:")
        self.indent += 1
        self.loop_body(s, number)
        self.indent -= 1

    def iterate(self, s: Statement) -> None:
        if s.calls or s.pauses or s.mutates:
            raise Unproved("a loop over something that changes")
        node = s.node
        assert isinstance(node, ast.For)
        if {i.name for i in s.items if isinstance(i, Read)} & set(s.targets):
            raise Unproved("a loop variable that its own head reads")
        self.section(s)
        number = f"{_P}i{s.id}"
        self.emit(f"{number} = 0")
        self.guards(s)
        first = self.offsets[node.target.lineno] + node.target.col_offset
        last = self.offsets[node.target.end_lineno or 0] + (node.target.end_col_offset or 0)
        target = self.source[first:last]
        self.emit(f"for {target} in ({self.spliced(s, node.iter)}):")
        self.indent += 1
        for name in s.targets:
            if name in self.flagged:
                self.emit(f"{_P}k_{name} = 1")
            self.remake(name)
        self.loop_body(s, number)
        self.indent -= 1

    def loop_body(self, s: Statement, number: str) -> None:
        self.emit(f"{_P}n += 1")
        self.tested(s, True, number)
        self.emit(f"{number} += 1")
        self.block(s.body, s)
        self.again(s)
        self.indent -= 1
        self.emit("else:")
        self.indent += 1
        self.emit(f"{_P}n += 1")
        self.tested(s, False, number)
        around = s.parent
        while around is not None and not around.loop:
            around = around.parent
        self.block(s.orelse, around)

    def give_back(self, s: Statement) -> None:
        if s.calls or s.pauses or s.mutates:
            raise Unproved("a return that changes something")
        node = s.node
        assert isinstance(node, ast.Return)
        if node.value is None:
            self.emit(f'{_P}v, {_P}a = None, "None"')
        else:
            self.guards(s)
            shape = self.shapes.of(node.value)
            if isinstance(node.value, ast.Name) and shape != NUM:
                self.emit(f"{_P}v = {self.spliced(s, node.value)}")
                self.emit(f"{_P}a = {self.text(node.value.id)}")
            else:
                self.emit(f"{_P}v = ({self.spliced(s, node.value)})")
                self.emit(f"{_P}a = {self.format(f'{_P}v', shape, whole=True)}")
        self.returned(s, f"{_P}a")
        self.emit(f"return {_P}v, {_P}a, {_P}n")

    # The rule's own text

    def spliced(self, s: Statement, node: ast.AST, keep: dict[ast.expr, str] | None = None) -> str:
        """Return the source of a node, with its captured parts put into variables."""
        first = self.offsets[node.lineno] + node.col_offset  # type: ignore[attr-defined]
        last = self.offsets[node.end_lineno] + node.end_col_offset  # type: ignore[attr-defined]
        parts: list[tuple[int, int, str]] = []  # position, order, text
        names = dict(keep or {})
        for n in ast.walk(node):
            if isinstance(n, ast.NamedExpr):
                raise Unproved("an assignment expression")
            if isinstance(n, ast.expr):
                capture = self.module.captures.get(n)
                if capture is not None and capture.name is None:
                    names.setdefault(n, self.captured(s, capture.key))
                    if n in (keep or {}):
                        raise Unproved("a call that is both stated and mended")
                elif capture is not None and self.is_guard(s, capture.key):
                    names.setdefault(n, self.captured(s, capture.key))
        for n, name in names.items():
            start = self.offsets[n.lineno] + n.col_offset
            end = self.offsets[n.end_lineno or 0] + (n.end_col_offset or 0)
            parts.append((start, -end, f"({name} := ("))
            parts.append((end, -start, "))"))
        code, at = [], first
        # At one position, what ends there comes first, and inner parts end before outer ones.
        closing = {(p, o): t == "))" for p, o, t in parts}
        for position, order, text in sorted(
            parts, key=lambda p: (p[0], not closing[p[0], p[1]], p[1])
        ):
            code.append(self.source[at:position])
            code.append(text)
            at = position
        code.append(self.source[at:last])
        text = "".join(code)
        if "#" in text and "\n" in text:
            raise Unproved("a comment within a statement")
        return text

    def captured(self, s: Statement, key: int) -> str:
        return f"{_P}v{s.id}_{key}"

    def is_guard(self, s: Statement, key: int) -> bool:
        return any(isinstance(i, Read) and i.guard == key for i in s.items)

    def guard_keys(self, s: Statement) -> list[str]:
        """Return the variables of captures that may not happen."""
        guarded = self.guarded(s)
        return [self.captured(s, key) for key in sorted(guarded)]

    def guarded(self, s: Statement) -> set[int]:
        """Return the keys of captures that may not happen."""
        known = self._guarded.get(s.id)
        if known is not None:
            return known
        found = self._guarded[s.id] = set()
        stack: list[tuple[ast.AST, bool]] = [(s.node, False)]
        while stack:
            node, inside = stack.pop()
            capture = self.module.captures.get(node) if isinstance(node, ast.expr) else None
            if capture is not None and inside:
                found.add(capture.key)
            sometimes: Sequence[ast.AST] = ()
            if isinstance(node, ast.BoolOp):
                sometimes = node.values[1:]
            elif isinstance(node, ast.IfExp):
                sometimes = (node.body, node.orelse)
            elif isinstance(node, ast.Compare):
                sometimes = node.comparators[1:]
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.stmt):
                    continue
                stack.append((child, inside or child in sometimes))
        return found

    def guards(self, s: Statement) -> None:
        for name in self.guard_keys(s):
            self.emit(f"{name} = {_P}M")

    # The trace's text

    def text(self, name: str) -> str:
        """Return the code of a variable's text."""
        shape = self.shapes.env.get(name)
        if shape == NUM:
            return f"str({name})"
        return text_of(name)

    def format(self, code: str, shape: Shape, whole: bool = False) -> str:
        """Return the code of the text of a value."""
        if shape == NUM:
            return f"str({code})" if whole else code
        if shape == STR or (shape[0] == "list" and shape[1] in (None, NUM, STR)):
            return f"{_P}repr({code})"
        return f"{_P}show({code})"

    # The moments of a run

    @abstractmethod
    def joins(self, group: Sequence[Statement], statement: Statement) -> bool:
        """Tell whether a statement is reported together with those before it."""

    @abstractmethod
    def entered(self) -> None:
        """Report the call."""

    @abstractmethod
    def section(self, s: Statement) -> None:
        """Report the start of a section."""

    @abstractmethod
    def ran(self, group: Sequence[Statement], saved: Saved, moods: dict[int, str]) -> None:
        """Report a group of simple statements.

        `saved` has the texts that were kept because a later statement changes them; `moods` has
        for each statement the code that tells whether it has changed anything.
        """

    @abstractmethod
    def tested(self, s: Statement, outcome: bool, number: str) -> None:
        """Report a test; for a loop, `number` is the variable that counts its iterations."""

    @abstractmethod
    def again(self, s: Statement) -> None:
        """Report the end of a loop's body."""

    @abstractmethod
    def passed(self, s: Statement) -> None:
        """Report ``break``, ``continue`` or ``pass``."""

    @abstractmethod
    def returned(self, s: Statement | None, text: str) -> None:
        """Report a return; `text` is the code of the value's text."""

    # Slots

    def before(self, s: Statement, read: Read, of: int, saved: Saved) -> tuple[str, list[str]]:
        """Return the code of a variable's value before a statement and when it was read."""
        conditions = [] if read.guard is None else [f"{self.captured(s, read.guard)} is not {_P}M"]
        return saved.get(("before", of, read.name)) or self.variable(read.name), conditions

    def worked(self, s: Statement, key: int) -> tuple[str, list[str]]:
        """Return the code of a captured value and when it was evaluated."""
        name = self.captured(s, key)
        conditions = [f"{name} is not {_P}M"] if key in self.guarded(s) else []
        return self.format(name, self.shape(s, key)), conditions

    def changed(self, s: Statement, mood: str) -> tuple[str, str]:
        """Return the variable that a statement changes in place and when; "" if there is none."""
        names = [n for n in s.watched if n in s.touched and n not in s.targets]
        if len(names) > 1:
            raise Unproved("a statement that changes several objects")
        if not names:
            return "", "False"
        if s.targets:
            flag = f"{_P}c{s.id}_{names[0]}"
            mood = flag if flag in self.flags else "True"
        return names[0], mood

    def variable(self, name: str) -> str:
        """Return the code of a variable's value, fit for an f-string."""
        shape = self.shapes.env.get(name)
        if shape is None and name not in self.shapes.constants:
            raise Unproved(f"the variable {name}")
        return name if shape == NUM else text_of(name)

    def shape(self, s: Statement, key: int) -> Shape:
        """Return the shape of a captured value."""
        return self.shapes.of(self.capture_nodes[s.id, key])


def text_of(name: str) -> str:
    """Return the name under which the text of a variable is kept."""
    return f"{_P}t_{name}"


def _offsets(source: str) -> list[int]:
    """Return the position at which each line begins, by line number from 1."""
    offsets, position = [0, 0], 0
    for line in source.splitlines(keepends=True):
        position += len(line)
        offsets.append(position)
    return offsets


def _chr(code: int) -> str:
    """Stand in for `chr` where the repr of its result does not depend on the Unicode version."""
    character = chr(code)
    if not (character.isascii() or character.isprintable()):
        raise Unproved("a character whose repr depends on the Unicode version")
    return character


def _join(separator: str, *parts: str | None) -> str:
    return separator.join([p for p in parts if p is not None])
