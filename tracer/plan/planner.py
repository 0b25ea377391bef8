"""Makes the plan of a module: one walk over its tree, scope by scope, block by block."""

import ast
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from .effects import Effects
from .reads import Items, is_hidden
from .source import SourceText
from .statements import (
    Capture,
    FunctionNode,
    Key,
    Module,
    Scope,
    ScopeNode,
    Statement,
    has_docstring,
    pattern_names,
)


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


class _Planner:
    """Walks the tree once, scope by scope, keeping the names that are surely bound."""

    def __init__(self, source: SourceText, tree: ast.Module) -> None:
        self.source = source
        self.tree = tree
        self.statements: list[Statement] = []
        self.scopes: list[Scope] = []
        self.captures: dict[ast.expr, Capture] = {}
        self.keys: dict[ast.expr, Key] = {}
        self.scope_of: dict[ScopeNode, Scope] = {}
        self.plan_of: dict[ast.stmt, Statement] = {}
        self.blocks = 0
        self.effects = Effects(tree)

    def module(self) -> Module:
        self.scope(self.tree, "<module>", "module", None)
        return Module(
            self.source,
            self.tree,
            self.statements,
            self.scopes,
            self.captures,
            self.keys,
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
        if isinstance(node, _FUNCTIONS):
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
            scope.method = in_class
            if scope.params and (in_class or scope.params[0] == "self"):
                scope.receiver = scope.params[0]
        _collect_names(scope, self.effects.binding[node])
        scope.unsteady, scope.shared = self.effects.unbound, self.effects.nonlocals
        if kind == "function":
            self.used(scope)
        body = node.body
        start = 1 if has_docstring(node) else 0
        bound = set(scope.params) - scope.unsteady
        counter = [1]
        scope.body = self.block(body[start:], scope, None, bound, counter, node)
        scope.returns = counter[0] + 1
        return scope

    def used(self, scope: Scope) -> None:
        """Find the state from outside that a function uses, and attributes with own names."""
        for node in self.effects.using[scope.node]:
            if isinstance(node, ast.Attribute):
                base = node.value
                if not isinstance(base, ast.Name):
                    continue
                if base.id not in self.effects.imported:
                    scope.paths.append(f"{base.id}.{node.attr}")
            elif node.id not in scope.names and not is_hidden(node.id, scope):
                around = scope.outer
                while around is not None and node.id not in around.names:
                    around = around.outer
                outer = around is not None and around.kind == "function"
                (scope.outer_names if outer else scope.globals).append(node.id)
        for names in (scope.paths, scope.outer_names, scope.globals):
            names[:] = dict.fromkeys(names)

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
            if self.source.notes:
                planned[-1].notes = self.source.notes_above(node, last)
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
        loop = kind in ("while", "for")
        s = Statement(len(self.statements), kind, node, scope, parent, block, "", node.lineno, loop)
        self.statements.append(s)
        self.plan_of[node] = s
        if title or s.loop:
            counter[0] += 1
            s.section, s.title = counter[0], title
        s.source = self.recital(node)
        last = node.end_lineno or node.lineno
        around: Statement | None = s
        while around is not None:
            if around.loop:
                last = around.node.end_lineno or last
            around = around.parent
        Items(s, bound, self.source, self.effects, self.captures, self.keys, last).plan()
        self.children(s, bound, counter)
        return s

    def recital(self, node: ast.stmt) -> str:
        kind = node.__class__
        if (last := _LAST.get(kind)) is not None:
            return self.source.header(node, getattr(node, last))
        if isinstance(node, _WITH):
            item = node.items[-1]
            return self.source.header(node, item.optional_vars or item.context_expr)
        if kind in _TRY:
            return self.source.header(node)
        if isinstance(node, _DEFINITIONS):
            return self.source.definition(node)
        return self.source.statement(node)

    def children(self, s: Statement, bound: set[str], counter: list[int]) -> None:
        """Plan the blocks inside a statement and the names bound after it."""
        node, scope = s.node, s.scope
        if s.kind in _SIMPLE:
            bound.update(s.targets)
        elif isinstance(node, ast.If):
            self.branches(s, node.body, node.orelse, bound, counter)
            if s.orelse and isinstance(node.orelse[0], ast.If) and len(node.orelse) == 1:
                s.orelse[0].elif_ = self.source.starts_with_elif(node.orelse[0])
        elif isinstance(node, _LOOPS):
            inside = bound.union(s.targets)
            s.body = self.block(node.body, scope, s, inside, counter, node)
            s.orelse = self.block(node.orelse, scope, s, set(bound), counter, node)
        elif isinstance(node, _WITH):
            inside = bound | set(s.targets)
            s.body = self.block(node.body, scope, s, inside, counter, node)
            # The block may have been left by an exception that the context manager swallows.
        elif isinstance(node, _TRY):
            self.attempt(s, node, bound, counter)
        elif isinstance(node, ast.Match):
            for case in node.cases:
                inside = bound | (set(pattern_names(case.pattern)) - scope.unsteady)
                s.handlers.append(self.block(case.body, scope, s, inside, counter, case.pattern))
        elif isinstance(node, _DEFINITIONS):
            self.definition(s, node, "class" if s.kind == "class" else "function")
            bound.add(node.name)
        else:
            bound.update(s.targets)
        bound -= scope.unsteady

    def definition(self, s: Statement, node: FunctionNode | ast.ClassDef, kind: str) -> None:
        s.inner = self.scope(node, node.name, kind, s.scope)
        s.inner.place = s

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


_LOOPS = (ast.While, ast.For, ast.AsyncFor)
_WITH = (ast.With, ast.AsyncWith)
_TRY = (ast.Try, ast.TryStar)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)
_LAST: dict[type[ast.stmt], str] = {  # what a header ends with, before its colon
    ast.While: "test",
    ast.If: "test",
    ast.For: "iter",
    ast.AsyncFor: "iter",
    ast.Match: "subject",
}
_SIMPLE = ("assign", "augassign", "expr", "return", "break", "continue", "pass")
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


