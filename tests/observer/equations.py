"""The arithmetic of a line, worked out by itself: `2 + 2 = 4`."""

import ast
import operator
from collections.abc import Callable
from typing import Any

_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
    ast.Pow: operator.pow, ast.LShift: operator.lshift, ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_, ast.BitOr: operator.or_, ast.BitXor: operator.xor,
}  # fmt: skip
_UNARY: dict[type, Callable[[Any], Any]] = {
    ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Not: operator.not_,
    ast.Invert: operator.invert,
}  # fmt: skip


class Unknown(Exception):
    """An expression is not made of literals and operators alone."""


def value(node: ast.AST) -> Any:
    """Return the value of an expression of literals. Raises Unknown."""
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        left, right = value(node.left), value(node.right)
        _small(node.op, left, right)
        try:
            return _BINARY[type(node.op)](left, right)
        except Exception as error:
            raise Unknown from error
    if isinstance(node, ast.UnaryOp):
        try:
            return _UNARY[type(node.op)](value(node.operand))
        except TypeError as error:
            raise Unknown from error
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        if isinstance(node, ast.Call) and ast.unparse(node) == "set()":
            return set()
        raise Unknown from error


def _small(op: ast.operator, left: Any, right: Any) -> None:
    """Raise Unknown where a result could be very large."""
    if isinstance(op, ast.Pow | ast.LShift | ast.Mult):
        sizes = [abs(v) if isinstance(v, int) else len(v) for v in (left, right)
                 if isinstance(v, int | str | bytes | list | tuple)]  # fmt: skip
        if max(sizes, default=0) > 10**6 and not isinstance(op, ast.Mult):
            raise Unknown


def parsed(text: str) -> ast.expr | None:
    """Return the expression that a text is, or None."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def splits(text: str) -> list[tuple[str, str]]:
    """Return all ways to cut a line in two at `` = ``."""
    found, start = [], text.find(" = ")
    while start >= 0:
        found.append((text[:start], text[start + 3 :]))
        start = text.find(" = ", start + 1)
    return found
