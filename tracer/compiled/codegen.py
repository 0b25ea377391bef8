"""A rule's own statements, compiled with a report of each moment between them."""

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from ..plan.source import LINE_END
from ..plan.statements import Read, Statement, Worked, changed_by
from ..program import Program
from ..styles.moments import SIMPLE
from ..styles.render import in_power
from ..values.show import show
from .formats import PREFIX as _P
from .formats import Code, Text, code_of
from .proof import infer
from .shapes import NUM, OWNED, SCALARS, Shape, Unproved
from .texts import MENDING, Kept, text_of

_NONE: set[int] = set()

Saved: TypeAlias = dict[tuple[str, int, str], str]
"""Texts kept for a group: (``before`` or ``after``, statement of the group, variable) -> name."""


class Compiler(Kept, ABC):
    """Makes the source of a function that runs a rule and reports each moment of the run.

    The function takes the list of reports, the rule's arguments and their texts, and returns the
    rule's result, its text and the number of steps. What is reported at each moment is for the
    subclass to say.
    """

    def __init__(self, rule: Program, arguments: Sequence[Shape]) -> None:
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
        self.parameters = rule.plain_parameters or []
        super().__init__(
            infer(self.module, self.scope, dict(zip(self.parameters, arguments, strict=True)))
        )
        self.offsets = _offsets(self.source)
        self.namespace: dict[str, Any] = {
            f"{_P}show": show,
            f"{_P}power": in_power,
            f"{_P}join": join,
            **MENDING,
            "chr": _chr,
        }
        self.flagged: set[str] = set()  # variables whose being bound is noted, for `States`
        self.counted: set[int] = set()  # loops whose iterations are counted
        self.arms: list[int] = []  # where the arms around the code at hand begin
        self.wanted: dict[int, set[int]] = {}  # the captures that are reported, by statement
        self.capture_nodes: dict[int, dict[int, ast.expr]] = {}  # by statement and key
        self.known: dict[tuple[int, int], Shape] = {}  # the shapes of captures, by both
        self._guarded: dict[int, set[int]] = {}
        for node, capture in self.module.captures.items():
            self.capture_nodes.setdefault(capture.statement, {})[capture.key] = node
            if capture.guarded:
                self._guarded.setdefault(capture.statement, set()).add(capture.key)
        self.places: dict[int, dict[int, ast.expr]] = {}  # captures of assigned items, likewise
        for s in self.statements():
            if s.place is not None:
                target = s.node.target if isinstance(s.node, ast.AugAssign) else _target(s.node)
                keys = (s.place.old, s.place.new) if s.kind == "augassign" else (s.place.new,)
                self.places[s.id] = dict.fromkeys(keys, target)
                self.capture_nodes.setdefault(s.id, {}).update(self.places[s.id])

    def function(self) -> Callable[..., tuple[Any, str, int]]:
        """Compile and return the function. Raises Unproved."""
        for name in sorted(self.flagged):
            self.emit(f"{_P}k_{name} = 0")
        if self.rule.skips_self:
            self.emit("self = None")
        for name in self.parameters:
            if name in self.unquoted:
                self.remake(name)
        self.entered()
        self.block(self.scope.body, None)
        if not (self.scope.body and self.scope.body[-1].kind == "return"):
            self.returned(None, ["None"])
            self.leave_block(f'return None, "None", {self.steps}')
        parameters = [f"{_P}o", *self.parameters, *map(text_of, self.parameters)]
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
        function: Callable[..., tuple[Any, str, int]] = self.namespace[f"{_P}rule"]
        return function

    def statements(self) -> Iterator[Statement]:
        return (s for s in self.module.statements if s.scope is self.scope)

    # Statements

    def block(self, statements: Sequence[Statement], loop: Statement | None) -> None:
        """Compile a block; `loop` is the one around it."""
        position = 0
        while position < len(statements):
            s = statements[position]
            position += 1
            if s.section and not s.loop:
                self.section(s)
            if s.kind not in SIMPLE:
                self.statement(s, loop)
                continue
            group = [s]
            if s.simple:
                for other in statements[position:]:
                    if not (other.simple and self.joins(group, other)):
                        break
                    group.append(other)
                    position += 1
            self.simple(group)

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
        moods: list[Code] = []
        changes: list[list[str]] = []
        for s in group:
            if s.calls or s.pauses:
                raise Unproved("a call of the rule's own functions")
            if s.equation and s.shaky and not s.calm and self.left(s) not in SCALARS:
                raise Unproved("an operation whose operands may act on each other")
            changes.append(s.targets + [n for n in s.touched if n in s.watched])
        self.prepare(group)
        for of, s in enumerate(group):
            later = {n for g in group[of:] for n in changed_by(g)}
            for read in s.items:
                if read.__class__ is Read and read.name in later:
                    name = read.name
                    saved["before", of, name] = self.save(text_of(name))
            self.changing([text_of(n) for n in changes[of]])
            self.guards(s)
            mended = self.run(s)
            for name in s.targets:
                if name in self.flagged:
                    self.emit(f"{_P}k_{name} = 1")
            moods.append(self.refresh(s, changes[of], mended))
            if of < len(group) - 1:
                after = set().union(*changes[of + 1 :])
                for name in changes[of]:
                    if name in after:
                        saved["after", of, name] = self.save(text_of(name))
        self.ran(group, saved, moods)

    def left(self, s: Statement) -> Shape | None:
        """Return the shape of the left operand of a statement's equation."""
        operand = s.equation[-3]
        if isinstance(operand, Read):
            return self.shapes.env.get(operand.name)
        return self.shape(s, operand.key) if isinstance(operand, Worked) else NUM

    def run(self, s: Statement) -> Code | None:
        """Emit a statement itself; return the code that mends the text of the list it changes."""
        if s.place is None or self.wanted[s.id].isdisjoint(self.places[s.id]):
            return self.run_alone(s)
        for key, target in self.places[s.id].items():
            if key == s.place.old and key in self.wanted[s.id]:
                self.emit(f"{self.captured(s, key)} = {self.spliced(s, target, bare=True)}")
                if self.shape(s, key)[0] in OWNED:
                    raise Unproved("a container that is changed in its place")
        mended = self.run_alone(s)
        if s.place.new in self.wanted[s.id]:
            target = self.places[s.id][s.place.new]
            self.emit(f"{self.captured(s, s.place.new)} = {self.spliced(s, target, bare=True)}")
        return mended

    def run_alone(self, s: Statement) -> Code | None:
        if len(s.touched) == 1 and (call := self.mendable(s)) is not None:
            mend = self.mend(s, s.touched[0], call)
            if mend is not None:
                kept, code = mend
                self.emit(self.spliced(s, s.node, {kept: f"{_P}p"} if kept else None))
                return code
        self.emit(self.spliced(s, s.node))
        return None

    def branch(self, s: Statement, loop: Statement | None) -> None:
        self.prepare([s])
        self.guards(s)
        self.emit(f"if {self.decided(s, self.test(s))}:")
        before = self.arm()
        self.tested(s, True, "")
        self.block(s.body, loop)
        self.leave_arm()
        self.emit("else:")
        self.arm(before)
        self.tested(s, False, "")
        self.block(s.orelse, loop)
        self.leave_arm()

    def decided(self, s: Statement, test: Code) -> Code:
        """Get ready for code that runs in one arm of two; return the code of which one."""
        return test

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

    def test(self, s: Statement) -> Code:
        """Return the code of a condition."""
        if s.calls or s.pauses or s.touched:
            raise Unproved("a condition that changes something")
        node = s.node
        assert isinstance(node, ast.If | ast.While)
        return _on_lines(self.spliced(s, node.test))

    def repeat(self, s: Statement) -> None:
        self.prepare([s])
        self.section(s)
        number = self.counter(s)
        # A capture under a condition is reset in front of each evaluation.
        resets = "".join(f"({c} := ...) is ... and " for c in self.guard_keys(s))
        test = self.test(s)
        self.before_loop()
        self.emit(f"while {resets}({test}):" if resets else f"while {test}:")
        self.loop_body(s, number)

    def counter(self, s: Statement) -> str:
        """Emit the start of the count of a loop's iterations, if anything needs it."""
        number = f"{_P}i{s.id}"
        if self.counts(s):
            self.counted.add(s.id)
            self.emit(f"{number} = 0")
        return number

    def before_loop(self) -> None:
        """Get ready for code that runs many times."""
        self.kept.clear()

    def iterate(self, s: Statement) -> None:
        if s.calls or s.pauses or s.touched:
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
        items = self.opening(s, _on_lines(self.spliced(s, node.iter)))
        self.before_loop()
        self.emit(f"for {self.source[first:last]} in {items}:")
        self.loop_body(s, number)

    def opening(self, s: Statement, items: Code) -> Code:
        """Get ready for the first item of a ``for``; return the code of what is looped over."""
        return items

    def loop_body(self, s: Statement, number: str) -> None:
        self.arm()
        if s.id in self.counted:
            self.emit(f"{number} += 1")
        if s.kind == "for":
            for name in s.targets:
                if name in self.flagged:
                    self.emit(f"{_P}k_{name} = 1")
                self.remake(name)
        self.tested(s, True, f"{number} - 1")
        self.block(s.body, s)
        self.again(s)
        self.leave_arm()
        around = s.parent
        while around is not None and not around.loop:
            around = around.parent
        if not _breaks(s.body):  # what follows is reached through the end of the loop alone
            self.tested(s, False, number)
            self.block(s.orelse, around)
            return
        self.emit("else:")
        self.arm()
        self.tested(s, False, number)
        self.block(s.orelse, around)
        self.leave_arm()

    def give_back(self, s: Statement) -> None:
        if s.calls or s.pauses or s.touched:
            raise Unproved("a return that changes something")
        node = s.node
        assert isinstance(node, ast.Return)
        self.prepare([s])
        value, text = "None", ["None"]
        if node.value is not None:
            self.guards(s)
            known = node.value.id if isinstance(node.value, ast.Name) else None
            if known is not None and not self.wanted[s.id]:
                value = known
            else:
                value = f"{_P}v"
                self.emit(f"{value} = {_on_lines(self.spliced(s, node.value))}")
            if known is not None:
                text = self.text(known)
            else:
                self.emit(f"{_P}a = {self.format(value, self.shapes.of(node.value))}")
                text = ["", f"{_P}a", ""]
        self.returned(s, text)
        self.leave_block(f"return {value}, {code_of(text)}, {self.steps}")

    def leave_block(self, how: str) -> None:
        """Emit the jump out of a block."""
        self.emit(how)

    # The rule's own text

    def spliced(
        self,
        s: Statement,
        node: ast.AST,
        keep: dict[ast.expr, str] | None = None,
        bare: bool = False,
    ) -> str:
        """Return the source of a node, with its captured parts put into variables.

        It is `bare` without them.
        """
        first = self.offsets[node.lineno] + node.col_offset  # type: ignore[attr-defined]
        last = self.offsets[node.end_lineno] + node.end_col_offset  # type: ignore[attr-defined]
        parts: list[tuple[int, int, str]] = []  # position, order, text
        names = list((keep or {}).items())
        if not bare:
            own = self.wanted[s.id].difference(self.places.get(s.id, ()))
            names += [(self.capture_nodes[s.id][key], self.captured(s, key)) for key in own]
        for n, name in names:
            start = self.offsets[n.lineno] + n.col_offset
            end = self.offsets[n.end_lineno or 0] + (n.end_col_offset or 0)
            bare = n.__class__ in _OPERANDS
            parts.append((start, -end, f"({name} := " if bare else f"({name} := ("))
            parts.append((end, -start, ")" if bare else "))"))
        code, at = [], first
        # At one position, what ends there comes first, and inner parts end before outer ones.
        for position, _, text in sorted(parts, key=lambda p: (p[0], p[2][0] != ")", p[1])):
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
        if s.id not in self._guarded:
            return []
        return [self.captured(s, key) for key in sorted(self.guarded(s) & self.wanted[s.id])]

    def guarded(self, s: Statement) -> set[int]:
        """Return the keys of captures that may not happen."""
        return self._guarded.get(s.id, _NONE)

    def guards(self, s: Statement) -> None:
        """Emit that captures which may not happen have not."""
        for name in self.guard_keys(s):
            self.emit(f"{name} = ...")

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
    def ran(self, group: Sequence[Statement], saved: Saved, moods: Sequence[Code]) -> None:
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
    def returned(self, s: Statement | None, text: Text) -> None:
        """Report a return; `text` is the value's text."""

    @property
    @abstractmethod
    def steps(self) -> Code:
        """The code of how many steps there were."""

    # Slots

    def before(
        self, s: Statement, read: Read, of: int, saved: Saved, conditions: list[Code]
    ) -> Text:
        """Return a variable's text before a statement; add when it was read to `conditions`."""
        if read.guard is not None:
            guards = (read.guard, *read.others)
            some = " or ".join(f"{self.captured(s, g)} is not ..." for g in guards)
            conditions.append(f"({some})" if read.others else some)
        return self.text(read.name, saved.get(("before", of, read.name), "") if saved else "")

    def worked(self, s: Statement, key: int, conditions: list[Code]) -> Text:
        """Return the text of a captured value; add when it was evaluated to `conditions`."""
        name = self.captured(s, key)
        if key in self.guarded(s):
            conditions.append(f"{name} is not ...")
        shape = self.shape(s, key)
        if shape[0] == "lazy":
            conditions.append("False")
        return ["", self.format(name, shape), ""]

    def changed(self, s: Statement, mood: str) -> list[tuple[str, str]]:
        """Return the variables that a statement changes in place, each with its condition."""
        names = [n for n in s.watched if n in s.touched and n not in s.targets]
        if len(names) == 1 and not s.targets:
            return [(names[0], mood)]
        flags = [(n, f"{_P}c{s.id}_{n}") for n in names]
        return [(name, flag if flag in self.flags else "True") for name, flag in flags]

    def shape(self, s: Statement, key: int) -> Shape:
        """Return the shape of a captured value."""
        shape = self.known.get((s.id, key))
        if shape is None:
            shape = self.known[s.id, key] = self.shapes.of(self.capture_nodes[s.id][key])
        return shape


