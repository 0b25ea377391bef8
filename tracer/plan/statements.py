"""The plan of a rule: what each of its statements reads, works out and changes.

`rfft.tracer.plan.planner` walks the syntax tree of a module once and makes a `Statement` for each
one: the text that is recited, the items stated before (variables read, sub-expressions worked out,
in the order in which Python evaluates them), the names changed after, and where the statement
stands (function, section, block). Both back ends and every style work from this plan and nothing
else.

An *item* is a `Read` (the value of a variable before the statement) or a `Worked` sub-expression.
Some are evaluated only under a condition (`b` in ``a and b``): their `guard` is the key of the
capture whose presence tells that the condition held.
"""

import ast
import builtins
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from .effects import Effects
from .kinds import Moment
from .names import FunctionNode
from .source import SourceText

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

ScopeNode: TypeAlias = FunctionNode | ast.ClassDef | ast.Module


@dataclass(slots=True, eq=False)
class Read:
    """A variable, or an attribute with a name of its own, whose value before is stated."""

    name: str
    guard: int | None = None
    others: list[int] = field(default_factory=list)  # guards under which it is read elsewhere
    called: bool = False  # whether all that is done with it is to call it: code says nothing then


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
class Place:
    """An item or attribute that is assigned a worked-out value: ``grid[r][c]``, ``self.x``.

    `parts` lead from the variable `root` to it: the name of an attribute, or ``None`` for the next
    of `keys`; these are constants or, as `Key`, expressions whose values hooks take. `text` is the
    place with the values of keys put in. Captures: `old` is its value when the statement reads it,
    `new` the one after.
    """

    root: str
    parts: list[str | None]
    keys: "list[Key | object]"
    text: tuple[Operand, ...]
    old: int
    new: int
    path: str = ""  # of an attribute of a variable, or of an attribute of it, …
    name: str = ""  # the same if it is stated by this name like a variable


@dataclass(slots=True, eq=False)
class Key:
    """A key of a place that a statement works out; `number` is its position among the keys.

    A `root` says that the place is read with this key, the last one of ``a[i] += 1``.
    """

    statement: int
    number: int
    root: str


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
    moment: Moment  # of a style, which tells it
    loop: bool  # whether it is one
    items: list[Item] = field(default_factory=list)
    details: list[Item] = field(default_factory=list)  # these and more, of a plan in detail
    tells: tuple[str, ...] = ()  # left sides of what may be told while it is worked out: `Told`
    told_at: set[int] = field(default_factory=set)  # captures before which that may be
    branches: set[int] = field(default_factory=set)  # captures of values that may be bound, too
    texts: bool = False  # whether parts of f-strings are captured or told
    escapes: bool = False  # what is told of it may be so later, by another statement
    targets: list[str] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)  # variables it changes in place itself
    bound_inside: list[tuple[str, int | None]] = field(default_factory=list)  # by ``:=``, captured
    watched: list[str] = field(default_factory=list)  # what is looked at again after it
    passed: list[str] = field(default_factory=list)  # variables surely bound that hooks are given
    loose: list[str] = field(default_factory=list)  # those that the recorder looks for in the frame
    outside: list[str] = field(default_factory=list)  # the same among the names of the module
    equation: tuple[Operand, ...] = ()
    shaky: bool = False  # its right operand may change what the left one holds,
    calm: bool = False  # but not if all values that it reads are plain
    place: Place | None = None
    literal: bool = False  # whether it assigns one
    constant: bool = False
    ranges: bool = False  # whether it is a ``for`` over a range
    looks: bool = False  # it may change more than its targets
    harmless: bool = False  # not if all values that it reads are plain, or those of `scalars`
    scalars: bool = False  # then all have to be scalars
    mutates: bool = False  # it seems to change more than its targets, which decides wordings alone
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
    guards: dict[str, list[str]] = field(default_factory=dict)  # head of a case -> what it reads
    finalbody: list["Statement"] = field(default_factory=list)
    inner: "Scope | None" = None  # of a definition: the function or class that it makes
    captures: int = 0

    @property
    def line(self) -> int:
        """The line on which it begins, but for its decorators."""
        return self.node.lineno

    @property
    def simple(self) -> bool:
        """Tell whether it may share a recital: it assigns or mutates and runs no other rule."""
        return self.moment == "simple" and not (self.calls or self.pauses)

    @property
    def again(self) -> list[str]:
        """The variables that hooks are given again after it, besides its targets."""
        return [n for n in self.passed if n not in self.targets] if self.looks else []

    @property
    def reads(self) -> list[Read]:
        """The variables that it reads, in order."""
        return [i for i in self.items if type(i) is Read]


