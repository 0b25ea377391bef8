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

from .fstring import PREFIX as _P
from .plan import Read, Statement
from .render import in_power
from .shapes import DATA, NUM, STR, Shape, Shapes, Unproved, has_plain_repr, infer, shape_of
from .show import show
from .source import LINE_END

if TYPE_CHECKING:
    from .rule import Rule

_NONE: set[int] = set()
_DIGITS = 4300  # Python's usual limit for the digits of an int; `show` reckons with it

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


@dataclass(slots=True)
class _Made:
    """Compiled code with what it needs to know of its arguments, all from their shapes."""

    compiler: "Compiler"
    function: Callable[..., Any]
    texts: list[Callable[[Any], str]]  # what makes the text of each argument
    containers: int  # how many arguments are lists, dicts or sets
    changed: list[int]  # the positions of those that the rule may change


class Compiled:
    """Runs a rule through code compiled for the shapes of its arguments, once for each kind."""

    def __init__(self, rule: "Rule", compiler: "Callable[[Sequence[Shape]], Compiler]") -> None:
        self.rule = rule
        self._compiler = compiler
        self._count = len(rule.signature.parameters)
        self._made: dict[tuple[Shape, ...], _Made | None] = {}

    def run(
        self,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        texts: Sequence[str] | None = None,
    ) -> Run | None:
        """Run the rule; None if it cannot be done, or not to the end, with compiled code.

        Then the arguments are as they were. `texts` are theirs, where they are known already.
        """
        if kwargs or len(args) != self._count or sys.get_int_max_str_digits() != _DIGITS:
            return None
        try:
            shapes = tuple(map(shape_of, args))
        except (Unproved, RecursionError):  # or an argument that holds itself
            return None
        made = self._made.get(shapes, ...)
        if made is ...:
            made = self._made[shapes] = self._make(shapes)
        if made is None or (made.containers > 1 and _overlap(args)):
            return None
        if texts is None:
            try:
                texts = [text(value) for text, value in zip(made.texts, args, strict=True)]
            except ValueError:  # an int past the digits limit
                texts = list(map(show, args))
        reports: list[Any] = []
        # What the rule may have changed: only the arguments themselves, as `shapes` has proved.
        before = [args[n].copy() for n in made.changed]
        try:
            result, answer, steps = made.function(
                getattr(reports, made.compiler.takes), *args, *texts
            )
        except Exception:
            for n, copied in zip(made.changed, before, strict=True):
                _restore(args[n], copied)
            return None
        return Run(made.compiler, reports, result, answer, steps)

    def _make(self, shapes: tuple[Shape, ...]) -> _Made | None:
        try:
            compiler = self._compiler(shapes)
            function = compiler.function()
        except (Unproved, SyntaxError):  # or parts nested deeper than Python's parser allows
            return None
        containers = [n for n, shape in enumerate(shapes) if shape[0] in ("list", "dict", "set")]
        names = list(self.rule.signature.parameters)
        changed = [n for n in containers if names[n] in compiler.shapes.mutated]
        return _Made(compiler, function, list(map(_texts, shapes)), len(containers), changed)


def _texts(shape: Shape) -> Callable[[Any], str]:
    """Return what makes the text of an argument of a shape."""
    if not has_plain_repr(shape):
        return show
    return _text if STR in _parts(shape) else repr


def _parts(shape: Shape) -> Iterator[Shape]:
    """Return a shape and those within it."""
    yield shape
    for part in shape[1:]:
        if part is not None:
            yield from _parts(part)


def _text(value: object) -> str:
    """Return the text of a value with strings, for which ``repr`` is right if they are plain."""
    text = repr(value)
    return text if text.isascii() and "\\" not in text else show(value)


def _restore(argument: Any, copied: Any) -> None:
    """Give an argument the content back that it had before."""
    if type(argument) is list:
        argument[:] = copied
    else:
        argument.clear()
        argument.update(copied)


def _overlap(args: Sequence[Any]) -> bool:
    """Tell whether one object that can change is given twice."""
    changing = [id(a) for a in args if type(a) in (list, dict, set)]
    return len(set(changing)) != len(changing)