def _leaves(block: Sequence[Statement]) -> bool:
    """Tell whether control never reaches the end of a block."""
    if not block:
        return False
    last = block[-1]
    if last.kind in ("return", "raise", "break", "continue"):
        return True
    return last.kind == "if" and bool(last.orelse) and _leaves(last.body) and _leaves(last.orelse)


def _collect_names(scope: Scope, binding: Sequence[ast.AST]) -> None:
    """Find the names that a scope binds, in order; `binding` has the nodes that do it."""
    found: list[tuple[int, int, str]] = []
    definitions: set[str] = set()
    for child in binding:
        if isinstance(child, ast.Name):
            found.append((child.lineno, child.col_offset, child.id))
        elif isinstance(child, _DEFINITIONS):
            definitions.add(child.name)
        elif isinstance(child, ast.Import | ast.ImportFrom):
            definitions.update((a.asname or a.name).split(".")[0] for a in child.names)
        elif isinstance(child, ast.MatchAs | ast.MatchStar | ast.ExceptHandler) and child.name:
            found.append((child.lineno, child.col_offset, child.name))
        elif isinstance(child, ast.MatchMapping) and child.rest:
            found.append((child.lineno, child.col_offset, child.rest))
        elif isinstance(child, ast.Global | ast.Nonlocal):
            scope.foreign.update(child.names)
    found.sort()
    order = dict.fromkeys([*scope.params, *[name for _, _, name in found]])
    scope.order = [n for n in order if n not in scope.foreign]
    scope.first_lines = {name: line for line, _, name in reversed(found)}
    scope.names = set(scope.order) | definitions - scope.foreign
    scope.definitions = definitions - set(scope.order)
