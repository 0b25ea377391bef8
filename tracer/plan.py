"""The plan of a rule: what each of its statements reads, works out and changes.

`plan_module` walks the syntax tree of a module once. For every statement it makes a `Statement`:
the text that is recited, the items stated before (variables read, sub-expressions worked out, in
the order in which Python evaluates them), the names changed after, and where the statement stands
(function, section, block). Both back ends and every style work from this plan and nothing else.

An *item* is a `Read` (the value of a variable before the statement) or a `Worked` sub-expression.
Some are evaluated only under a condition (`b` in ``a and b``): their `guard` is the key of the
capture whose presence tells that the condition held.
"""

import ast
import builtins
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from .source import SourceText, children, walk

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
ScopeNode: TypeAlias = FunctionNode | ast.ClassDef | ast.Module
Loop: TypeAlias = ast.While | ast.For | ast.AsyncFor

PURE_BUILTINS = frozenset(
    "abs all any ascii bin bool bytes chr complex dict divmod enumerate filter float format"
    " frozenset hash hex id int isinstance issubclass len list map max min oct ord pow range"
    " repr reversed round set slice sorted str sum tuple type zip".split()
)
PURE_METHODS = frozenset(
    "capitalize casefold center count encode endswith expandtabs find format index isalnum"
    " isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace"
    " istitle isupper join ljust lower lstrip partition removeprefix removesuffix replace rfind"
    " rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title"
    " translate upper zfill bit_length bit_count get keys values items copy union intersection"
    " difference symmetric_difference issubset issuperset isdisjoint most_common elements"
    " decode hex is_integer".split()
)
MUTATING_METHODS = frozenset(
    "append appendleft extend extendleft insert remove pop popleft popitem clear sort reverse"
    " add discard update setdefault rotate intersection_update difference_update"
    " symmetric_difference_update".split()
)


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
    items: list[Item] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)  # variables it changes in place itself
    watched: list[str] = field(default_factory=list)  # variables that may have changed
    equation: tuple[Operand, ...] = ()
    constant: bool = False
    mutates: bool = False
    calls: bool = False
    pauses: bool = False
    elif_: bool = False
    section: int = 0
    title: str = ""
    body: list["Statement"] = field(default_factory=list)
    orelse: list["Statement"] = field(default_factory=list)
    handlers: list[list["Statement"]] = field(default_factory=list)
    finalbody: list["Statement"] = field(default_factory=list)
    captures: int = 0

    @property
    def simple(self) -> bool:
        """Tell whether it may share a recital: it assigns or mutates and runs no other rule."""
        return self.kind in ("assign", "augassign", "expr") and not (self.calls or self.pauses)

    @property
    def early(self) -> list[Read]:
        """The reads whose values are taken just before the statement, in order."""
        return [i for i in self.items if type(i) is Read and i.early]

    @property
    def rebinds(self) -> bool:
        """Tell whether it changes an object in place only if its target holds a mutable one."""
        return self.kind == "augassign" and isinstance(self.node.target, ast.Name)  # type: ignore[attr-defined]

    @property
    def loop(self) -> bool:
        """Tell whether the statement is a loop."""
        return self.kind in ("while", "for")


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
    outer: "Scope | None" = None  # the scope around it whose names it sees
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


def plan_module(text: str, filename: str = "<rule>") -> Module:
    """Parse `text` and plan every statement in it. Raises SyntaxError."""
    tree = ast.parse(text, filename)
    with room():
        return _Planner(SourceText(text), tree).module()


