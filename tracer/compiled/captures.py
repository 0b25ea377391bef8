"""The rule's own text in the code that is made for it, with values of its parts put into variables.

A part is *captured* if a report states its value: it becomes ``(variable := part)`` where it
stands. One that is evaluated only under a condition is reset before (`unset`), so that it can be
told whether it was.
"""

import ast
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from ..plan.source import LINE_END
from ..plan.statements import Read, Statement, Told
from ..program import Program
from .formats import PREFIX as _P
from .formats import Code, Text
from .shapes import OWNED, Shape, Unproved
from .texts import Texts

Copies: TypeAlias = dict[tuple[str, int, str], str]
"""Texts that were copied for a group because a later statement of it changes them:
(``before`` or ``after``, statement of the group, variable) -> what has the text."""


class Captures:
    """The parts of a rule's statements that are captured, and where the code has their values."""

    def __init__(self, rule: Program, texts: Texts) -> None:
        self.texts = texts
        self.statements = [s for s in rule.module.statements if s.scope is rule.scope]
        self.parts: dict[int, dict[int, ast.expr]] = {}  # by statement and key
        self.places: dict[int, dict[int, ast.expr]] = {}  # those of assigned items, likewise
        self.wanted: dict[int, set[int]] = {}  # the keys that reports ask for, by statement
        self._conditional: dict[int, set[int]] = {}  # keys of what may not be evaluated
        self._shapes: dict[tuple[int, int], Shape] = {}  # by statement and key
        self._source = rule.module.source.text
        self._line_starts = [0, 0, *[end.end() for end in LINE_END.finditer(self._source)]]
        for node, capture in rule.module.captures.items():
            self.parts.setdefault(capture.statement, {})[capture.key] = node
            if capture.guarded:
                self._conditional.setdefault(capture.statement, set()).add(capture.key)
        self._told: dict[int, list[tuple[ast.expr, Told]]] = {}
        for node, told in rule.module.told.items():
            self._told.setdefault(told.statement, []).append((node, told))
        for s in self.statements:
            if s.place is not None:
                assert isinstance(s.node, ast.Assign | ast.AugAssign | ast.AnnAssign)
                target = s.node.targets[0] if isinstance(s.node, ast.Assign) else s.node.target
                keys = (s.place.old, s.place.new) if s.kind == "augassign" else (s.place.new,)
                self.places[s.id] = dict.fromkeys(keys, target)
                self.parts.setdefault(s.id, {}).update(self.places[s.id])

    def want(self, group: Sequence[Statement], keys: Sequence[set[int]]) -> None:
        """Note which parts of the statements of a group are asked for."""
        for s, of_one in zip(group, keys, strict=True):
            self.wanted[s.id] = of_one

    # The rule's text

    def source_of(self, node: ast.AST) -> Code:
        """Return the source of a node as it stands."""
        first, last = self._span(node)
        return self._whole(self._source[first:last])

    def captured_source(
        self, s: Statement, node: ast.AST, more: Mapping[ast.expr, str] | None = None
    ) -> Code:
        """Return the source of a node, each part that is asked for put into its variable.

        `more` are parts to be put into other variables.
        """
        first, last = self._span(node)
        own = self.wanted[s.id].difference(self.places.get(s.id, ()))
        told = self.told_of(s)
        if s.texts and (told or own):
            raise Unproved("a style that tells of the parts of an f-string")
        parts = [*(more or {}).items()]
        parts += [(self.parts[s.id][key], variable(s, key)) for key in own]
        pieces: list[tuple[int, int, str]] = []  # position, order, text
        for part, name in parts:
            start, end = self._span(part)
            bare = part.__class__ in _OPERANDS
            pieces.append((start, -end, f"({name} := " if bare else f"({name} := ("))
            pieces.append((end, -start, ")" if bare else "))"))
        for part, telling in told:
            start, end = self._span(part)
            if not first <= start <= end <= last:
                continue
            chunk = self.told_in(s, telling.chunk)
            if telling.binds:
                values = ", ".join(telling.binds)
                pieces.append(
                    (start, -end, f"({_P}bind({chunk}, {telling.binds!r}, {values}) and (")
                )
                pieces.append((end, -start, "))"))
            if telling.source:
                pieces.append((start, -end, f"{_P}tell({chunk}, {telling.source!r}, ("))
                pieces.append((end, -start, "))"))
        code, at = [], first
        # At one position, what ends there comes first, and inner parts end before outer ones.
        for position, _, text in sorted(pieces, key=lambda p: (p[0], p[2][0] != ")", p[1])):
            code.append(self._source[at:position])
            code.append(text)
            at = position
        code.append(self._source[at:last])
        return self._whole("".join(code))

    # What is told in inner scopes

    def told_of(self, s: Statement) -> list[tuple[ast.expr, Told]]:
        """Return the parts of a statement that are told. Raises Unproved."""
        told = self._told.get(s.id, [])
        if told and (s.escapes or (s.kind == "for" and any(t.chunk < 0 for _, t in told))):
            raise Unproved("a style that tells of a generator or a lambda that is run later")
        return told

    def told_in(self, s: Statement, chunk: int) -> str:
        """Return the name of the list that takes the lines told before a capture."""
        return f"{_P}t{s.id}_{chunk + 1}"

    def chunks(self, s: Statement) -> list[str]:
        """Return the names of all such lists of a statement."""
        return sorted({self.told_in(s, told.chunk) for _, told in self.told_of(s)})

    def _span(self, node: ast.AST) -> tuple[int, int]:
        starts = self._line_starts
        first = starts[node.lineno] + node.col_offset  # type: ignore[attr-defined]
        return first, starts[node.end_lineno] + node.end_col_offset  # type: ignore[attr-defined]

    def _whole(self, code: Code) -> Code:
        if "#" in code and "\n" in code:
            raise Unproved("a comment within a statement")
        return code

    # Values

    def resettable(self, s: Statement) -> list[str]:
        """Return the variables of parts that are asked for and may not be evaluated."""
        if s.id not in self._conditional:
            return []
        return [variable(s, key) for key in sorted(self._conditional[s.id] & self.wanted[s.id])]

    def unset(self, s: Statement) -> None:
        """Emit that parts which may not be evaluated have not been."""
        for name in self.resettable(s):
            self.texts.emit(f"{name} = ...")
        for name in self.chunks(s):
            self.texts.emit(f"{name} = []")

    def shape(self, s: Statement, key: int) -> Shape:
        """Return the shape of a part."""
        shape = self._shapes.get((s.id, key))
        if shape is None:
            shape = self._shapes[s.id, key] = self.texts.shapes.of(self.parts[s.id][key])
        return shape

    def worked(self, s: Statement, key: int, conditions: list[Code]) -> Text:
        """Return the text of a part; add when it was evaluated to `conditions`."""
        name = variable(s, key)
        if key in self._conditional.get(s.id, ()):
            conditions.append(f"{name} is not ...")
        shape = self.shape(s, key)
        if shape[0] in OWNED and key in s.branches:
            raise Unproved("a style that tells of a container which a variable may hold")
        if shape[0] == "lazy":
            conditions.append("False")
        return ["", self.texts.format(name, shape), ""]

    def before(
        self, s: Statement, read: Read, of: int, copies: Copies, conditions: list[Code]
    ) -> Text:
        """Return a variable's text before a statement; add when it was read to `conditions`."""
        if read.guard is not None:
            guards = (read.guard, *read.others)
            some = " or ".join(f"{variable(s, g)} is not ..." for g in guards)
            conditions.append(f"({some})" if read.others else some)
        return self.texts.text(read.name, copies.get(("before", of, read.name), ""))


def variable(s: Statement, key: int) -> str:
    """Return the name of the variable that has the value of a part."""
    return f"{_P}v{s.id}_{key}"


def on_lines(code: Code) -> Code:
    """Return an expression so that it may go over several lines."""
    return f"({code})" if "\n" in code else code


_OPERANDS = (  # what needs no parentheses behind ``:=``
    ast.Attribute, ast.BinOp, ast.BoolOp, ast.Call, ast.Compare, ast.Constant, ast.IfExp, ast.Name,
    ast.Subscript, ast.UnaryOp,
)  # fmt: skip
