"""Makes the plan of a module: one walk over its tree, scope by scope, block by block."""

import ast
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from .effects import Effects
from .items import Items
from .kinds import head_of, kind_of
from .names import FunctionNode, binds, parameters, pattern_names
from .source import SourceText
from .statements import Module, Scope, ScopeNode, Statement, Worked, has_docstring
from .watching import watch


def plan_module(text: str, filename: str = "<rule>", detailed: bool = False) -> Module:
    """Parse `text` and plan every statement in it, if asked for `detailed`. Raises SyntaxError."""
    tree = ast.parse(text, filename)
    with room():
        return _Planner(SourceText(text), tree, detailed).module()


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

    def __init__(self, source: SourceText, tree: ast.Module, detailed: bool) -> None:
        self.source = source
        self.plan = Module(source, tree, Effects(tree), detailed=detailed)
        self.unbound = self.plan.effects.unbound
        self.blocks = 0

    def module(self) -> Module:
        self.scope(self.plan.tree, "<module>", "module", None)
        if self.plan.detailed:
            self.tell()
        return self.plan

    def tell(self) -> None:
        """Note which statements may run what escapes from others: any of them."""
        statements = self.plan.statements
        escaped = [left for s in statements if s.escapes for left in s.tells]
        for s in statements if escaped else ():
            s.tells = tuple(dict.fromkeys([*s.tells, *escaped]))
            s.told_at.update(i.key for i in s.details if isinstance(i, Worked))

    # Scopes

    def scope(self, node: ScopeNode, name: str, kind: str, outer: Scope | None) -> Scope:
        plan, around = self.plan, outer
        while around is not None and around.kind == "class":
            around = around.outer
        scope = Scope(len(plan.scopes), node, name, kind, self.source, outer=around)
        plan.scopes.append(scope)
        plan.scope_of[node] = scope
        if isinstance(node, FunctionNode):
            scope.params = [p.arg for p in parameters(node.args)]
            static = any(
                isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list
            )
            scope.method = outer is not None and outer.kind == "class" and not static
            if scope.params and (scope.method or scope.params[0] == "self"):
                scope.receiver = scope.params[0]
        _collect_names(scope, plan.effects.binding[node])
        if kind == "function":
            self.used(scope)
            if around is not None and around.receiver in scope.outer_names:
                scope.receiver = around.receiver
        start = 1 if has_docstring(node) else 0
        bound = set(scope.params) - self.unbound
        scope.body = self.block(node.body[start:], scope, None, bound, node)
        return scope

    def used(self, scope: Scope) -> None:
        """Find the state from outside that a function uses, and attributes with own names."""
        for node in self.plan.effects.using[scope.node]:
            if isinstance(node, ast.Attribute):
                base = node.value
                if isinstance(base, ast.Name) and base.id not in self.plan.effects.imported:
                    scope.paths.append(f"{base.id}.{node.attr}")
            elif node.id not in scope.names and not scope.hides(node.id):
                home = scope.home(node.id)
                outer = home is not None and home.kind == "function"
                (scope.outer_names if outer else scope.globals).append(node.id)
        for names in (scope.paths, scope.outer_names, scope.globals):
            names[:] = dict.fromkeys(names)

    def block(
        self,
        nodes: Sequence[ast.stmt],
        scope: Scope,
        parent: Statement | None,
        bound: set[str],
        above: ast.AST,
    ) -> list[Statement]:
        """Plan the statements of a block; `bound` becomes the names bound after it.

        `above` is what ends before the comments above its first statement begin.
        """
        planned = []
        last = getattr(above, "lineno", 0)
        self.blocks += 1
        block = self.blocks
        for node in nodes:
            number, kind = len(self.plan.statements), kind_of(node)
            loop = kind.moment == "test" and kind.name != "if"
            source = self.recital(node)
            s = Statement(number, kind.name, node, scope, parent, block, source, kind.moment, loop)
            self.plan.statements.append(s)
            self.plan.plan_of[node] = s
            s.title = self.source.comment_above(node.lineno, last)
            if s.title or s.loop:
                s.section = scope.returns
                scope.returns += 1
            if self.source.notes:
                s.notes = self.source.notes_above(node, last)
            Items(s, self.plan).plan_items()
            watch(s, bound, self.plan.effects)
            self.children(s, bound)
            planned.append(s)
            last = node.end_lineno or node.lineno
        return planned

    # Statements

    def recital(self, node: ast.stmt) -> str:
        """Return the text of a statement; of one with blocks inside, that of its head."""
        if isinstance(node, FunctionNode | ast.ClassDef):
            return self.source.definition(node)
        head = head_of(node)
        if head is None:
            return self.source.statement(node)
        return self.source.header(node, head[-1] if head else None)

    def children(self, s: Statement, bound: set[str]) -> None:
        """Plan the blocks inside a statement and the names bound after it."""
        node = s.node
        if isinstance(node, ast.If):
            self.branches(s, node, bound)
        elif isinstance(node, ast.While | ast.For | ast.AsyncFor):
            s.body = self.block(node.body, s.scope, s, bound.union(s.targets), node)
            s.orelse = self.block(node.orelse, s.scope, s, set(bound), node)
        elif isinstance(node, ast.With | ast.AsyncWith):
            s.body = self.block(node.body, s.scope, s, bound.union(s.targets), node)
            # The block may have been left by an exception that the context manager swallows.
        elif isinstance(node, ast.Try | ast.TryStar):
            self.attempt(s, node, bound)
        elif isinstance(node, ast.Match):
            for case in node.cases:
                inside = bound | (set(pattern_names(case.pattern)) - self.unbound)
                s.handlers.append(self.block(case.body, s.scope, s, inside, case.pattern))
        elif isinstance(node, FunctionNode | ast.ClassDef):
            kind = "class" if isinstance(node, ast.ClassDef) else "function"
            s.inner = self.scope(node, node.name, kind, s.scope)
            s.inner.place = s
            bound.add(node.name)
        else:
            bound.update(s.targets)
        bound -= self.unbound

    def branches(self, s: Statement, node: ast.If, bound: set[str]) -> None:
        yes, no = set(bound), set(bound)
        s.body = self.block(node.body, s.scope, s, yes, node)
        s.orelse = self.block(node.orelse, s.scope, s, no, node.body[-1])
        if len(s.orelse) == 1 and s.orelse[0].kind == "if":
            s.orelse[0].elif_ = self.source.starts_with_elif(node.orelse[0])
        ends = [b for b, block in ((yes, s.body), (no, s.orelse)) if not _leaves(block)]
        bound.clear()
        bound.update(set.intersection(*ends) if ends else yes | no)

    def attempt(self, s: Statement, node: ast.Try | ast.TryStar, bound: set[str]) -> None:
        yes = set(bound)
        s.body = self.block(node.body, s.scope, s, yes, node)
        s.orelse = self.block(node.orelse, s.scope, s, yes, node.body[-1])
        ends = [] if _leaves(s.body) or _leaves(s.orelse) else [yes]
        for handler in node.handlers:
            caught = set(bound)
            s.handlers.append(self.block(handler.body, s.scope, s, caught, handler))
            if not _leaves(s.handlers[-1]):
                ends.append(caught)
        s.finalbody = self.block(node.finalbody, s.scope, s, bound, node)
        if ends:
            bound.update(set.intersection(*ends))


def _leaves(block: Sequence[Statement]) -> bool:
    """Tell whether control never reaches the end of a block."""
    if not block:
        return False
    last = block[-1]
    if kind_of(last.node).ends:
        return True
    return last.kind == "if" and bool(last.orelse) and _leaves(last.body) and _leaves(last.orelse)


def _collect_names(scope: Scope, binding: Sequence[ast.AST]) -> None:
    """Find the names that a scope binds, in order; `binding` has the nodes that do it."""
    found: list[tuple[int, int, str]] = []
    definitions: set[str] = set()
    for node in binding:
        if isinstance(node, ast.Global | ast.Nonlocal):
            scope.foreign.update(node.names)
        elif isinstance(node, ast.stmt):
            definitions.update(binds(node))
        else:
            found += [(node.lineno, node.col_offset, name) for name in binds(node)]  # type: ignore[attr-defined]
    found.sort()
    order = dict.fromkeys([*scope.params, *[name for _, _, name in found]])
    scope.order = [n for n in order if n not in scope.foreign]
    scope.first_lines = {name: line for line, _, name in reversed(found)}
    scope.names = set(scope.order) | definitions - scope.foreign
    scope.definitions = definitions - set(scope.order)