@contextmanager
def room() -> Iterator[None]:
    """Let the walks over a tree go as deep as Python's own parser and compiler do."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(limit + 20_000)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


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
    changed = {n for s in group for n in (*s.targets, *s.touched)}
    read = {i.name for i in statement.items if type(i) is Read}
    return changed.isdisjoint(read) and changed.isdisjoint((*statement.targets, *statement.touched))


class _Planner:
    """Walks the tree once, scope by scope, keeping the names that are surely bound."""

    def __init__(self, source: SourceText, tree: ast.Module) -> None:
        self.source = source
        self.tree = tree
        self.statements: list[Statement] = []
        self.scopes: list[Scope] = []
        self.captures: dict[ast.expr, Capture] = {}
        self.scope_of: dict[ScopeNode, Scope] = {}
        self.plan_of: dict[ast.stmt, Statement] = {}
        self.blocks = 0
        self.unbound: set[str] = set()  # names that del or the end of a handler unbinds, anywhere
        self.nonlocals = False
        self.defined: set[str] = set()  # names of functions and classes anywhere in the module
        self.methods: set[str] = set()
        self.imported: set[str] = set()
        self.dynamic = False  # operators and loops may run functions of the module
        for node in walk(tree):
            if type(node) in _TELLING:
                self.look(node)

    def look(self, node: ast.AST) -> None:
        """Take a fact about the whole module from one of its nodes."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self.defined.add(node.name)
        elif isinstance(node, ast.ClassDef):
            self.dynamic = True
            self.defined.add(node.name)
            functions = (ast.FunctionDef, ast.AsyncFunctionDef)
            self.methods.update(n.name for n in node.body if isinstance(n, functions))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self.imported.update((a.asname or a.name).split(".")[0] for a in node.names)
        elif isinstance(node, ast.Delete):
            self.unbound.update(n.id for n in walk(*node.targets) if isinstance(n, ast.Name))
        elif isinstance(node, ast.ExceptHandler):
            self.unbound.add(node.name or "")
        elif isinstance(node, ast.Nonlocal):
            self.nonlocals = True
        else:  # a generator or a coroutine
            self.dynamic = True

    def module(self) -> Module:
        self.scope(self.tree, "<module>", "module", None)
        return Module(
            self.source,
            self.tree,
            self.statements,
            self.scopes,
            self.captures,
            self.scope_of,
            self.plan_of,
        )

    # Scopes

    def scope(self, node: ScopeNode, name: str, kind: str, outer: Scope | None) -> Scope:
        around = outer
        while around is not None and around.kind == "class":
            around = around.outer
        scope = Scope(len(self.scopes), node, name, kind, self.source, outer=around)
        self.scopes.append(scope)
        self.scope_of[node] = scope
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            a = node.args
            arguments = [*a.posonlyargs, *a.args]
            arguments += [a.vararg] if a.vararg else []
            arguments += a.kwonlyargs
            arguments += [a.kwarg] if a.kwarg else []
            scope.params = [p.arg for p in arguments]
            static = any(
                isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list
            )
            in_class = outer is not None and outer.kind == "class" and not static
            if scope.params and (in_class or scope.params[0] == "self"):
                scope.receiver = scope.params[0]
        _Names(scope).collect(node)
        scope.unsteady, scope.shared = self.unbound, self.nonlocals
        body = node.body
        start = 1 if has_docstring(node) else 0
        bound = set(scope.params)
        counter = [1]
        scope.body = self.block(body[start:], scope, None, bound, counter, node)
        scope.returns = counter[0] + 1
        return scope

    def block(
        self,
        nodes: Sequence[ast.stmt],
        scope: Scope,
        parent: Statement | None,
        bound: set[str],
        counter: list[int],
        above: ast.AST,
    ) -> list[Statement]:
        """Plan the statements of a block; `bound` becomes the names bound after it."""
        planned = []
        last = getattr(above, "lineno", 0)
        self.blocks += 1
        block = self.blocks
        for node in nodes:
            title = self.source.comment_above(node.lineno, last)
            planned.append(self.statement(node, scope, parent, block, bound, counter, title))
            last = node.end_lineno or node.lineno
        return planned

    # Statements

    def statement(
        self,
        node: ast.stmt,
        scope: Scope,
        parent: Statement | None,
        block: int,
        bound: set[str],
        counter: list[int],
        title: str,
    ) -> Statement:
        kind = _KINDS.get(type(node), type(node).__name__.lower())
        s = Statement(len(self.statements), kind, node, scope, parent, block, "", node.lineno)
        self.statements.append(s)
        self.plan_of[node] = s
        if title or s.loop:
            counter[0] += 1
            s.section, s.title = counter[0], title
        s.source = self.recital(node)
        _Items(self, s, bound).plan()
        self.children(s, bound, counter)
        return s

    def recital(self, node: ast.stmt) -> str:
        if isinstance(node, ast.While | ast.If):
            return self.source.header(node, node.test)
        if isinstance(node, ast.For | ast.AsyncFor):
            return self.source.header(node, node.iter)
        if isinstance(node, ast.With | ast.AsyncWith):
            item = node.items[-1]
            return self.source.header(node, item.optional_vars or item.context_expr)
        if isinstance(node, ast.Match):
            return self.source.header(node, node.subject)
        if isinstance(node, ast.Try | ast.TryStar):
            return "try:"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return self.source.lines[node.lineno - 1].strip()
        return self.source.statement(node)

    def children(self, s: Statement, bound: set[str], counter: list[int]) -> None:
        """Plan the blocks inside a statement and the names bound after it."""
        node, scope = s.node, s.scope
        if isinstance(node, ast.If):
            self.branches(s, node.body, node.orelse, bound, counter)
            if s.orelse and isinstance(node.orelse[0], ast.If) and len(node.orelse) == 1:
                s.orelse[0].elif_ = self.source.starts_with_elif(node.orelse[0])
        elif isinstance(node, ast.While | ast.For | ast.AsyncFor):
            inside = set(bound)
            if isinstance(node, ast.For | ast.AsyncFor):
                inside |= set(s.targets)
            s.body = self.block(node.body, scope, s, inside, counter, node)
            s.orelse = self.block(node.orelse, scope, s, set(bound), counter, node)
        elif isinstance(node, ast.With | ast.AsyncWith):
            inside = bound | set(s.targets)
            s.body = self.block(node.body, scope, s, inside, counter, node)
            # The block may have been left by an exception that the context manager swallows.
        elif isinstance(node, ast.Try | ast.TryStar):
            self.attempt(s, node, bound, counter)
        elif isinstance(node, ast.Match):
            for case in node.cases:
                inside = bound | (set(pattern_names(case.pattern)) - scope.unsteady)
                s.handlers.append(self.block(case.body, scope, s, inside, counter, case.pattern))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self.scope(node, node.name, "function", scope)
            bound.add(node.name)
        elif isinstance(node, ast.ClassDef):
            self.scope(node, node.name, "class", scope)
            bound.add(node.name)
        else:
            bound.update(s.targets)
        bound -= scope.unsteady

    def branches(
        self,
        s: Statement,
        body: Sequence[ast.stmt],
        orelse: Sequence[ast.stmt],
        bound: set[str],
        counter: list[int],
    ) -> None:
        yes, no = set(bound), set(bound)
        s.body = self.block(body, s.scope, s, yes, counter, s.node)
        s.orelse = self.block(orelse, s.scope, s, no, counter, body[-1])
        ends = [b for b, block in ((yes, s.body), (no, s.orelse)) if not _leaves(block)]
        bound.clear()
        bound.update(set.intersection(*ends) if ends else yes | no)

    def attempt(
        self, s: Statement, node: ast.Try | ast.TryStar, bound: set[str], counter: list[int]
    ) -> None:
        yes = set(bound)
        s.body = self.block(node.body, s.scope, s, yes, counter, node)
        s.orelse = self.block(node.orelse, s.scope, s, yes, counter, node.body[-1])
        ends = [] if _leaves(s.body) or _leaves(s.orelse) else [yes]
        for handler in node.handlers:
            caught = set(bound)
            s.handlers.append(self.block(handler.body, s.scope, s, caught, counter, handler))
            if not _leaves(s.handlers[-1]):
                ends.append(caught)
        final = set(bound)
        s.finalbody = self.block(node.finalbody, s.scope, s, final, counter, node)
        bound.update(final)
        if ends:
            bound.update(set.intersection(*ends))

    # What a call may do

    def call_effect(self, call: ast.Call) -> str:
        """Return ``pure``, ``receiver`` (may change what it is called on), ``any`` or ``rule``.

        ``rule`` is a call that may run functions of the module itself.
        """
        function = call.func
        if isinstance(function, ast.Name):
            name = function.id
            if name in self.defined or not hasattr(builtins, name):
                return "rule"
            if self.dynamic or name in _RUNS_RULES or _passes_function(call, self.defined):
                return "rule"
            return "pure" if name in PURE_BUILTINS else "any"
        if isinstance(function, ast.Attribute) and not self.dynamic:
            if function.attr in self.methods:
                return "rule"
            if _passes_function(call, self.defined):
                return "rule"
            base = function.value
            if isinstance(base, ast.Name) and base.id in self.imported:
                return "any"
            if function.attr in PURE_METHODS:
                return "pure"
            return "receiver" if function.attr in MUTATING_METHODS else "any"
        return "rule"


