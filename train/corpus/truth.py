"""Looks for false statements in a trace without the tracer: equations and recited lines.

This is a second look by simpler means than the engine's own. In styles that recite the rule, a line
of code must be a line of the rule; in every style, an equation whose sides hold no names must hold.
"""

import ast
import operator
from collections.abc import Iterator
from typing import Any

_OPERATIONS: dict[type[ast.AST], Any] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Mod: operator.mod,
    ast.FloorDiv: operator.floordiv, ast.Div: operator.truediv, ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_, ast.BitXor: operator.xor, ast.USub: operator.neg,
    ast.UAdd: operator.pos, ast.Invert: operator.invert, ast.Not: operator.not_,
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip
_CODE = ("while ", "for ", "if ", "elif ", "else:", "return", "break", "continue", "def ")
_LARGEST = 100_000  # characters of an equation that is looked at


class _NoValue(Exception):
    """An expression has names or operations that are not worked out here."""


def false_lines(text: str, rule: str, recites: bool) -> Iterator[str]:
    """Yield what is wrong with the lines of a trace."""
    known = {line.strip() for line in rule.splitlines()}
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped in known or len(stripped) > _LARGEST:
            continue
        if recites and stripped.startswith(_CODE) and stripped.endswith(":"):
            yield f"line {number} recites what the rule does not say: {stripped[:100]}"
        elif " = " in stripped and not _holds(stripped):
            yield f"line {number} is false: {stripped[:100]}"


def _holds(line: str) -> bool:
    """Tell whether the sides of an equation that can be worked out are equal."""
    sides = _sides(line)
    values: list[Any] = []
    for side in sides[1:] if sides and sides[0].isidentifier() else sides:
        try:
            values.append(_value(ast.parse(side.strip(), mode="eval").body))
        except (_NoValue, SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        except (TypeError, ArithmeticError, LookupError):
            return False  # such as "a" + 1, which no run can have worked out
    return all(_same(values[0], other) for other in values[1:])


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and (one == other or one != one)


def _sides(line: str) -> list[str]:
    """Split a line at the equals signs that stand outside of quotes and brackets."""
    sides, start, depth, quote, at = [], 0, 0, "", 0
    while at < len(line):
        c = line[at]
        if quote:
            if c == "\\":
                at += 1
            elif c == quote:
                quote = ""
        elif c in "'\"":
            quote = c
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif depth == 0 and line.startswith(" = ", at):
            sides.append(line[start:at])
            start = at + 3
            at += 2
        at += 1
    return [*sides, line[start:]]


def _value(node: ast.expr) -> Any:
    """Work out an expression of literals."""
    match node:
        case ast.Constant():
            return node.value
        case ast.List() | ast.Tuple() | ast.Set():
            items = [_value(item) for item in node.elts]
            kind = {ast.List: list, ast.Tuple: tuple, ast.Set: set}[type(node)]
            return kind(items)
        case ast.Dict() if all(key is not None for key in node.keys):
            keys = [_value(key) for key in node.keys if key is not None]
            return dict(zip(keys, map(_value, node.values), strict=True))
        case ast.UnaryOp() if type(node.op) in _OPERATIONS:
            return _OPERATIONS[type(node.op)](_value(node.operand))
        case ast.BinOp() if type(node.op) in _OPERATIONS:
            left, right = _value(node.left), _value(node.right)
            if isinstance(node.op, ast.Mod | ast.Mult) and not _numbers(left, right):
                raise _NoValue
            return _OPERATIONS[type(node.op)](left, right)
        case ast.Compare(ops=[op], comparators=[right]) if type(op) in _OPERATIONS:
            return _OPERATIONS[type(op)](_value(node.left), _value(right))
        case ast.Subscript(slice=ast.Slice() as cut):
            ends = [None if e is None else _value(e) for e in (cut.lower, cut.upper, cut.step)]
            return _value(node.value)[slice(*ends)]
        case ast.Subscript():
            return _value(node.value)[_value(node.slice)]
        case ast.Call(func=ast.Name(id="len"), args=[of], keywords=[]):
            return len(_value(of))
    raise _NoValue


def _numbers(*values: Any) -> bool:
    return all(isinstance(value, int | float) for value in values)