@dataclass(slots=True, eq=False)
class Capture:
    """An expression whose value is taken when it is evaluated.

    A capture that is not `shown` only marks that its expression ran.
    """

    statement: int
    key: int
    shown: bool = True
    guarded: bool = False  # whether its expression is evaluated only under a condition


@dataclass(slots=True, eq=False)
class Told:
    """A part of a comprehension, a generator expression or a lambda, told each time that it runs.

    It is told as ``source = value`` before the capture `chunk` of its statement, or (-1) at the
    end. `binds` are names that have been bound just before it is evaluated, told first.
    """

    statement: int
    source: str = ""  # "" if its own value is not told
    binds: tuple[str, ...] = ()
    chunk: int = -1


@dataclass(slots=True, eq=False)
class Scope:
    """A function, a class body or the module: where names live."""

    id: int
    node: ScopeNode
    name: str
    kind: str  # function, class, module
    source: SourceText
    params: list[str] = field(default_factory=list)
    receiver: str | None = None  # the `self` of a method, or of the one around that it uses
    method: bool = False
    outer: "Scope | None" = None  # the scope around it whose names it sees
    place: Statement | None = None  # its definition
    names: set[str] = field(default_factory=set)  # names bound in this scope
    definitions: set[str] = field(default_factory=set)  # names bound by def, class and import only
    foreign: set[str] = field(default_factory=set)  # declared global or nonlocal
    body: list[Statement] = field(default_factory=list)
    returns: int = 2  # number of the Return section
    order: list[str] = field(default_factory=list)  # bound names by first appearance
    first_lines: dict[str, int] = field(default_factory=dict)  # on which they are bound first
    outer_names: list[str] = field(default_factory=list)  # data of functions around it that it uses
    globals: list[str] = field(default_factory=list)  # data of the module that it uses
    paths: list[str] = field(default_factory=list)  # attributes of classes and functions it uses

    def home(self, name: str) -> "Scope | None":
        """Return the scope in which a name is looked up; None if it is bound in none of them."""
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.outer
        return scope

    def hides(self, name: str) -> bool:
        """Tell whether a name that it sees is no state: a function, a class, a module."""
        home = self.home(name)
        return hasattr(builtins, name) if home is None else name in home.definitions


@dataclass(slots=True, eq=False)
class Module:
    """The plan of a whole module."""

    source: SourceText
    tree: ast.Module
    effects: Effects
    statements: list[Statement] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    captures: dict[ast.expr, Capture] = field(default_factory=dict)
    keys: dict[ast.expr, Key] = field(default_factory=dict)  # of places
    detailed: bool = False  # whether `details` of statements and what is `told` are planned
    told: dict[ast.expr, Told] = field(default_factory=dict)
    scope_of: dict[ScopeNode, Scope] = field(default_factory=dict)
    plan_of: dict[ast.stmt, Statement] = field(default_factory=dict)

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
        if any(attribute in text for text in (*_stated(statement), *statement.attributes)):
            return False
    changed = {n for s in group for n in changed_by(s)}
    about = {*changed_by(statement), *(read.name for read in statement.reads)}
    about.update(i.source.partition(".")[0] for i in statement.items if type(i) is Worked)
    if statement.literal and statement.attributes:
        # Its recital could be taken for a state among those of the group.
        changed.update(statement.attributes)
        about.update(name for s in group for name in _stated(s))
    return changed.isdisjoint(about)


def _stated(s: Statement) -> list[str]:
    """Return whose values are stated before a statement."""
    return [item.name if isinstance(item, Read) else item.source for item in s.items]


def changed_by(s: Statement) -> list[str]:
    """Return the variables that a statement assigns or changes in place itself."""
    return [*s.targets, *s.touched, *(name for name, _ in s.bound_inside)]


def has_docstring(node: ScopeNode) -> bool:
    """Tell whether a scope begins with a docstring."""
    return ast.get_docstring(node, clean=False) is not None