_TELLING = {
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Delete,
    ast.ExceptHandler, ast.Nonlocal, ast.Yield, ast.YieldFrom, ast.Await,
}  # fmt: skip
_BINDING = {
    ast.Name, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom,
    ast.MatchAs, ast.MatchStar, ast.MatchMapping, ast.Global, ast.Nonlocal,
}  # fmt: skip
_ACTING = {
    ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Subscript, ast.Attribute,
    ast.BinOp, ast.Compare, ast.UnaryOp,
}  # fmt: skip
_KINDS: dict[type[ast.stmt], str] = {
    ast.AsyncFor: "for",
    ast.AsyncWith: "with",
    ast.AsyncFunctionDef: "def",
    ast.FunctionDef: "def",
    ast.ClassDef: "class",
    ast.AnnAssign: "assign",
    ast.ImportFrom: "import",
    ast.TryStar: "try",
    ast.Nonlocal: "global",
    ast.Delete: "del",
}
_RUNS_RULES = frozenset("eval exec next iter getattr setattr delattr super".split())


def _passes_function(call: ast.Call, defined: set[str]) -> bool:
    """Tell whether a function of the module is among the arguments (``sorted(a, key=rank)``)."""
    arguments = [*call.args, *(k.value for k in call.keywords)]
    return any(
        isinstance(n, ast.Lambda) or (isinstance(n, ast.Name) and n.id in defined)
        for a in arguments
        for n in walk(a)
    )


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


