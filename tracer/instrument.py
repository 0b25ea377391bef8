"""Instrumentation: a module rewritten so that each statement reports what it reads and changes.

The rewritten module means exactly what the plain one means. Hooks are calls on a constant that
stands in the code itself, so nothing has to be put into any namespace and no name is added to a
function, a class or a module. What they do:

- before a statement, `b` takes the values of variables that are surely bound;
- inside it, `v` takes the value of an expression at the moment when it is evaluated and passes it
  on, so every expression is still evaluated once and in order; `k` does so for a key of a place;
- after it, `a` takes the values of what it assigned and again of what it may have changed;
- `c`, `r`, `e` mark entry, return and end of a function; `i` and `o` a block entered or not.

Hooks never raise and never run code of the rule. At the edge of the stack they have no room to
work (RecursionError) and do nothing; a hook that stands by itself is in a `try`, so that not even
the call of it can fail.
"""

import ast
import builtins
from _thread import get_ident
from collections.abc import Callable, Sequence
from sys import _getframe, exception, getprofile, gettrace, setprofile, settrace
from types import CodeType
from typing import Any, TypeVar

from . import plan, record, show
from .plan import (
    Capture,
    Key,
    Module,
    ScopeNode,
    Statement,
    has_docstring,
    pattern_names,
)
from .planner import plan_module, room
from .record import active

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

_Node = TypeVar("_Node", bound=ast.AST)
_OWN_SCOPE = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.JoinedStr)
# Constants that are replaced after compilation: by the hooks, and by RecursionError.
_MARK, _NO_ROOM = "\0rfft hooks", "\0rfft no room"


def compile_instrumented(
    source: str, filename: str, only: frozenset[str] | None = None
) -> CodeType:
    """Compile a whole module so that its statements are recorded while `recording` is active.

    The code runs unchanged when nothing records, and in any namespace. With `only`, of the module's
    statements just the definitions of these functions are compiled. Raises SyntaxError.
    """
    try:
        return _compile(source, filename, only, Instrumenter)
    except SyntaxError:  # of the source, or blocks nested as deep as Python allows
        return _compile(source, filename, only, _BareInstrumenter)


def _compile(
    source: str, filename: str, only: frozenset[str] | None, instrumenter: "type[Instrumenter]"
) -> CodeType:
    module = plan_module(source, filename)
    with room():
        tree = instrumenter(module).module()
    if only is not None:
        defined = (ast.FunctionDef, ast.AsyncFunctionDef)
        tree.body = [s for s in tree.body if isinstance(s, defined) and s.name in only]
    return compile_hooked(tree, filename, Hooks(module))


def compile_hooked(tree: ast.Module, filename: str, hooks: "Hooks") -> CodeType:
    """Compile statements that an `Instrumenter` has made; `hooks` are what they call.

    Raises SyntaxError, ValueError and RecursionError as `compile` does.
    """
    code: CodeType = compile(tree, filename, "exec", dont_inherit=True)
    return _with_hooks(code, hooks)


def _report(method: Callable[..., None], *arguments: Any) -> None:
    """Call a method of the recorder for the frame of the hook's caller; the rule cannot notice."""
    thread = get_ident()
    if thread in _reporting:
        return  # code of the rule that runs inside a hook: a signal handler, a finalizer
    trace = profile = None
    try:
        _reporting.add(thread)
        trace, profile = gettrace(), getprofile()
        if trace is not None:
            settrace(None)  # a trace function of the rule is not to see inside the recorder
        if callable(profile):
            setprofile(None)
        method(*arguments, _getframe(2))
    except RecursionError:
        pass
    except Exception as error:
        if _is_of_rule(error):
            raise
        active.failed(error)
    finally:
        _reporting.discard(thread)
        if trace is not None:
            settrace(trace)
        if callable(profile):  # cProfile's is not, and stays
            setprofile(profile)


_reporting: set[int] = set()  # the threads in which a hook is at work


def _is_of_rule(error: Exception) -> bool:
    """Tell whether an exception came into a hook from outside, as from a signal handler."""
    if type(error).__module__ != "builtins":
        return True  # raised in this thread by another
    link = error.__traceback__
    while link is not None:
        if link.tb_frame.f_code.co_filename not in _OWN_FILES:
            return True
        link = link.tb_next
    return False


_OWN_FILES = {__file__, plan.__file__, record.__file__, show.__file__}


