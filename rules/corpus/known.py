"""What a rule says of its variables, seen from its text alone: which statements may change what."""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass

from .truth import FUNCTIONS, METHODS, bound_by

PLAIN = (
    ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return, ast.Assert, ast.If, ast.While,
)  # fmt: skip
"""Statements that bind names only after all that they read was stated."""


@dataclass(frozen=True)
class Known:
    """What is known of a rule: its lines, the statements that begin there, names to mind.

    `shared` may be changed out of sight; `untold` are bound by statements that do more than to
    work something out and assign it. If the rule is not `steady`, so may be all others; if it is
    `lazy`, to look at a value may run code.
    """

    lines: frozenset[str]
    statements: dict[str, list[ast.stmt]]
    bound: frozenset[str]
    shared: frozenset[str]
    untold: frozenset[str]
    steady: bool
    lazy: bool

    def starting(self, line: str) -> list[ast.stmt]:
        """Return the statements that a recited line may be the first line of."""
        found = self.statements.get(line)
        if found is None:
            of = (s for first, s in self.statements.items() if first.startswith(line))
            found = [statement for some in of for statement in some]
        return found

    def keeps_still(self, statement: ast.stmt) -> bool:
        """Tell whether a statement changes no container while it works its expressions out."""
        plain = FUNCTIONS - self.bound
        return not self.lazy and all(
            node.func.id in plain if isinstance(node.func, ast.Name)
            else isinstance(node.func, ast.Attribute) and node.func.attr in METHODS
            for node in _header(statement) if isinstance(node, ast.Call)
        )  # fmt: skip


@functools.lru_cache(maxsize=256)
def known_of(rule: str) -> Known:
    """Return what is known of a rule. Raises SyntaxError if it is none."""
    whole = [line.strip() for line in rule.split("\n")]
    lines = set(whole)
    statements: dict[str, list[ast.stmt]] = {}
    shared: set[str] = set()
    untold: set[str] = set()
    steady, lazy = True, False
    tree = ast.parse(rule)
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            own = [line.strip() for line in (ast.get_source_segment(rule, node) or "").split("\n")]
            for first in {own[0], whole[node.lineno - 1]}:
                statements.setdefault(first, []).append(node)
            lines.update(own)
            if not isinstance(node, PLAIN) or literal_in(node) is not None:
                untold |= bound_in(node)
        match node:
            case ast.Global() | ast.Nonlocal():
                shared.update(node.names)
            case ast.NamedExpr(target=ast.Name(id=name)):
                shared.add(name)
            case ast.Yield() | ast.YieldFrom() | ast.AsyncFunctionDef():
                steady = False
            case ast.Name(id="exec" | "eval" | "locals" | "globals" | "vars"):
                steady = False
            case ast.Name(id="map" | "filter" | "iter") | ast.Lambda():
                lazy = True
            case ast.GeneratorExp():
                lazy = lazy or any(isinstance(n, ast.Call) for n in ast.walk(node))
            case ast.FunctionDef():
                steady = steady and not any(isinstance(n, ast.ClassDef) for n in ast.walk(node))
    return Known(
        frozenset(lines), statements, frozenset(bound_by(ast.walk(tree))), frozenset(shared),
        frozenset(untold), steady, lazy,
    )  # fmt: skip


def _header(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the nodes of a statement without those of the statements inside."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [n for n in ast.iter_child_nodes(node) if not isinstance(n, ast.stmt)]


def bound_in(statement: ast.stmt) -> set[str]:
    """Return the names that the head of a statement binds, or those of its handlers and cases."""
    return bound_by(node for node in _header(statement) if not isinstance(node, ast.arg))


def literal_in(statement: ast.stmt) -> ast.expr | None:
    """Return what a statement gives to a name if that may be just what a state says of it."""
    match statement:
        case (
            ast.Assign(targets=[ast.Name()], value=given)
            | ast.AnnAssign(target=ast.Name(), value=ast.expr() as given)
        ):
            made_by = {id(n.func) for n in ast.walk(given) if isinstance(n, ast.Call)}
            inner = (n for n in ast.walk(given) if isinstance(n, ast.Name))
            if all(id(n) in made_by or n.id in ("inf", "nan") for n in inner):
                return given
    return None


def changed_in(statement: ast.stmt) -> set[str]:
    """Return the variables in which a statement puts something at a place."""
    found = set()
    for node in _header(statement):
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            inner: ast.expr = node
            while isinstance(inner, ast.Subscript | ast.Attribute):
                inner = inner.value
            found |= {inner.id} if isinstance(inner, ast.Name) else set()
    return found