def _target(node: ast.stmt) -> ast.expr:
    """Return the only target of an assignment."""
    target: ast.expr = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]  # type: ignore[attr-defined]
    return target


_OPERANDS = (  # what needs no parentheses behind ``:=``
    ast.Attribute, ast.BinOp, ast.BoolOp, ast.Call, ast.Compare, ast.Constant, ast.IfExp, ast.Name,
    ast.Subscript, ast.UnaryOp,
)  # fmt: skip


def _breaks(block: Sequence[Statement]) -> bool:
    """Tell whether a ``break`` in the body of a loop may leave the loop."""
    return any(
        s.kind == "break" or _breaks(s.orelse) or (not s.loop and _breaks(s.body)) for s in block
    )


def _on_lines(code: Code) -> Code:
    """Return an expression so that it may go over several lines."""
    return f"({code})" if "\n" in code else code


def _offsets(source: str) -> list[int]:
    """Return the position at which each line begins, by line number from 1."""
    return [0, 0, *[end.end() for end in LINE_END.finditer(source)]]


def _chr(code: int) -> str:
    """Stand in for `chr` where the repr of its result does not depend on the Unicode version."""
    character = chr(code)
    if not (character.isascii() or character.isprintable()):
        raise Unproved("a character whose repr depends on the Unicode version")
    return character


def join(separator: str, *parts: str | None) -> str:
    """Return the texts that are there, joined."""
    return separator.join([p for p in parts if p is not None])
