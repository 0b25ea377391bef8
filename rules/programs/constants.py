"""Inputs that are worked out: sums, products and the like of literals, as in `f(3 * 19)`.

Only plain operators on small numbers and texts are worked out, and nothing is run.
"""

import ast
import operator
import warnings
from collections.abc import Callable
from typing import Any

_LONGEST = 10_000  # characters of an input that is worked out
_MOST = 10_000  # characters of a text
_LARGEST_POWER = 1000  # of base and exponent
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}


def folded(text: str) -> str:
    """Return what stands between the parentheses of a call, with operations worked out.

    A text in which there are none, or that cannot be read, is returned as it is.
    """
    if len(text) > _LONGEST or not any(sign in text for sign in "+-*/%"):
        return text
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            call = ast.parse(f"f({text}\n)", mode="eval")
        if not any(isinstance(n, ast.BinOp) for n in ast.walk(call)):
            return text
        made = _Folder().visit(call).body
        if not isinstance(made, ast.Call):
            return text
        parts = [*map(ast.unparse, made.args)]
        parts += [f"{k.arg}={ast.unparse(k.value)}" for k in made.keywords if k.arg]
        return text if len(parts) < len(made.args) + len(made.keywords) else ", ".join(parts)
    except (SyntaxError, ValueError, ArithmeticError, TypeError, RecursionError, MemoryError):
        return text


class _Folder(ast.NodeTransformer):
    """Puts the value in place of an operation on two literals."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        left, right = _constant(node.left), _constant(node.right)
        if left is None or right is None or type(node.op) not in _OPERATORS:
            return node
        if _is_large(node.op, left, right):
            return node
        return ast.Constant(_OPERATORS[type(node.op)](left, right))


def _constant(node: ast.expr) -> int | float | str | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _constant(node.operand)
        return None if inner is None or isinstance(inner, str) else -inner
    if isinstance(node, ast.Constant) and type(node.value) in (int, float, str):
        return node.value  # type: ignore[return-value]
    return None


def _is_large(op: ast.operator, left: float | str, right: float | str) -> bool:
    """Tell whether the result might be large, or a text that was put together by formatting."""
    texts = [value for value in (left, right) if isinstance(value, str)]
    numbers = [abs(value) for value in (left, right) if not isinstance(value, str)]
    if texts:
        return isinstance(op, ast.Mod) or any(len(t) * n > _MOST for t in texts for n in numbers)
    return isinstance(op, ast.Pow) and max(numbers) > _LARGEST_POWER
