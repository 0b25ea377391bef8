"""A rule's own statements, compiled with a report of each moment between them.

`generate` makes a function that takes the list of reports, the rule's arguments and their texts,
and returns the rule's result, its text and the number of steps. What is reported at each moment is
for a reporter to say.
"""

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from ..plan.statements import Read, Statement, Worked, changed_by
from ..program import Program
from ..values.show import show
from . import templates, texts
from .captures import Captures, Copies, on_lines, variable
from .expressions import Shapes
from .formats import PREFIX as _P
from .formats import Code, code_of
from .proof import infer
from .reporter import Group, Reporter, bound, iterations
from .shapes import NUM, OWNED, SCALARS, Shape, Unproved
from .sources import load
from .texts import PART, Texts, text_of

R = TypeVar("R", bound=Reporter)
Function: TypeAlias = Callable[..., tuple[Any, str, int]]


@dataclass(frozen=True, slots=True)
class Generated(Generic[R]):
    """The function made for a rule and the shapes of its arguments."""

    function: Function
    reporter: R
    changed: frozenset[str]  # the variables whose object is changed in place


def generate(
    rule: Program,
    arguments: Sequence[Shape],
    reporter_for: Callable[[Captures], R],
    tabled: bool = False,
) -> Generated[R]:
    """Make the function of a rule that `refuse` lets pass. Raises Unproved, SyntaxError."""
    shapes = _proof(rule, tuple(arguments))
    captures = Captures(rule, Texts(shapes, tabled))
    reporter = reporter_for(captures)
    source = _Generator(rule, captures, reporter).source()
    names = {**templates.NAMES, **texts.NAMES, "chr": _chr}
    for part in rule.module.tree.body if shapes.constants else ():
        if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
            name = part.targets[0].id
            if name in shapes.constants:
                names[name] = value = ast.literal_eval(part.value)
                names[text_of(name)] = show(value)
    (function,) = load(source, f"trace of {rule.function}", names)
    return Generated(function, reporter, shapes.variables.mutated)


def _proof(rule: Program, arguments: tuple[Shape, ...]) -> Shapes:
    """Return the shapes of the variables of a rule, found once for all that is made of it."""
    known: Shapes | None = rule.memo.get((infer, arguments))
    if known is None:
        named = dict(zip(rule.parameters.plain or (), arguments, strict=True))
        known = rule.memo[infer, arguments] = infer(rule.module, rule.scope, named)
    return known


