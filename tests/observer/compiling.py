"""A rule compiled so that a line event tells the statement.

The number of a statement stands in for its line: then two statements on one line, or one statement
on many, make no difference to what is observed. Tests that are constants become calls that return
the constant, so that the compiler leaves them in place. With probes, each expression of a statement
also hands its value to the observer; the plain run has none, and the two runs must agree.
"""

import ast
import copy
from types import CodeType
from typing import Any

from .program import Program

FILENAME = "<observed>"
PROBE = "@probe"
CONSTANT = "@constant"


def compiled(program: Program, probes: bool) -> CodeType:
    """Compile the program so that line numbers are those of statements."""
    tree = copy.deepcopy(program.tree)
    _Constants().visit(tree)
    _renumber(tree, 0)
    if probes:
        _Probes().visit(tree)
    ast.fix_missing_locations(tree)
    _clamp(tree)
    return compile(tree, FILENAME, "exec", dont_inherit=True)


class _Constants(ast.NodeTransformer):
    """Keeps statements that the compiler would leave out: constant tests, lone constants."""

    def _keep(self, node: Any, name: str) -> Any:
        value = getattr(node, name)
        if isinstance(value, ast.Constant):
            call = ast.Call(ast.Name(CONSTANT, ast.Load()), [value], [])
            setattr(node, name, ast.copy_location(call, value))
        return self.generic_visit(node)

    def visit_While(self, node: ast.While) -> Any:
        return self._keep(node, "test")

    def visit_If(self, node: ast.If) -> Any:
        return self._keep(node, "test")

    def visit_Assert(self, node: ast.Assert) -> Any:
        return self._keep(node, "test")

    def visit_Expr(self, node: ast.Expr) -> Any:
        if getattr(node, "doc", False):
            return node
        return self._keep(node, "value")

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.ClassDef | ast.Module) -> Any:
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            first.doc = isinstance(first.value.value, str)  # type: ignore[attr-defined]
        return self.generic_visit(node)

    visit_ClassDef = visit_Module = visit_FunctionDef


def _renumber(node: Any, number: int) -> None:
    """Put the number of its statement in place of the line of every node."""
    if hasattr(node, "number") and isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
        number = node.number
    if hasattr(node, "lineno") or isinstance(node, ast.expr | ast.stmt):
        node.lineno = node.end_lineno = max(number, 1)
        node.col_offset = node.end_col_offset = 0
    for child in ast.iter_child_nodes(node):
        _renumber(child, number)


def _clamp(tree: ast.AST) -> None:
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            node.end_lineno = node.lineno  # type: ignore[attr-defined]
            node.end_col_offset = node.col_offset  # type: ignore[attr-defined]


class _Probes(ast.NodeTransformer):
    """Has each numbered expression hand over its value."""

    def visit(self, node: ast.AST) -> Any:
        called = getattr(node, "func", None)
        if isinstance(called, ast.Name) and called.id in ("super", CONSTANT):
            return self.generic_visit(node) if called.id == CONSTANT else node
        seen = self.generic_visit(node)
        number = getattr(node, "number", None)
        if number is None or not isinstance(node, ast.expr):
            return seen
        call = ast.Call(ast.Name(PROBE, ast.Load()), [ast.Constant(number), seen], [])
        return ast.copy_location(call, node)