class Compiler(ABC):
    """Makes the source of a function that runs a rule and reports each moment of the run.

    The function takes a method of the list of reports, the rule's arguments and their texts, and
    returns the rule's result, its text and the number of steps. What is reported at each moment is
    for the subclass to say.
    """

    takes = "append"  # the method of the list of reports

    def __init__(self, rule: "Rule", arguments: Sequence[Shape]) -> None:
        self.rule = rule
        self.module = rule.module
        self.scope = rule.scope
        self.source = rule.module.source.text
        if rule.owner is not None or not self.source.isascii() or _P in self.source:
            raise Unproved("a method, or a source beyond ASCII")
        if isinstance(rule.node, ast.AsyncFunctionDef) or rule.node.decorator_list:
            raise Unproved("a coroutine or a decorated function")
        if not rule.has_plain_module:
            raise Unproved("a module whose body does more than define")
        names = rule.signature.parameters
        self.shapes: Shapes = infer(
            self.module, self.scope, dict(zip(names, arguments, strict=True))
        )
        self.lines: list[str] = []
        self.indent = 1
        self.offsets = _offsets(self.source)
        self.namespace: dict[str, Any] = {
            f"{_P}show": show,
            f"{_P}power": in_power,
            f"{_P}join": join,
            f"{_P}M": object(),
            "chr": _chr,
        }
        self.flagged: set[str] = set()  # variables whose being bound is noted, for `States`
        self.flags: set[str] = set()  # the variables that tell whether an object has changed
        self.temporaries = 0
        self.arms: list[int] = []  # where the arms around the code at hand begin
        self.kept: dict[str, str] = {}  # texts saved that are still those of their variables
        self.wanted: dict[int, set[int]] = {}  # the captures that are reported, by statement
        self.capture_nodes: dict[int, dict[int, ast.expr]] = {}  # by statement and key
        self._guarded: dict[int, set[int]] = {}
        for node, capture in self.module.captures.items():
            self.capture_nodes.setdefault(capture.statement, {})[capture.key] = node
            if capture.guarded:
                self._guarded.setdefault(capture.statement, set()).add(capture.key)

    def function(self) -> Callable[..., Any]:
        """Compile and return the function. Raises Unproved."""
        names = list(self.rule.signature.parameters)
        parameters = [f"{_P}out", *names, *(text_of(n) for n in names)]
        for name in sorted(self.flagged):
            self.emit(f"{_P}k_{name} = 0")
        if self.rule._self:
            self.emit("self = None")
        self.entered()
        self.emit(f"{_P}n = 1")
        if self.scope.body:
            self.block(self.scope.body, None)
        if not (self.scope.body and self.scope.body[-1].kind == "return"):
            self.steps(1)
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

    def block(
        self, statements: Sequence[Statement], loop: Statement | None, counted: int = -1
    ) -> None:
        """Compile a block; `loop` is the one around it, `counted` its last step counted already."""
        position = 0
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
        """Count the steps of the statements that surely run together; return the last of them."""
        end, steps = position, 0
        while end < len(statements):
            s = statements[end]
            steps += s.kind not in ("annotation", "global") and not s.loop
            if end == len(statements) - 1 or _exits(s):
                break
            end += 1
        self.steps(steps)
        return end

    def steps(self, count: int) -> None:
        """Emit the counting of steps, together with a count just before it."""
        start = " " * self.indent + f"{_P}n "
        operator = "+="
        if self.lines and self.lines[-1].startswith(start):
            _, operator, before = self.lines.pop().split()
            count += int(before)
        if count or operator == "=":
            self.lines.append(f"{start}{operator} {count}")

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
            self.leave_block(s.kind)
        elif s.kind == "pass":
            self.passed(s)
        elif s.kind != "annotation":
            raise Unproved(s.kind)

    def simple(self, group: list[Statement]) -> None:
        """Compile a group of simple statements with their recital."""
        saved: Saved = {}
        moods: dict[int, str] = {}
        self.prepare(group)
        for of, s in enumerate(group):
            if s.calls or s.pauses:
                raise Unproved("a call of the rule's own functions")
            touched = [n for n in s.watched if n in s.touched]
            later = {n for g in group[of:] for n in (*g.targets, *g.touched)}
            for read in (i for i in s.items if isinstance(i, Read)):
                if read.name in later:
                    if not read.early:
                        raise Unproved("a variable that may be unbound")
                    saved["before", of, read.name] = self.save(text_of(read.name))
            self.changing([text_of(n) for n in (*s.targets, *touched)])
            self.guards(s)
            mended = self.run(s, touched)
            for name in s.targets:
                if name in self.flagged:
                    self.emit(f"{_P}k_{name} = 1")
            moods[of] = self.refresh(s, touched, mended)
            after = {n for g in group[of + 1 :] for n in (*g.targets, *g.touched)}
            for name in (*s.targets, *touched):
                if name in after:
                    saved["after", of, name] = self.save(text_of(name))
        self.ran(group, saved, moods)

    def save(self, text: str) -> str:
        """Keep the text of a variable that is about to change."""
        if text not in self.kept:
            self.kept[text] = self.temporary(text)
        return self.kept[text]

    def temporary(self, code: str) -> str:
        """Put a value into a variable of its own."""
        self.temporaries += 1
        name = f"{_P}s{self.temporaries}"
        self.emit(f"{name} = {code}")
        return name

    def changing(self, texts: Sequence[str]) -> None:
        """Note that texts are about to change, so that what is not written yet keeps its own."""
        for text in texts:
            self.kept.pop(text, None)

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
            mend = self.mend(s, touched[0], call)
            if mend is not None:
                kept, code = mend
                self.emit(self.spliced(s, node, {kept: f"{_P}p"} if kept else None))
                return code
        self.emit(self.spliced(s, node))
        return None

    def mend(self, s: Statement, name: str, call: ast.Call) -> tuple[ast.expr | None, str] | None:
        """Return what to keep of a call on a list and how to mend the list's text with it."""
        assert isinstance(call.func, ast.Attribute)
        text, args = text_of(name), call.args
        at = args[0].value if args and isinstance(args[0], ast.Constant) else ...
        if call.func.attr == "append" and len(args) == 1:
            kept, item = self.kept_item(args[0])
            grown = f'{text}[:-1] + ", " + {item} + "]"'
        elif call.func.attr == "insert" and len(args) == 2 and at == 0:
            kept, item = self.kept_item(args[1])
            grown = f'"[" + {item} + ", " + {text}[1:]'
        elif call.func.attr == "pop" and (not args or at == 0):
            node = s.node
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                kept, item = None, text_of(node.targets[0].id)
            else:
                kept = call
                item = self.format(f"{_P}p", self.shapes.env[name][1] or DATA)
            rest = f'"[" + {text}[len({item}) + 3:]' if args else f'{text}[:-len({item}) - 3] + "]"'
            return kept, f'{text} = {rest} if {name} else "[]"'
        else:
            return None
        return kept, f'{text} = {grown} if len({name}) > 1 else "[" + {item} + "]"'

    def kept_item(self, node: ast.expr) -> tuple[ast.expr | None, str]:
        """Return what to keep of an item put into a list, and the code of its text."""
        if isinstance(node, ast.Name) and node.id in self.shapes.env:
            return None, text_of(node.id)
        return node, self.format(f"{_P}p", self.shapes.of(node))

    def refresh(self, s: Statement, touched: list[str], mended: str | None) -> str:
        """Make the texts of changed variables anew; return the code for "something has changed"."""
        for name in s.targets:
            self.remake(name)
        if mended is not None:
            self.emit(mended)
            return "True"
        flags = []
        for name in touched:
            if name not in s.targets:
                flag = f"{_P}c{s.id}_{name}"
                self.flags.add(flag)
                self.emit(f"{flag} = {text_of(name)}")
                self.remake(name)
                self.emit(f"{flag} = {flag} != {text_of(name)}")
                flags.append(flag)
        return "True" if s.targets else f"({' or '.join(flags)})" if flags else "False"

    def remake(self, name: str) -> None:
        """Make the text of a variable anew."""
        self.emit(f"{text_of(name)} = {self.format(name, self.shapes.env.get(name, DATA))}")

    def branch(self, s: Statement, loop: Statement | None) -> None:
        self.prepare([s])
        self.guards(s)
        self.emit(f"if {self.test(s)}:")
        before = self.arm()
        self.tested(s, True, "")
        self.block(s.body, loop)
        self.leave_arm()
        self.emit("else:")
        self.arm(before)
        self.tested(s, False, "")
        self.block(s.orelse, loop)
        self.leave_arm()

    def arm(self, state: Any = None) -> Any:
        """Enter an arm of a branch or loop; return the state in which others begin."""
        self.indent += 1
        self.kept.clear()
        self.arms.append(len(self.lines))

    def leave_arm(self) -> None:
        """Leave an arm."""
        if self.arms.pop() == len(self.lines):
            self.emit("pass")
        self.indent -= 1
        self.kept.clear()

    def test(self, s: Statement) -> str:
        """Return the code of a condition."""
        if s.calls or s.pauses or s.mutates:
            raise Unproved("a condition that changes something")
        node = s.node
        assert isinstance(node, ast.If | ast.While)
        return f"({self.spliced(s, node.test)})"

    def repeat(self, s: Statement) -> None:
        self.prepare([s])
        self.section(s)
        number = self.counter(s)
        # A capture under a condition is reset in front of each evaluation.
        resets = "".join(f"({c} := {_P}M) is {_P}M and " for c in self.guard_keys(s))
        self.before_loop()
        self.emit(f"while {resets}{self.test(s)}:")
        self.loop_body(s, number)

    def counter(self, s: Statement) -> str:
        """Emit the start of the count of a loop's iterations, if anything needs it."""
        number = f"{_P}i{s.id}"
        if self.counts(s):
            self.emit(f"{number} = 0")
        return number

    def before_loop(self) -> None:
        """Get ready for code that runs many times."""
        self.kept.clear()

    def iterate(self, s: Statement) -> None:
        if s.calls or s.pauses or s.mutates:
            raise Unproved("a loop over something that changes")
        node = s.node
        assert isinstance(node, ast.For)
        if {i.name for i in s.items if isinstance(i, Read)} & set(s.targets):
            raise Unproved("a loop variable that its own head reads")
        self.prepare([s])
        self.section(s)
        number = self.counter(s)
        self.guards(s)
        first = self.offsets[node.target.lineno] + node.target.col_offset
        last = self.offsets[node.target.end_lineno or 0] + (node.target.end_col_offset or 0)
        target = self.source[first:last]
        self.before_loop()
        self.emit(f"for {target} in ({self.spliced(s, node.iter)}):")
        self.loop_body(s, number)

    def loop_body(self, s: Statement, number: str) -> None:
        self.arm()
        self.steps(1)
        counted = self.count(s.body, 0)
        if self.counts(s):
            self.emit(f"{number} += 1")
        if s.kind == "for":
            for name in s.targets:
                if name in self.flagged:
                    self.emit(f"{_P}k_{name} = 1")
                self.remake(name)
        self.tested(s, True, f"{number} - 1")
        self.block(s.body, s, counted)
        self.again(s)
        self.leave_arm()
        self.emit("else:")
        self.arm()
        self.steps(1)
        self.tested(s, False, number)
        around = s.parent
        while around is not None and not around.loop:
            around = around.parent
        self.block(s.orelse, around)
        self.leave_arm()

    def give_back(self, s: Statement) -> None:
        if s.calls or s.pauses or s.mutates:
            raise Unproved("a return that changes something")
        node = s.node
        assert isinstance(node, ast.Return)
        self.prepare([s])
        if node.value is None:
            value, text = "None", '"None"'
        else:
            self.guards(s)
            value, text = f"{_P}v", f"{_P}a"
            if isinstance(node.value, ast.Name):
                text = self.variable(node.value.id)
                if self.wanted[s.id]:
                    self.emit(f"{value} = ({self.spliced(s, node.value)})")
                else:
                    value = node.value.id
            else:
                self.emit(f"{value} = ({self.spliced(s, node.value)})")
                self.emit(f"{text} = {self.format(value, self.shapes.of(node.value))}")
        self.returned(s, text)
        self.leave_block(f"return {value}, {text}, {_P}n")

    def leave_block(self, how: str) -> None:
        """Emit the jump out of a block."""
        self.emit(how)

    # The rule's own text

    def spliced(self, s: Statement, node: ast.AST, keep: dict[ast.expr, str] | None = None) -> str:
        """Return the source of a node, with its captured parts put into variables."""
        first = self.offsets[node.lineno] + node.col_offset  # type: ignore[attr-defined]
        last = self.offsets[node.end_lineno] + node.end_col_offset  # type: ignore[attr-defined]
        parts: list[tuple[int, int, str]] = []  # position, order, text
        names = list((keep or {}).items())
        names += [
            (self.capture_nodes[s.id][key], self.captured(s, key)) for key in self.wanted[s.id]
        ]
        for n, name in names:
            start = self.offsets[n.lineno] + n.col_offset
            end = self.offsets[n.end_lineno or 0] + (n.end_col_offset or 0)
            parts.append((start, -end, f"({name} := ("))
            parts.append((end, -start, "))"))
        code, at = [], first
        # At one position, what ends there comes first, and inner parts end before outer ones.
        for position, _, text in sorted(parts, key=lambda p: (p[0], p[2] != "))", p[1])):
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
        return any(isinstance(i, Read) and key in (i.guard, *i.others) for i in s.items)

    def guard_keys(self, s: Statement) -> list[str]:
        """Return the variables of captures that may not happen."""
        return [self.captured(s, key) for key in sorted(self.guarded(s) & self.wanted[s.id])]

    def guarded(self, s: Statement) -> set[int]:
        """Return the keys of captures that may not happen."""
        return self._guarded.get(s.id, _NONE)

    def guards(self, s: Statement) -> None:
        for name in self.guard_keys(s):
            self.emit(f"{name} = {_P}M")

    # The trace's text

    def format(self, code: str, shape: Shape) -> str:
        """Return the code of the text of a value."""
        if shape == NUM:
            return f"'%s' % ({code},)"
        return f"'%r' % ({code},)" if has_plain_repr(shape) else f"{_P}show({code})"

    # The moments of a run

    @abstractmethod
    def joins(self, group: Sequence[Statement], statement: Statement) -> bool:
        """Tell whether a statement is reported together with those before it."""

    @abstractmethod
    def prepare(self, group: Sequence[Statement]) -> None:
        """Fill in `wanted` for statements that are about to be compiled."""

    @abstractmethod
    def counts(self, s: Statement) -> bool:
        """Tell whether the reports need the number of a loop's iterations."""

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
    def tested(self, s: Statement, outcome: bool, before: str) -> None:
        """Report a test; `before` is how often a loop's body was entered before ("" for an if)."""

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
        conditions = []
        if read.guard is not None:
            guards = (read.guard, *read.others)
            some = " or ".join(f"{self.captured(s, g)} is not {_P}M" for g in guards)
            conditions = [f"({some})"]
        return saved.get(("before", of, read.name)) or self.variable(read.name), conditions

    def worked(self, s: Statement, key: int) -> tuple[str, list[str]]:
        """Return the code of a captured value and when it was evaluated."""
        name = self.captured(s, key)
        conditions = [f"{name} is not {_P}M"] if key in self.guarded(s) else []
        shape = self.shape(s, key)
        if shape[0] == "lazy":
            return name, ["False"]
        return name if shape == NUM else self.format(name, shape), conditions

    def changed(self, s: Statement, mood: str) -> list[tuple[str, str]]:
        """Return the variables that a statement changes in place, each with its condition."""
        names = [n for n in s.watched if n in s.touched and n not in s.targets]
        if len(names) == 1 and not s.targets:
            return [(names[0], mood)]
        flags = [(n, f"{_P}c{s.id}_{n}") for n in names]
        return [(name, flag if flag in self.flags else "True") for name, flag in flags]

    def variable(self, name: str) -> str:
        """Return the code of a variable's text."""
        if name not in self.shapes.env and name not in self.shapes.constants:
            raise Unproved(f"the variable {name}")
        return text_of(name)

    def shape(self, s: Statement, key: int) -> Shape:
        """Return the shape of a captured value."""
        return self.shapes.of(self.capture_nodes[s.id][key])


def _exits(s: Statement) -> bool:
    """Tell whether control can leave the block of a statement from within it."""
    if s.kind in ("return", "break", "continue"):
        return True
    return any(map(_exits, (*s.body, *s.orelse)))


def text_of(name: str) -> str:
    """Return the name under which the text of a variable is kept."""
    return f"{_P}t_{name}"


def _offsets(source: str) -> list[int]:
    """Return the position at which each line begins, by line number from 1."""
    return [0, 0, *(end.end() for end in LINE_END.finditer(source))]


def _chr(code: int) -> str:
    """Stand in for `chr` where the repr of its result does not depend on the Unicode version."""
    character = chr(code)
    if not (character.isascii() or character.isprintable()):
        raise Unproved("a character whose repr depends on the Unicode version")
    return character


def join(separator: str, *parts: str | None) -> str:
    """Return the texts that are there, joined."""
    return separator.join([p for p in parts if p is not None])
