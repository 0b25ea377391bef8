"""Neighbouring statements that do not depend on each other, in the other order.

Only assignments to different names whose right sides have no effect, outside of ``try``: what one
of them raises would stop the other.
"""

from collections.abc import Sequence
from random import Random

import libcst as cst

from .draft import Draft, Some, walk

_CALLS = frozenset("len abs int float str bool round ord chr set dict".split())
_EMPTY = frozenset("set dict".split())
_PURE = (
    cst.Name, cst.Integer, cst.Float, cst.SimpleString, cst.List, cst.Tuple, cst.Dict, cst.Set,
    cst.BinaryOperation, cst.UnaryOperation, cst.Comparison, cst.BooleanOperation, cst.Call,
    cst.Element, cst.DictElement, cst.ComparisonTarget, cst.Arg,
)  # fmt: skip
_OPERATORS = (cst.BaseBinaryOp, cst.BaseUnaryOp, cst.BaseCompOp, cst.BaseBooleanOp)


def rewrite(draft: Draft, rng: Random) -> Draft:
    """Exchange some pairs of statements."""
    if any(isinstance(node, cst.ClassDef) for node in walk(draft.module)) and "__" in draft.text:
        return draft  # whose operators may do anything
    return draft.having(draft.module.visit(_Order(Some(rng))))


class _Order(cst.CSTTransformer):
    def __init__(self, chosen: Some) -> None:
        self._chosen = chosen
        self._tries = 0
        self._outer: set[str] = set()

    def visit_Try(self, node: cst.Try) -> None:
        self._tries += 1

    def leave_Try(self, original_node: cst.Try, updated_node: cst.Try) -> cst.Try:
        self._tries -= 1
        return updated_node

    def visit_Global(self, node: cst.Global) -> None:
        self._outer |= {one.name.value for one in node.names}

    def visit_Nonlocal(self, node: cst.Nonlocal) -> None:
        self._outer |= {one.name.value for one in node.names}

    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        if self._tries:
            return updated_node
        body = self._exchanged(updated_node.body)
        return updated_node.with_changes(body=body)

    def _exchanged(self, body: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
        found, at = list(body), 0
        while at + 1 < len(found):
            one, two = found[at], found[at + 1]
            if _is_independent(_effect(one), _effect(two), self._outer) and self._chosen():
                found[at], found[at + 1] = two, one
                at += 1
            at += 1
        return found


Effect = tuple[str, frozenset[str]]  # the name that is bound, those that are read


def _effect(line: cst.BaseStatement) -> Effect | None:
    """Return what a line does if it does no more than that; a line with a comment stays."""
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return None
    if any(empty.comment for empty in line.leading_lines) or line.trailing_whitespace.comment:
        return None
    match line.body[0]:
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=value):
            return (name, _reads(value)) if _is_pure(value) else None
        case cst.AugAssign(target=cst.Name(value=name), value=cst.Integer()):
            return name, frozenset({name})
    return None


def _is_pure(value: cst.BaseExpression) -> bool:
    for node in walk(value):
        if isinstance(node, cst.Call):
            if not isinstance(node.func, cst.Name) or node.func.value not in _CALLS:
                return False
            if any(arg.star or arg.keyword for arg in node.args):
                return False
            if node.args and node.func.value in _EMPTY:
                return False  # which may use up an iterator
        if not isinstance(node, _PURE + _OPERATORS):
            return False
    return True


def _reads(value: cst.BaseExpression) -> frozenset[str]:
    return frozenset(node.value for node in walk(value) if isinstance(node, cst.Name))


def _is_independent(one: Effect | None, two: Effect | None, outer: set[str]) -> bool:
    if one is None or two is None or {one[0], two[0]} & outer:
        return False
    return one[0] != two[0] and one[0] not in two[1] and two[0] not in one[1]