class Hooks:
    """What the instrumented code of one module calls; one-letter names keep that code short."""

    __slots__ = ("_active", "_scopes", "_statements")

    def __init__(self, module: Module) -> None:
        self._active = active  # held here, for it is still there when this module has been cleared
        self._statements = module.statements
        self._scopes = module.scopes

    def c(self, scope: int, *values: object) -> None:
        """Function entered, with its parameters."""
        if (recorder := self._active.recorder) is not None:
            _report(recorder.call, self._scopes[scope], values)

    def b(self, statement: int, *passed: object) -> bool:
        """About to run a statement; true, so that it can stand in front of a loop's test."""
        if (recorder := self._active.recorder) is not None:
            try:
                _report(recorder.before, self._statements[statement], passed)
            except RecursionError:
                pass
        return True

    def v(self, statement: int, key: int, value: Any) -> Any:
        """An expression was evaluated to `value`, which is passed on."""
        if (recorder := self._active.recorder) is not None:
            s = self._statements[statement]
            try:
                _report(recorder.value, s, key, value)
            except RecursionError:
                pass
        return value

    def k(self, statement: int, number: int, value: Any, *root: object) -> Any:
        """A key of a place was evaluated; with the `root`, the place is read next."""
        if (recorder := self._active.recorder) is not None:
            s = self._statements[statement]
            try:
                _report(recorder.key, s, number, value, root)
            except RecursionError:
                pass
        return value

    def a(self, statement: int, *values: object) -> None:
        """A statement has run."""
        if (recorder := self._active.recorder) is not None:
            _report(recorder.after, self._statements[statement], values)

    def i(
        self, statement: int, kind: str, source: str, names: Sequence[str], *values: object
    ) -> None:
        """A block was entered: a branch, an iteration, a case, the body of a `with`."""
        if (recorder := self._active.recorder) is not None:
            s = self._statements[statement]
            _report(recorder.enter, s, kind, source, names, values)

    def o(self, statement: int, *passed: object) -> None:
        """A test was false, or a loop has no more items."""
        if (recorder := self._active.recorder) is not None:
            _report(recorder.failed_test, self._statements[statement], passed)

    def x(self, statement: int, source: str, name: str | None) -> None:
        """An exception handler was entered."""
        if (recorder := self._active.recorder) is not None:
            caught = exception()
            if caught is not None:
                s = self._statements[statement]
                _report(recorder.caught, s, source, name, caught)

    def r(self, statement: int, value: Any, *passed: object) -> Any:
        """A return statement has worked out `value`, which is passed on."""
        if (recorder := self._active.recorder) is not None:
            s = self._statements[statement]
            try:
                _report(recorder.returned, s, value, passed)
            except RecursionError:
                pass
        return value

    def m(self, statement: int, value: Any, *passed: object) -> Any:
        """The subject of a match was evaluated to `value`, which is passed on."""
        if (recorder := self._active.recorder) is not None:
            s = self._statements[statement]
            try:
                _report(recorder.after, s, passed)
            except RecursionError:
                pass
        return value

    def e(self, scope: int) -> None:
        """A function ended without a return statement."""
        if (recorder := self._active.recorder) is not None:
            _report(recorder.ended, self._scopes[scope])

    def l(self, statement: int) -> None:  # noqa: E743
        """A while loop is about to start."""
        if (recorder := self._active.recorder) is not None:
            _report(recorder.loop, self._statements[statement])


def _with_hooks(code: CodeType, hooks: Hooks) -> CodeType:
    """Put the hooks in place of their mark, in a code object and those inside it."""
    put: dict[object, object] = {_MARK: hooks, _NO_ROOM: RecursionError}
    constants = tuple(
        _with_hooks(c, hooks) if isinstance(c, CodeType) else put.get(c, c) if type(c) is str else c
        for c in code.co_consts
    )
    return code.replace(co_consts=constants)


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
        if s.kind in ("global", "annotation"):
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

    def wrap_If(self, node: ast.If, s: Statement) -> list[ast.stmt]:
        node.body = [self.enter(s), *self.block(node.body)]
        self.at = node
        node.orelse = [self.do("o", s.id, *self.again(s)), *self.block(node.orelse)]
        return [self.before(s), node]

    def wrap_While(self, node: ast.While, s: Statement) -> list[ast.stmt]:
        start = self.do("l", s.id)
        self.at = node.test
        arrive = self.hook("b", s.id, *map(self.name, s.passed))
        node.test = ast.copy_location(ast.BoolOp(ast.And(), [arrive, node.test]), node.test)
        self.at = node
        node.body = [self.enter(s), *self.block(node.body)]
        self.at = node
        node.orelse = [self.do("o", s.id, *self.again(s)), *self.block(node.orelse)]
        return [start, node]

    def wrap_For(self, node: ast.For | ast.AsyncFor, s: Statement) -> list[ast.stmt]:
        node.body = [self.enter(s), *self.block(node.body)]
        self.at = node
        node.orelse = [self.do("o", s.id, *self.again(s)), *self.block(node.orelse)]
        return [self.before(s), node]

    wrap_AsyncFor = wrap_For

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
        if not (s.captures or s.place):
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
        if not isinstance(node, _OWN_SCOPE):
            for field, value in ast.iter_fields(node):
                if isinstance(value, ast.expr):
                    setattr(node, field, self.expression(value))
                elif isinstance(value, list):
                    value[:] = [self.inner(v) for v in value]
        if capture is not None:
            node = self.capture(node, capture)
        return node if key is None else self.key(node, key)

    def inner(self, node: Any) -> Any:
        if isinstance(node, ast.expr):
            return self.expression(node)
        if isinstance(node, ast.keyword):
            node.value = self.expression(node.value)
        return node

    def capture(self, node: ast.expr, capture: Capture) -> ast.expr:
        self.at = node
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
        function = self.put(ast.Attribute(self.constant(_MARK), name, ast.Load()))
        return self.put(ast.Call(function, nodes, []))

    def do(self, name: str, *arguments: Any) -> ast.stmt:
        """Return a hook as a statement. With no room on the stack for a call, there is none."""
        hook = self.bare(name, *arguments)
        handler = self.put(ast.ExceptHandler(self.constant(_NO_ROOM), None, [self.put(ast.Pass())]))
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


class _BareInstrumenter(Instrumenter):
    """Puts no block around hooks: a call of one fails where the stack ends."""

    def do(self, name: str, *arguments: Any) -> ast.stmt:
        return self.bare(name, *arguments)
