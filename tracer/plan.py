"""The plan of a rule: what each of its statements reads, works out and changes.

`rfft.tracer.planner` walks the syntax tree of a module once and makes a `Statement` for each one:
the text that is recited, the items stated before (variables read, sub-expressions worked out, in
the order in which Python evaluates them), the names changed after, and where the statement stands
(function, section, block). Both back ends and every style work from this plan and nothing else.

An *item* is a `Read` (the value of a variable before the statement) or a `Worked` sub-expression.
Some are evaluated only under a condition (`b` in ``a and b``): their `guard` is the key of the
capture whose presence tells that the condition held.
"""

import ast
import builtins
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from .source import SourceText, walk

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
ScopeNode: TypeAlias = FunctionNode | ast.ClassDef | ast.Module
Loop: TypeAlias = ast.While | ast.For | ast.AsyncFor


@dataclass(slots=True, eq=False)
class Read:
    """A variable whose value before the statement is stated.

    `early` reads are taken just before the statement; the others (globals, variables of an outer
    function, names that may be unbound) at the moment when the statement itself reads them.
    """

    name: str
    early: bool
    guard: int | None = None
    index: int = -1  # position among the early reads of its statement
    others: list[int] = field(default_factory=list)  # guards under which it is read elsewhere


@dataclass(slots=True, eq=False)
class Worked:
    """A sub-expression whose value is stated, as ``source = value``; `key` names its capture."""

    key: int
    source: str


Operand: TypeAlias = str | Read | Worked  # a literal's text, or where the value comes from


@dataclass(slots=True, eq=False)
class Relation:
    """A comparison of a test: ``source`` (the left side) stands in relation `op` to `right`."""

    source: str
    left: Operand
    op: str
    right: Operand
    key: int  # the capture of the comparison's truth
    substituted: tuple[Operand, ...]  # the left side with values put in


Item: TypeAlias = Read | Worked | Relation


@dataclass(slots=True, eq=False)
class Statement:
    """One statement of a rule, planned."""

    id: int
    kind: str
    node: ast.stmt
    scope: "Scope"
    parent: "Statement | None"
    block: int  # number of the block it stands in
    source: str
    line: int
    loop: bool  # whether it is one
    items: list[Item] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)  # variables it changes in place itself
    watched: list[str] = field(default_factory=list)  # variables that may have changed
    equation: tuple[Operand, ...] = ()
    constant: bool = False
    mutates: bool = False
    rebinds: bool = False  # it mutates only if its target holds an object that can change
    attributes: list[str] = field(default_factory=list)  # ``self.x`` and the like it assigns
    calls: bool = False
    pauses: bool = False
    elif_: bool = False
    section: int = 0
    title: str = ""
    notes: list[str] = field(default_factory=list)  # the ``#:`` lines above it
    body: list["Statement"] = field(default_factory=list)
    orelse: list["Statement"] = field(default_factory=list)
    handlers: list[list["Statement"]] = field(default_factory=list)
    finalbody: list["Statement"] = field(default_factory=list)
    inner: "Scope | None" = None  # of a definition: the function or class that it makes
    captures: int = 0

    @property
    def simple(self) -> bool:
        """Tell whether it may share a recital: it assigns or mutates and runs no other rule."""
        return self.kind in ("assign", "augassign", "expr") and not (self.calls or self.pauses)

    @property
    def early(self) -> list[Read]:
        """The reads whose values are taken just before the statement, in order."""
        return [i for i in self.items if type(i) is Read and i.early]


@dataclass(slots=True, eq=False)
class Capture:
    """An expression whose value is taken when it is evaluated.

    `name` is set for the late read of a variable. A capture that is not `shown` only marks that
    its expression ran.
    """

    statement: int
    key: int
    name: str | None = None
    shown: bool = True
    guarded: bool = False  # whether its expression is evaluated only under a condition


@dataclass(slots=True, eq=False)
class Scope:
    """A function, a class body or the module: where names live."""

    id: int
    node: ScopeNode
    name: str
    kind: str  # function, class, module
    source: SourceText
    params: list[str] = field(default_factory=list)
    receiver: str | None = None  # the `self` of a method
    method: bool = False
    outer: "Scope | None" = None  # the scope around it whose names it sees
    place: Statement | None = None  # its definition
    names: set[str] = field(default_factory=set)  # names bound in this scope
    definitions: set[str] = field(default_factory=set)  # names bound by def, class and import only
    shared: bool = False  # functions inside may rebind its names
    unsteady: set[str] = field(default_factory=set)  # bound names that can become unbound
    foreign: set[str] = field(default_factory=set)  # declared global or nonlocal
    body: list[Statement] = field(default_factory=list)
    returns: int = 0  # number of the Return section
    order: list[str] = field(default_factory=list)  # bound names by first appearance


@dataclass(slots=True, eq=False)
class Module:
    """The plan of a whole module."""

    source: SourceText
    tree: ast.Module
    statements: list[Statement]
    scopes: list[Scope]
    captures: dict[ast.expr, Capture]
    scope_of: dict[ScopeNode, Scope]
    plan_of: dict[ast.stmt, Statement]

    @property
    def functions(self) -> list[Scope]:
        """The functions and methods of the module, in the order of the text."""
        return [s for s in self.scopes if s.kind == "function"]


def neighbours(group: Sequence[Statement], statement: Statement) -> bool:
    """Tell whether a statement may share the recital of the simple ones just before it."""
    return not (
        statement.title
        or statement.constant
        or group[0].constant
        or not statement.simple
        or not group[0].simple
    )


def independent(group: Sequence[Statement], statement: Statement) -> bool:
    """Tell whether a statement reads and changes nothing that a group before it has changed."""
    for attribute in (a for s in group for a in s.attributes):
        stated = [i.name if type(i) is Read else i.source for i in statement.items]  # type: ignore[union-attr]
        if any(attribute in text for text in (*stated, *statement.attributes)):
            return False
    changed = {n for s in group for n in (*s.targets, *s.touched)}
    read = {i.name for i in statement.items if type(i) is Read}
    return changed.isdisjoint(read) and changed.isdisjoint((*statement.targets, *statement.touched))


def pattern_names(pattern: ast.pattern) -> tuple[str, ...]:
    """Return the names that a pattern of a ``case`` binds."""
    found: dict[str, None] = {}
    for n in walk(pattern):
        if isinstance(n, ast.MatchAs | ast.MatchStar) and n.name:
            found[n.name] = None
        elif isinstance(n, ast.MatchMapping) and n.rest:
            found[n.rest] = None
    return tuple(found)


def has_docstring(node: ScopeNode) -> bool:
    """Tell whether a scope begins with a docstring."""
    return ast.get_docstring(node, clean=False) is not None