def _leaves(block: Sequence[Statement]) -> bool:
    """Tell whether control never reaches the end of a block."""
    if not block:
        return False
    last = block[-1]
    if last.kind in ("return", "raise", "break", "continue"):
        return True
    return last.kind == "if" and bool(last.orelse) and _leaves(last.body) and _leaves(last.orelse)


class _Names:
    """Collects the names that a scope binds, in order, and those that can become unbound."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def collect(self, node: ScopeNode) -> None:
        scope = self.scope
        found: list[tuple[int, int, str]] = []
        definitions: set[str] = set()
        for child in _below(node):
            kind = type(child)
            if kind not in _BINDING or (kind is ast.Name and type(child.ctx) is not ast.Store):  # type: ignore[attr-defined]
                continue
            at = (getattr(child, "lineno", 0), getattr(child, "col_offset", 0))
            if isinstance(child, ast.Name):
                found.append((*at, child.id))
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                definitions.add(child.name)
            elif isinstance(child, ast.Import | ast.ImportFrom):
                definitions.update((a.asname or a.name).split(".")[0] for a in child.names)
            elif isinstance(child, ast.MatchAs | ast.MatchStar) and child.name:
                found.append((*at, child.name))
            elif isinstance(child, ast.MatchMapping) and child.rest:
                found.append((*at, child.rest))
            elif isinstance(child, ast.Global | ast.Nonlocal):
                scope.foreign.update(child.names)
        scope.order = list(dict.fromkeys([*scope.params, *(n for *_, n in sorted(found))]))
        scope.order = [n for n in scope.order if n not in scope.foreign]
        scope.names = set(scope.order) | definitions - scope.foreign
        scope.definitions = definitions - set(scope.order)


def _below(node: ScopeNode) -> list[ast.AST]:
    """Return the nodes below `node` that belong to the same scope."""
    found: list[ast.AST] = list(node.body)
    for child in found:
        if type(child) not in _SCOPES:
            found += children(child)
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            found += [*child.decorator_list, *child.args.defaults]
            found += [d for d in child.args.kw_defaults if d]
        elif isinstance(child, ast.ClassDef):
            found += [*child.decorator_list, *child.bases]
    return found


_SCOPES = {ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda}


class _Items:
    """Finds what one statement reads, works out and changes, in the order of evaluation."""

    def __init__(self, planner: _Planner, s: Statement, bound: set[str]) -> None:
        self.planner = planner
        self.s = s
        self.bound = bound
        self.guard: int | None = None
        self.reads: dict[str, Read] = {}
        self.stable = True  # no evaluation in the statement can change a variable that it reads
        self.inside = s.scope.kind == "function"
        self.nodes = walk(*_own_expressions(s.node))

    def plan(self) -> None:
        node = self.s.node
        self.effects(node)
        handler = getattr(self, _HANDLERS[type(node)], None)
        if handler is not None:
            handler(node)
        self.watch(node)

    # Statements

    def plan_Assign(self, node: ast.Assign) -> None:
        self.value(node.value)
        for target in node.targets:
            self.target(target)
        names = all(isinstance(t, ast.Name) for t in node.targets)
        self.s.constant = names and _is_constant(node.value)
        self.equate(node.value)

    def plan_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is None:
            self.s.kind = "annotation"
            return
        self.value(node.value)
        self.target(node.target)
        self.s.constant = isinstance(node.target, ast.Name) and _is_constant(node.value)
        self.equate(node.value)

    def plan_AugAssign(self, node: ast.AugAssign) -> None:
        self.expression(node.value)
        target = node.target
        if isinstance(target, ast.Name):
            if self.inside:
                self.read(target, first=True)
            self.s.targets.append(target.id)
            left = self.reads.get(target.id)
            if left is not None and left.early and self.stable:
                self.s.equation = (left, f" {_OPERATORS[type(node.op)]} ", self.operand(node.value))
        else:
            self.target(target)

    def plan_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.value(node.value)

    def plan_Return(self, node: ast.Return) -> None:
        if node.value is not None:
            self.expression(node.value)

    def plan_If(self, node: ast.If) -> None:
        self.test(node.test)

    def plan_While(self, node: ast.While) -> None:
        self.test(node.test)

    def plan_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.expression(node.iter, show=not isinstance(node.iter, ast.Call))
        self.s.targets += _names_in(node.target)

    plan_AsyncFor = plan_For

    def plan_With(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self.expression(item.context_expr, show=False)
            if item.optional_vars is not None:
                self.s.targets += _names_in(item.optional_vars)

    plan_AsyncWith = plan_With

    def plan_Match(self, node: ast.Match) -> None:
        self.expression(node.subject)

    def plan_Assert(self, node: ast.Assert) -> None:
        # A comparison stays as it is: on 3.11 its place is the line of a failing assertion.
        self.test(node.test, relation=False)

    def plan_Raise(self, node: ast.Raise) -> None:
        if node.exc is not None:
            self.expression(node.exc, show=False)

    def plan_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self.target(target)

    def plan_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.s.targets += [(a.asname or a.name).split(".")[0] for a in node.names if a.name != "*"]

    plan_ImportFrom = plan_Import

    def target(self, node: ast.expr) -> None:
        """Plan a place that is assigned to or deleted."""
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store) and node.id not in self.s.targets:
                self.s.targets.append(node.id)
        elif isinstance(node, ast.Tuple | ast.List):
            for element in node.elts:
                self.target(element)
        elif isinstance(node, ast.Starred):
            self.target(node.value)
        elif isinstance(node, ast.Attribute):
            self.place(node.value)
        elif isinstance(node, ast.Subscript):
            self.place(node.value)
            self.expression(node.slice)

    def place(self, node: ast.expr) -> None:
        """Plan the object whose part is assigned to."""
        if isinstance(node, ast.Name):
            self.read(node)
            self.touch(node.id)
        elif isinstance(node, ast.Attribute | ast.Subscript):
            self.place(node.value)
            if isinstance(node, ast.Subscript):
                self.expression(node.slice)
        else:
            self.expression(node)

    # Expressions

    def value(self, node: ast.expr) -> None:
        """Plan an expression whose own value is stated elsewhere, as what a name becomes."""
        self.expression(node, show=isinstance(node, ast.Attribute))

    def test(self, node: ast.expr, relation: bool = True) -> None:
        """Plan a condition: its truth is the outcome, so only what it compares is stated."""
        if isinstance(node, ast.BoolOp):
            self.test(node.values[0], relation)
            for operand in node.values[1:]:
                self.guarded(operand, test=True)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self.test(node.operand, relation)
        elif isinstance(node, ast.Compare):
            self.compare(node, relation and len(node.ops) == 1)
        elif not isinstance(node, ast.Name):
            self.expression(node)
        else:
            self.read(node)

    def compare(self, node: ast.Compare, relation: bool = False) -> None:
        self.expression(node.left)
        self.expression(node.comparators[0])
        for comparator in node.comparators[1:]:
            self.guarded(comparator)
        if relation and not isinstance(node.left, ast.Name | ast.Constant):
            # The truth of the comparison decides how the relation is stated.
            key = self.capture(node, shown=True)
            self.s.items.append(
                Relation(
                    self.source(node.left),
                    self.operand(node.left),
                    _RELATIONS[type(node.ops[0])],
                    self.operand(node.comparators[0]),
                    key,
                    self.substitution(node.left),
                )
            )

    def guarded(self, node: ast.expr, test: bool = False, show: bool = True) -> None:
        """Plan an expression that is evaluated only under a condition."""
        outer, seen = self.guard, len(self.s.items)
        key = self.guard = self.capture(node, shown=False)
        self.planner.captures[node].guarded = True
        if test:
            self.test(node)
        else:
            self.expression(node, show=show)
        self.guard = outer
        if len(self.s.items) == seen and not self.planner.captures[node].shown:
            del self.planner.captures[node]
            assert key is not None

    def expression(self, node: ast.expr, show: bool = True) -> None:
        """Plan an expression; `show` states its own value too, unless it is trivial."""
        handler = getattr(self, _HANDLERS[type(node)], None)
        if handler is None:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.expression(child)
        else:
            show = handler(node, show) is not False and show
            if show:
                self.s.items.append(Worked(self.capture(node), self.source(node)))

    def visit_Constant(self, node: ast.Constant, show: bool) -> bool:
        return False

    def visit_Name(self, node: ast.Name, show: bool) -> bool:
        self.read(node)
        return False

    def visit_List(self, node: ast.List | ast.Tuple | ast.Set, show: bool) -> bool:
        for element in node.elts:
            self.expression(element)
        return False

    visit_Tuple = visit_Set = visit_List

    def visit_Dict(self, node: ast.Dict, show: bool) -> bool:
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                self.expression(key)
            self.expression(value)
        return False

    def visit_Starred(self, node: ast.Starred, show: bool) -> bool:
        self.expression(node.value)
        return False

    def visit_Slice(self, node: ast.Slice, show: bool) -> bool:
        for part in (node.lower, node.upper, node.step):
            if part is not None:
                self.expression(part)
        return False

    def visit_BinOp(self, node: ast.BinOp, show: bool) -> None:
        self.expression(node.left)
        self.expression(node.right)

    def visit_UnaryOp(self, node: ast.UnaryOp, show: bool) -> bool:
        self.expression(node.operand)
        return not isinstance(node.operand, ast.Constant)

    def visit_BoolOp(self, node: ast.BoolOp, show: bool) -> None:
        self.expression(node.values[0])
        for operand in node.values[1:]:
            self.guarded(operand)

    def visit_Compare(self, node: ast.Compare, show: bool) -> None:
        self.compare(node)

    def visit_IfExp(self, node: ast.IfExp, show: bool) -> None:
        self.test(node.test)
        self.guarded(node.body, show=False)
        self.guarded(node.orelse, show=False)

    def visit_Subscript(self, node: ast.Subscript, show: bool) -> None:
        self.expression(node.value)
        self.expression(node.slice)

    def visit_Attribute(self, node: ast.Attribute, show: bool) -> None:
        base: ast.expr = node
        while isinstance(base, ast.Attribute):
            base = base.value
        if not isinstance(base, ast.Name):
            self.expression(base)

    def visit_Call(self, node: ast.Call, show: bool) -> None:
        function = node.func
        if isinstance(function, ast.Attribute):
            base = function.value
            if not (isinstance(base, ast.Name) and self.hidden(base.id)):
                self.expression(base)
            if isinstance(base, ast.Name) and self.planner.call_effect(node) != "pure":
                self.touch(base.id)
        elif not isinstance(function, ast.Name):
            self.expression(function)
        for argument in node.args:
            self.expression(argument)
        for keyword in node.keywords:
            self.expression(keyword.value)

    def visit_NamedExpr(self, node: ast.NamedExpr, show: bool) -> bool:
        self.expression(node.value, show=False)
        key = self.capture(node)
        self.s.items.append(Worked(key, node.target.id))
        return False

    def visit_Lambda(self, node: ast.Lambda, show: bool) -> bool:
        return False

    def visit_JoinedStr(self, node: ast.JoinedStr, show: bool) -> None:
        self.free_reads(node)

    def visit_ListComp(self, node: ast.expr, show: bool) -> None:
        self.free_reads(node)

    visit_SetComp = visit_DictComp = visit_ListComp

    def visit_GeneratorExp(self, node: ast.GeneratorExp, show: bool) -> bool:
        self.free_reads(node)
        return False

    def visit_Await(self, node: ast.Await, show: bool) -> None:
        self.expression(node.value)

    def visit_Yield(self, node: ast.Yield, show: bool) -> bool:
        if node.value is not None:
            self.expression(node.value)
        return node.value is None

    def visit_YieldFrom(self, node: ast.YieldFrom, show: bool) -> bool:
        self.expression(node.value)
        return False

    def touch(self, name: str) -> None:
        if name not in self.s.touched and not self.hidden(name):
            self.s.touched.append(name)

    def free_reads(self, node: ast.expr) -> None:
        """State the variables that an expression with a scope of its own reads from outside."""
        inner = {
            n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        inner |= {n.arg for n in walk(node) if isinstance(n, ast.arg)}
        called = {
            n.func for n in walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
        names = [
            n
            for n in walk(node)
            if isinstance(n, ast.Name) and n.id not in inner and n not in called
        ]
        for name in sorted(names, key=lambda n: (n.lineno, n.col_offset)):
            if self.is_early(name.id):
                self.read(name)

    # Names

    def hidden(self, name: str) -> bool:
        """Tell whether a name's value is no state: a function, a class, a module, `self`."""
        scope: Scope | None = self.s.scope
        if scope is not None and name == scope.receiver:
            return True
        while scope is not None:
            if name in scope.names:
                return name in scope.definitions
            scope = scope.outer
        return hasattr(builtins, name)

    def is_early(self, name: str) -> bool:
        scope = self.s.scope
        return self.inside and name in self.bound and name in scope.names and not self.hidden(name)

    def read(self, node: ast.Name, first: bool = False) -> None:
        """State the variable `node` as read.

        `first` says that the statement reads it before anything else: if it is unbound, taking
        its value early raises what the statement would have raised.
        """
        name = node.id
        if self.hidden(name):
            return
        early = self.is_early(name) or (first and self.inside)
        if not early:
            self.capture(node, name=name)
        known = self.reads.get(name)
        if known is None:
            index = -1
            if early:
                index = sum(1 for r in self.reads.values() if r.early)
            self.reads[name] = Read(name, early, self.guard, index)
            self.s.items.append(self.reads[name])
        elif self.guard is None and early:
            known.guard = None

    def capture(self, node: ast.expr, name: str | None = None, shown: bool = True) -> int:
        known = self.planner.captures.get(node)
        if known is not None:
            known.shown = known.shown or shown
            known.name = known.name or name
            return known.key
        key = self.s.captures
        self.s.captures += 1
        guarded = self.guard is not None
        self.planner.captures[node] = Capture(self.s.id, key, name, shown, guarded)
        return key

    # Equations

    def operand(self, node: ast.expr) -> Operand:
        """Return where the value of an operand comes from."""
        if isinstance(node, ast.Constant) or _is_constant(node):
            return self.source(node)
        if isinstance(node, ast.Name):
            known = self.reads.get(node.id)
            if known is not None and known.early and self.stable:
                return known
        return Worked(self.capture(node), self.source(node))

    def equate(self, value: ast.expr) -> None:
        """Give an assignment of ``a op b`` its equation: the operands with values put in."""
        targets = self.s.targets
        if isinstance(value, ast.BinOp) and len(targets) == 1 and not self.s.constant:
            self.s.equation = self.substitution(value)

    def substitution(self, node: ast.expr) -> tuple[Operand, ...]:
        """Return an operation with its operands' values put in; empty if there is none."""
        if not isinstance(node, ast.BinOp):
            return ()
        left, right = self.operand(node.left), self.operand(node.right)
        if isinstance(node.op, ast.Pow):
            return (_POWER, left, f" {_OPERATORS[type(node.op)]} ", right)
        return (left, f" {_OPERATORS[type(node.op)]} ", right)

    # Effects

    def effects(self, node: ast.stmt) -> None:
        """Find out what the statement's own expressions may change besides its targets."""
        s, planner = self.s, self.planner
        impure = False
        for n in self.nodes:
            if type(n) not in _ACTING:
                continue
            if isinstance(n, ast.Call):
                effect = planner.call_effect(n)
                impure = impure or effect != "pure"
                s.calls = s.calls or effect == "rule"
                s.mutates = s.mutates or effect != "pure"
            elif isinstance(n, ast.Await | ast.Yield | ast.YieldFrom):
                s.pauses = s.mutates = True
            elif isinstance(n, ast.NamedExpr):
                self.stable = False
            elif isinstance(n, ast.Subscript | ast.Attribute):
                if not isinstance(n.ctx, ast.Load) or planner.dynamic:
                    s.mutates = True
                elif isinstance(n, ast.Attribute) and n.attr not in PURE_METHODS:
                    s.mutates = True  # a method that may be called elsewhere
            elif planner.dynamic and isinstance(n, ast.BinOp | ast.Compare | ast.UnaryOp):
                s.mutates = True
        if isinstance(node, ast.AugAssign | ast.AsyncFor | ast.AsyncWith | ast.With):
            s.mutates = True
        if isinstance(node, ast.AsyncFor | ast.AsyncWith):
            s.pauses = True
        if isinstance(node, ast.For | ast.Match | ast.With) and planner.dynamic:
            s.calls = s.mutates = True
        in_place = s.mutates and not s.rebinds
        if in_place and (planner.dynamic or s.pauses or impure):
            self.stable = False

    def watch(self, node: ast.stmt) -> None:
        """Choose the variables that are looked at after the statement for changes."""
        s = self.s
        if not self.inside or s.kind in ("def", "class", "import", "return", "raise", "global"):
            return
        read = [
            i.name
            for i in s.items
            if type(i) is Read and i.guard is None and i.name not in s.targets
        ]
        if isinstance(node, ast.Delete):
            gone = {t.id for t in node.targets if isinstance(t, ast.Name)}
            read = [n for n in read if n not in gone]
        if s.mutates:
            others = [
                n
                for n in s.scope.order
                if n in self.bound
                and n not in s.targets
                and n not in read
                and not self.planner_hides(n)
            ]
            s.watched = [*read, *others]
            receiver = s.scope.receiver
            if receiver is not None and receiver in self.bound and receiver not in s.targets:
                s.watched.append(receiver)

    def planner_hides(self, name: str) -> bool:
        return self.hidden(name) or name in self.s.scope.unsteady

    def source(self, node: ast.expr) -> str:
        return self.planner.source.expression(node)


