"""Which branches of a rule its inputs reach.

A branch is a way on from a test: an ``if``, ``while`` or conditional expression that holds or does
not, a ``for`` that has an item or no more, a ``case`` or an ``except`` that is entered. The rule is
compiled a second time, with a mark in each branch, and otherwise runs as it is.
"""

import ast
import asyncio
import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rfft.tracer import Rule

_MARK, _TEST = "@mark", "@test"  # names that no source can spell

Number = int
"""Branches are numbered; see `Covered.branches`."""


class TooLong(BaseException):
    """A run has passed more branches than it may; a rule can hardly catch it by accident."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One way on from a test: its line, the line's text, and what the test has decided."""

    line: int
    source: str
    outcome: str
    possible: bool = True  # False if the source alone shows that it is never taken

    def __str__(self) -> str:
        return f"line {self.line} ({self.source}): {self.outcome}"


class Covered:
    """A rule as a plain function that notes the branches which its runs take."""

    def __init__(self, rule: Rule) -> None:
        marks = _Marks(rule.source)
        tree = marks.visit(ast.parse(rule.source))
        ast.fix_missing_locations(tree)
        code = compile(tree, rule.filename, "exec", dont_inherit=True)
        self._rule = rule
        self._function = rule.load(code)
        self.branches: list[Branch] = marks.branches
        self.taken: set[Number] = set()
        self._limit = self._left = 0
        self._names = _names_of(self._function)
        self._names.update({_MARK: self._mark, _TEST: self._test})

    def __call__(self, arguments: tuple[Any, ...], limit: int = 10_000_000) -> Any:
        """Run the rule and return its result; `taken` holds the branches of this run.

        Raises TooLong after `limit` branches, and whatever the rule raises.
        """
        self.taken = set()
        self._left = limit
        args, kwargs = self._rule.given(self._names, arguments, {})
        changed = self._rule.changed(args, kwargs)
        result = self._function(*args, **kwargs)
        if inspect.iscoroutine(result):
            return asyncio.run(result)
        return changed[0] if changed and result is None else result

    def _mark(self, number: Number) -> None:
        self.taken.add(number)
        self._left -= 1
        if self._left < 0:
            raise TooLong

    def _test(self, number: Number, value: Any) -> bool:
        holds = bool(value)
        self._mark(number if holds else number + 1)
        return holds


def _names_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the global names that a loaded rule sees."""
    while isinstance(function, functools.partial):
        function = function.func
    function = getattr(function, "__func__", function)
    names: dict[str, Any] = getattr(function, "__globals__", {})
    return names


class _Marks(ast.NodeTransformer):
    """Puts marks into the functions of a module and lists the branches."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._inside = False
        self.branches: list[Branch] = []

    def _branch(
        self,
        node: ast.expr | ast.stmt | ast.pattern | ast.ExceptHandler,
        outcome: str,
        possible: bool = True,
    ) -> Number:
        source = self._lines[node.lineno - 1].strip().partition("  #")[0].rstrip(":")
        self.branches.append(Branch(node.lineno, source, outcome, possible))
        return len(self.branches) - 1

    def _tested(self, test: ast.expr, holds: str, fails: str) -> ast.expr:
        """Return a test that notes its outcome."""
        known = bool(test.value) if isinstance(test, ast.Constant) else None
        number = self._branch(test, holds, known is not False)
        self._branch(test, fails, known is not True)
        call = ast.Call(ast.Name(_TEST, ast.Load()), [ast.Constant(number), self.visit(test)], [])
        return ast.copy_location(call, test)

    def _marked(self, number: Number, body: list[ast.stmt]) -> list[ast.stmt]:
        mark = ast.Call(ast.Name(_MARK, ast.Load()), [ast.Constant(number)], [])
        return [ast.Expr(mark), *self._block(body)]

    def _block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        return [self.visit(statement) for statement in body]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        outer, self._inside = self._inside, True
        node.body = self._block(node.body)
        self._inside = outer
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        outer, self._inside = self._inside, True
        node.body = self._block(node.body)
        self._inside = outer
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        if self._inside:
            node.test = self._tested(node.test, "holds", "does not hold")
        node.body, node.orelse = self._block(node.body), self._block(node.orelse)
        return node

    def visit_While(self, node: ast.While) -> ast.AST:
        if self._inside:
            node.test = self._tested(node.test, "holds", "does not hold")
        node.body, node.orelse = self._block(node.body), self._block(node.orelse)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        if self._inside:
            test = ast.unparse(node.test)
            node.test = self._tested(node.test, f"{test} holds", f"{test} does not hold")
        node.body, node.orelse = self.visit(node.body), self.visit(node.orelse)
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        node.iter = self.visit(node.iter)
        if not self._inside:
            return self.generic_visit(node)
        node.body = self._marked(self._branch(node, "has an item"), node.body)
        node.orelse = self._marked(self._branch(node, "has no more items"), node.orelse)
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        if node.guard is not None:
            node.guard = self.visit(node.guard)
        if self._inside:
            node.body = self._marked(self._branch(node.pattern, "matches"), node.body)
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        if self._inside:
            node.body = self._marked(self._branch(node, "is entered"), node.body)
        return node
