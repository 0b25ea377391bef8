"""Instrumentation: a module rewritten so that each statement reports what it reads and changes.

The rewritten module means exactly what the plain one means. Hooks are calls on a constant that
stands in the code itself, so nothing has to be put into any namespace and no name is added to a
function, a class or a module. What they do:

- before a statement, `b` takes the values of variables that are surely bound;
- inside it, `v` takes the value of an expression at the moment when it is evaluated and passes it
  on, so every expression is still evaluated once and in order; `k` does so for a key of a place;
- after it, `a` takes the values of what it assigned and again of what it may have changed;
- `c`, `r`, `e` mark entry, return and end of a function; `i` and `o` a block entered or not.
"""

import ast
from collections.abc import Sequence
from types import CodeType
from typing import Any, TypeVar

from ..plan.names import pattern_names
from ..plan.planner import plan_module, room
from ..plan.statements import (
    Capture,
    Key,
    Module,
    ScopeNode,
    Statement,
    Told,
    has_docstring,
)
from .hooks import MARK, NO_ROOM, Hooks, compile_hooked

_Node = TypeVar("_Node", bound=ast.AST)
_OWN_SCOPE = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.JoinedStr)


def _first(body: Sequence[ast.stmt], function: ScopeNode) -> ast.AST:
    """Return the node on the line with which the body of a function begins to run."""
    for statement in body:
        if not isinstance(statement, ast.Global | ast.Nonlocal):
            return _start(statement)
    return _start(function)  # type: ignore[arg-type]


def _start(statement: ast.stmt) -> ast.AST:
    """Return the node on the line with which a statement begins to run."""
    decorators = getattr(statement, "decorator_list", None)
    return decorators[0] if decorators else statement


def compile_instrumented(
    source: str, filename: str, only: frozenset[str] | None = None, detailed: bool = False
) -> CodeType:
    """Compile a whole module so that its statements are recorded while `recording` is active.

    The code runs unchanged when nothing records, and in any namespace. With `only`, of the module's
    statements just the definitions of these functions are compiled. Raises SyntaxError.
    """
    try:
        return _compile(source, filename, only, detailed, Instrumenter)
    except SyntaxError:  # of the source, or blocks nested as deep as Python allows
        return _compile(source, filename, only, detailed, BareInstrumenter)


def _compile(
    source: str,
    filename: str,
    only: frozenset[str] | None,
    detailed: bool,
    instrumenter: "type[Instrumenter]",
) -> CodeType:
    module = plan_module(source, filename, detailed)
    with room():
        tree = instrumenter(module).module()
    if only is not None:
        defined = (ast.FunctionDef, ast.AsyncFunctionDef)
        tree.body = [s for s in tree.body if isinstance(s, defined) and s.name in only]
    return compile_hooked(tree, filename, Hooks(module))