_POWER = "\0"  # marks that a negative left operand wants parentheses
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitXor: "^",
    ast.BitAnd: "&", ast.MatMult: "@",
}  # fmt: skip
_RELATIONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


def _is_constant(node: ast.expr) -> bool:
    """Tell whether an expression is a literal that states its own value."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        return isinstance(node.operand, ast.Constant)
    if isinstance(node, ast.List | ast.Tuple):
        return all(map(_is_constant, node.elts))
    if isinstance(node, ast.Set):
        return False
    if isinstance(node, ast.Dict):
        return all(k is not None and _is_constant(k) for k in node.keys) and all(
            map(_is_constant, node.values)
        )
    return False


def _names_in(node: ast.expr) -> list[str]:
    """Return the names that a target binds, in order."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Starred):
        return _names_in(node.value)
    if isinstance(node, ast.Tuple | ast.List):
        return [n for e in node.elts for n in _names_in(e)]
    return []


def _own_expressions(node: ast.stmt) -> list[ast.expr]:
    """Return the expressions of a statement itself, not those of the blocks inside it."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return []
    found: list[ast.expr] = []
    for _, value in ast.iter_fields(node):
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.expr):
                found.append(part)
            elif isinstance(part, ast.withitem):
                found.append(part.context_expr)
                if part.optional_vars is not None:
                    found.append(part.optional_vars)
    return found


class _Handlers(dict[type, str]):
    """The names of the methods that plan a kind of node, made when first asked for."""

    def __missing__(self, kind: type) -> str:
        prefix = "plan_" if issubclass(kind, ast.stmt) else "visit_"
        name = self[kind] = prefix + kind.__name__
        return name


_HANDLERS = _Handlers()