class _Generator:
    """Walks the statements of a rule."""

    def __init__(self, rule: Program, captures: Captures, reporter: Reporter) -> None:
        self.rule = rule
        self.captures = captures
        self.texts = captures.texts
        self.shapes = captures.texts.shapes
        self.reporter = reporter
        self.counted: set[int] = set()  # loops whose iterations are counted

    def source(self) -> str:
        """Return the source of the function. Raises Unproved."""
        parameters, body = self.rule.parameters.plain or [], self.rule.scope.body
        for name in sorted(self.reporter.noted):
            self.texts.emit(f"{bound(name)} = 0")
        if self.rule.skips_self:
            self.texts.emit("self = None")
        for name in parameters:
            if name in self.texts.unquoted:
                self.texts.remake(name)
        self.reporter.entered()
        self.block(body, None)
        if not (body and body[-1].kind == "return"):
            self.reporter.returned(None, ["None"])
            self.jump(f'return None, "None", {self.reporter.count}')
        taken = ", ".join([f"{_P}o", *parameters, *map(text_of, parameters)])
        return f"def {_P}rule({taken}):\n" + "\n".join(self.texts.lines)

    def prepare(self, *group: Statement) -> None:
        """Get ready for statements that are compiled next."""
        self.captures.want(group, self.reporter.prepare(group))

    def jump(self, how: str) -> None:
        """Emit a jump out of a block."""
        self.reporter.flush()
        self.texts.emit(how)

    def block(self, statements: Sequence[Statement], loop: Statement | None) -> None:
        """Compile a block; `loop` is the one around it."""
        position = 0
        while position < len(statements):
            s = statements[position]
            position += 1
            if s.section and not s.loop:
                self.reporter.section(s)
            group = [s]
            if s.simple:
                for other in statements[position:]:
                    if not (other.simple and self.reporter.joins(group, other)):
                        break
                    group.append(other)
                    position += 1
            try:
                if s.moment == "simple":
                    self.simple(group)
                else:
                    self.statement(s, loop)
            except Unproved as reason:
                raise reason.at(s.line) from None

    def statement(self, s: Statement, loop: Statement | None) -> None:
        """Compile a statement that stands alone."""
        if s.kind == "if":
            self.branch(s, loop)
        elif s.kind == "while":
            self.repeat(s)
        elif s.kind == "for":
            self.iterate(s)
        elif s.kind == "return":
            self.give_back(s)
        elif s.moment:  # it jumps, or nothing about it has to be looked at
            self.reporter.passed(s)
            if s.kind == "continue" and loop is not None:
                self.reporter.again(loop)
            if s.moment == "leave":
                self.jump(s.kind)
            else:
                self.texts.emit(self.captures.source_of(s.node))

    # Simple statements

    def simple(self, group: list[Statement]) -> None:
        """Compile a group of simple statements with their recital."""
        copies: Copies = {}
        did_change: list[Code] = []
        changes = [s.targets + [n for n in s.touched if n in s.watched] for s in group]
        for s in group:
            if s.equation and s.shaky and not s.calm and self.left(s) not in SCALARS:
                raise Unproved("an operation whose operands may act on each other")
        self.prepare(*group)
        for of, s in enumerate(group):
            later = {n for g in group[of:] for n in changed_by(g)}
            for read in s.items:
                if read.__class__ is Read and read.name in later:
                    copies["before", of, read.name] = self.texts.copy(text_of(read.name))
            holders = list(map(text_of, changes[of]))
            self.reporter.changing(holders)
            self.texts.changing(holders)
            self.captures.unset(s)
            mending = self.run(s)
            self.bind(s)
            did_change.append(self.texts.refresh(s, changes[of], mending))
            if of < len(group) - 1:
                after = set().union(*changes[of + 1 :])
                for name in changes[of]:
                    if name in after:
                        copies["after", of, name] = self.texts.copy(text_of(name))
        self.reporter.ran(Group(group, copies, did_change))

    def left(self, s: Statement) -> Shape | None:
        """Return the shape of the left operand of a statement's equation."""
        operand = s.equation[-3]
        if isinstance(operand, Read):
            return self.shapes.env.get(operand.name)
        return self.captures.shape(s, operand.key) if isinstance(operand, Worked) else NUM

    def bind(self, s: Statement) -> None:
        """Emit that the targets of a statement are bound."""
        for name in s.targets:
            if name in self.reporter.noted:
                self.texts.emit(f"{bound(name)} = 1")

    def run(self, s: Statement) -> Code | None:
        """Emit a statement itself; return the code that mends the text of the list it changes."""
        places, wanted = self.captures.places.get(s.id, {}), self.captures.wanted[s.id]
        for key, target in places.items():
            if s.place is not None and key == s.place.old and key in wanted:
                self.capture_place(s, key, target)
                if self.captures.shape(s, key)[0] in OWNED:
                    raise Unproved("a container that is changed in its place")
        part, mending = self.texts.mended(s) or (None, None)
        more = {part: PART} if part else {}
        self.texts.emit(self.captures.captured_source(s, s.node, more))
        if s.place is not None and s.place.new in wanted:
            self.capture_place(s, s.place.new, places[s.place.new])
        return mending

    def capture_place(self, s: Statement, key: int, target: ast.expr) -> None:
        """Emit that the value of an assigned item, as it is now, is put into its variable."""
        self.texts.emit(f"{variable(s, key)} = {self.captures.source_of(target)}")

    # Compound statements

    def branch(self, s: Statement, loop: Statement | None) -> None:
        self.prepare(s)
        self.captures.unset(s)
        test = self.reporter.decided(s, self.test(s))
        self.texts.begin(f"if {test}:")
        held = self.reporter.held()
        self.arm(s, True, "", s.body, loop)
        self.texts.begin("else:")
        self.reporter.hold(held)
        self.arm(s, False, "", s.orelse, loop)

    def arm(
        self,
        s: Statement,
        outcome: bool,
        before: str,
        body: Sequence[Statement],
        loop: Statement | None,
    ) -> None:
        """Compile what runs with an outcome of a test, to the end of a block."""
        self.reporter.tested(s, outcome, before)
        self.block(body, loop)
        if loop is s:
            self.reporter.again(s)
        self.reporter.flush()
        self.texts.end()

    def test(self, s: Statement) -> Code:
        """Return the code of a condition."""
        node = s.node
        assert isinstance(node, ast.If | ast.While)
        return on_lines(self.captures.captured_source(s, node.test))

    def repeat(self, s: Statement) -> None:
        self.prepare(s)
        self.reporter.section(s)
        number = self.counter(s)
        # A capture under a condition is reset in front of each evaluation.
        resets = "".join(f"({c} := ...) is ... and " for c in self.captures.resettable(s))
        resets += "".join(f"({c} := []) == [] and " for c in self.captures.chunks(s))
        test = self.test(s)
        self.loop_body(s, f"while {resets}({test}):" if resets else f"while {test}:", number)

    def iterate(self, s: Statement) -> None:
        node = s.node
        assert isinstance(node, ast.For)
        self.prepare(s)
        self.reporter.section(s)
        number = self.counter(s)
        self.captures.unset(s)
        items = self.reporter.opening(s, on_lines(self.captures.captured_source(s, node.iter)))
        self.loop_body(s, f"for {self.captures.source_of(node.target)} in {items}:", number)

    def counter(self, s: Statement) -> str:
        """Emit the start of the count of a loop's iterations, if anything needs it."""
        number = iterations(s)
        if self.reporter.counts(s):
            self.counted.add(s.id)
            self.texts.emit(f"{number} = 0")
        return number

    def loop_body(self, s: Statement, head: Code, number: str) -> None:
        self.reporter.flush()
        self.texts.begin(head)
        if s.id in self.counted:
            self.texts.emit(f"{number} += 1")
        if s.kind == "for":
            for name in s.targets:
                if name in self.reporter.noted:
                    self.texts.emit(f"{bound(name)} = 1")
                self.texts.remake(name)
        self.arm(s, True, f"{number} - 1", s.body, s)
        around = s.parent
        while around is not None and not around.loop:
            around = around.parent
        if not _breaks(s.body):  # what follows is reached through the end of the loop alone
            self.reporter.tested(s, False, number)
            self.block(s.orelse, around)
            return
        self.texts.begin("else:")
        self.arm(s, False, number, s.orelse, around)

    def give_back(self, s: Statement) -> None:
        node = s.node
        assert isinstance(node, ast.Return)
        self.prepare(s)
        value, text = "None", ["None"]
        if node.value is not None:
            self.captures.unset(s)
            known = node.value.id if isinstance(node.value, ast.Name) else None
            if known is not None and not self.captures.wanted[s.id]:
                value = known
            else:
                value = f"{_P}v"
                source = self.captures.captured_source(s, node.value)
                self.texts.emit(f"{value} = {on_lines(source)}")
            if known is not None:
                text = self.texts.text(known)
            else:
                self.texts.emit(f"{_P}a = {self.texts.format(value, self.shapes.of(node.value))}")
                text = ["", f"{_P}a", ""]
        self.reporter.returned(s, text)
        self.jump(f"return {value}, {code_of(text)}, {self.reporter.count}")


def _breaks(block: Sequence[Statement]) -> bool:
    """Tell whether a ``break`` in the body of a loop may leave the loop."""
    return any(
        s.kind == "break" or _breaks(s.orelse) or (not s.loop and _breaks(s.body)) for s in block
    )


def _chr(code: int) -> str:
    """Stand in for `chr` where the repr of its result does not depend on the Unicode version."""
    character = chr(code)
    if not (character.isascii() or character.isprintable()):
        raise Unproved("a character whose repr depends on the Unicode version")
    return character