class Instrumenter:
    """Rewrites the tree of a planned module in place: as a whole, or one statement of it.

    `module` does all of it. `statement` returns a statement with its hooks around it, `before` the
    hook in front of it; `compile_hooked` compiles what they return.
    """

    def __init__(self, module: Module) -> None:
        self.plan = module
        self.at: ast.AST = module.tree  # whose position new nodes take

    def module(self) -> ast.Module:
        self.scope(self.plan.tree)
        return self.plan.tree

    # Blocks

    def scope(self, node: ScopeNode) -> None:
        scope = self.plan.scope_of[node]
        first = 1 if has_docstring(node) else 0
        while (
            isinstance(node, ast.Module)
            and first < len(node.body)
            and isinstance(statement := node.body[first], ast.ImportFrom)
            and statement.module == "__future__"
        ):
            first += 1
        head, body = node.body[:first], node.body[first:]
        new = self.block(body)
        if scope.kind == "function":
            self.at = _first(body, node)
            names = [self.name(p) for p in scope.params]
            new.insert(0, self.do("c", scope.id, *names))
            last = node.body[-1]
            simple = ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Expr
            if isinstance(last, simple) and last.value is not None and last in body:
                self.at = last
                new.append(self.do("e", scope.id))
            elif not isinstance(last, ast.Return | ast.Raise):
                self.at = ast.Pass(lineno=-1, col_offset=-1)  # no line: it makes no line event
                new.append(self.bare("e", scope.id))
        node.body = [*head, *new]

    def block(self, nodes: Sequence[ast.stmt]) -> list[ast.stmt]:
        return [new for node in nodes for new in self.statement(node)]

    # Statements

    def statement(self, node: ast.stmt) -> list[ast.stmt]:
        """Return a statement with its hooks around it."""
        s = self.plan.plan_of[node]
        kind = type(node)
        if not s.moment:
            return [node]
        if kind in (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef):
            self.scope(node)  # type: ignore[arg-type]
            self.at = _start(node)
            return [self.before(s), node, *(self.after(s) if s.looks else ())]
        self.expressions(node)
        handler = getattr(self, "wrap_" + kind.__name__, None)
        self.at = node
        if handler is not None:
            return list(handler(node, s))
        return [self.before(s), node, *self.after(s)]

    def before(self, s: Statement) -> ast.stmt:
        self.at = _start(s.node)
        return self.do("b", s.id, *map(self.name, s.passed))

    def after(self, s: Statement) -> list[ast.stmt]:
        if s.scope.kind != "function":
            return []
        return [self.do("a", s.id, *map(self.name, s.targets), *self.again(s))]

    def enter(self, s: Statement) -> ast.stmt:
        """Return the hook for a block that the statement's own test or head has led into."""
        if s.scope.kind != "function":
            return self.do("i", s.id, s.kind, s.source, ())
        values = [*map(self.name, s.targets), *self.again(s)]
        return self.do("i", s.id, s.kind, s.source, tuple(s.targets), *values)

    def again(self, s: Statement) -> list[ast.expr]:
        """Return the variables that are given to hooks again after a statement."""
        return [self.name(n) for n in s.again]

    def wrap_Return(self, node: ast.Return, s: Statement) -> list[ast.stmt]:
        before = self.before(s)
        self.at = node
        if node.value is None or isinstance(node.value, ast.Constant):
            value = self.constant(None) if node.value is None else node.value
            return [before, self.do("r", s.id, value, *self.again(s)), node]
        node.value = self.hook("r", s.id, node.value, *self.again(s))
        return [before, node]

    def wrap_Raise(self, node: ast.Raise, s: Statement) -> list[ast.stmt]:
        return [self.before(s), node]

    wrap_Break = wrap_Continue = wrap_Pass = wrap_Raise

    def wrap_If(self, node: ast.If | ast.For | ast.AsyncFor, s: Statement) -> list[ast.stmt]:
        self.branches(node, s)
        return [self.before(s), node]

    wrap_For = wrap_AsyncFor = wrap_If

    def branches(self, node: ast.If | ast.While | ast.For | ast.AsyncFor, s: Statement) -> None:
        """Put hooks where the outcome of a test leads to."""
        settles = s.kind == "for" and s.looks and _ends_unseen(node.body)
        node.body = [self.enter(s), *self.block(node.body)]
        self.at = node
        if settles:
            node.body.append(self.do("s", s.id, *self.again(s)))
        node.orelse = [self.do("o", s.id, *self.again(s)), *self.block(node.orelse)]

    def wrap_While(self, node: ast.While, s: Statement) -> list[ast.stmt]:
        start = self.do("l", s.id)
        self.at = node.test
        arrive = self.hook("b", s.id, *map(self.name, s.passed))
        node.test = ast.copy_location(ast.BoolOp(ast.And(), [arrive, node.test]), node.test)
        self.at = node
        self.branches(node, s)
        return [start, node]

    def wrap_With(self, node: ast.With | ast.AsyncWith, s: Statement) -> list[ast.stmt]:
        node.body = [self.enter(s), *self.block(node.body)]
        return [self.before(s), node]

    wrap_AsyncWith = wrap_With

    def wrap_Try(self, node: ast.Try | ast.TryStar, s: Statement) -> list[ast.stmt]:
        before = self.before(s)
        node.body = self.block(node.body)
        for handler in node.handlers:
            body = self.block(handler.body)
            self.at = handler
            source = self.plan.source.handler(handler)
            handler.body = [self.do("x", s.id, source, handler.name), *body]
        if node.orelse:
            self.at = node.orelse[0]
            enter = self.do("i", s.id, "else", "else:", ())
            node.orelse = [enter, *self.block(node.orelse)]
        if node.finalbody:
            self.at = node.finalbody[0]
            enter = self.do("i", s.id, "finally", "finally:", ())
            node.finalbody = [enter, *self.block(node.finalbody)]
        return [before, node]

    wrap_TryStar = wrap_Try

    def wrap_Match(self, node: ast.Match, s: Statement) -> list[ast.stmt]:
        before = self.before(s)
        self.at = node.subject
        if s.scope.kind == "function":
            node.subject = self.hook("m", s.id, node.subject, *self.again(s))
        for case in node.cases:
            body = self.block(case.body)
            self.at = case.body[0]
            names = pattern_names(case.pattern) if s.scope.kind == "function" else ()
            source = self.plan.source.case(case)
            given = [*names, *(s.passed if s.guards.get(source) else ())]
            enter = self.do("i", s.id, "case", source, names, *map(self.name, given))
            case.body = [enter, *body]
        return [before, node]

    # Expressions

    def expressions(self, node: ast.stmt) -> None:
        """Wrap the captured expressions of a statement, leaving the blocks inside it alone."""
        s = self.plan.plan_of[node]
        if not (s.captures or s.place or s.tells):
            return
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                setattr(node, field, self.expression(value))
            elif isinstance(value, list) and value and not isinstance(value[0], ast.stmt):
                value[:] = [
                    self.expression(v) if isinstance(v, ast.expr) else self.part(v) for v in value
                ]

    def part(self, node: Any) -> Any:
        if isinstance(node, ast.withitem):
            node.context_expr = self.expression(node.context_expr)
        return node

    def expression(self, node: ast.expr) -> ast.expr:
        """Return an expression with hooks around its captured parts."""
        capture, key = self.plan.captures.get(node), self.plan.keys.get(node)
        if self.plan.detailed or not isinstance(node, _OWN_SCOPE):
            for field, value in ast.iter_fields(node):
                if isinstance(value, ast.expr):
                    setattr(node, field, self.expression(value))
                elif isinstance(value, list):
                    value[:] = [self.inner(v) for v in value]
        told = self.plan.told.get(node)
        if told is not None:
            node = self.tell(node, told)
        if capture is not None:
            node = self.capture(node, capture)
        return node if key is None else self.key(node, key)

    def inner(self, node: Any) -> Any:
        if isinstance(node, ast.expr):
            return self.expression(node)
        if isinstance(node, ast.keyword):
            node.value = self.expression(node.value)
        elif isinstance(node, ast.comprehension):
            node.iter = self.expression(node.iter)
            node.ifs = [self.expression(condition) for condition in node.ifs]
        return node

    def tell(self, node: ast.expr, told: Told) -> ast.expr:
        """Return a part of an inner scope with hooks that tell of it."""
        self.at = node
        if told.source:
            node = self.hook("w", told.statement, told.source, node)
        if told.binds:
            names = self.put(ast.Tuple([self.name(n) for n in told.binds], ast.Load()))
            bound = self.hook("q", told.statement, told.binds, names)
            node = self.put(ast.BoolOp(ast.And(), [bound, node]))
        return node

    def capture(self, node: ast.expr, capture: Capture) -> ast.expr:
        self.at = node
        if isinstance(
            node, ast.FormattedValue
        ):  # stands in a text, and so has what takes its place
            text = self.put(ast.JoinedStr([node]))
            kept = self.hook("v", capture.statement, capture.key, text)
            return self.put(ast.FormattedValue(kept, -1, None))
        return self.hook("v", capture.statement, capture.key, node)

    def key(self, node: ast.expr, key: Key) -> ast.expr:
        """Return the key of a place with a hook around it."""
        self.at = node
        root = [self.name(key.root)] if key.root else []
        return self.hook("k", key.statement, key.number, node, *root)

    # New nodes

    def hook(self, name: str, *arguments: Any) -> ast.expr:
        """Return a call of a hook; arguments that are no nodes become constants."""
        nodes = [a if isinstance(a, ast.expr) else self.constant(a) for a in arguments]
        function = self.put(ast.Attribute(self.constant(MARK), name, ast.Load()))
        return self.put(ast.Call(function, nodes, []))

    def do(self, name: str, *arguments: Any) -> ast.stmt:
        """Return a hook as a statement. With no room on the stack for a call, there is none."""
        hook = self.bare(name, *arguments)
        handler = self.put(ast.ExceptHandler(self.constant(NO_ROOM), None, [self.put(ast.Pass())]))
        return self.put(ast.Try([hook], [handler], [], []))

    def bare(self, name: str, *arguments: Any) -> ast.stmt:
        """Return a hook as a statement, with no block around it."""
        return self.put(ast.Expr(self.hook(name, *arguments)))

    def name(self, name: str) -> ast.expr:
        return self.put(ast.Name(name, ast.Load()))

    def constant(self, value: Any) -> ast.expr:
        return self.put(ast.Constant(value))

    def put(self, node: _Node) -> _Node:
        # One point of one line: a span of lines would make line events of its own.
        line: int = self.at.lineno  # type: ignore[attr-defined]
        column: int = self.at.col_offset  # type: ignore[attr-defined]
        node.lineno = node.end_lineno = line  # type: ignore[attr-defined]
        node.col_offset = node.end_col_offset = column  # type: ignore[attr-defined]
        return node


class BareInstrumenter(Instrumenter):
    """Puts no block around hooks: a call of one fails where the stack ends."""

    def do(self, name: str, *arguments: Any) -> ast.stmt:
        return self.bare(name, *arguments)


def _ends_unseen(body: list[ast.stmt]) -> bool:
    """Tell whether a block may end with a change that no hook follows.

    That is what a ``with`` does when it is left, and what the patterns of a ``match`` have bound
    where no case fits.
    """
    last = body[-1] if body else None
    if isinstance(last, ast.With | ast.AsyncWith | ast.Match):
        return True
    blocks = [getattr(last, field, []) for field in ("body", "orelse", "finalbody")]
    blocks += [handler.body for handler in getattr(last, "handlers", [])]
    return isinstance(last, ast.If | ast.Try | ast.TryStar) and any(
        map(_ends_unseen, filter(None, blocks))
    )
