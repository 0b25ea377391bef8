"""``x += 1`` and ``x = x + 1``.

With a number on the right side, both give a new value. A list is changed by the first one, and
takes a text, too; so with a text on the right, the variable must be known to be one. ``*`` repeats
lists, and stays.
"""

from random import Random

import libcst as cst

from .draft import Draft, Some, bound, walk

_TEXTS = ("str", "chr", "repr")
_NUMBERS = ("len", "int", "ord", "abs", "float")
_PAIRS: dict[type[cst.BaseAugOp], type[cst.BaseBinaryOp]] = {
    cst.AddAssign: cst.Add,
    cst.SubtractAssign: cst.Subtract,
    cst.FloorDivideAssign: cst.FloorDivide,
    cst.DivideAssign: cst.Divide,
    cst.ModuloAssign: cst.Modulo,
}
_BACK = {after: before for before, after in _PAIRS.items()}
_PLAIN = (
    cst.Integer, cst.Float, cst.Name, cst.SimpleString, cst.FormattedString, cst.Call,
    cst.Subscript, cst.Attribute,
)  # fmt: skip


def rewrite(draft: Draft, rng: Random) -> Draft:
    """Write some sums the other way."""
    own = {"__add__", "__iadd__", "__radd__", "__sub__", "__isub__", "numpy", "pandas"}
    if own & draft.names():
        return draft
    return draft.having(draft.module.visit(_Sums(draft, Some(rng))))


class _Sums(cst.CSTTransformer):
    def __init__(self, draft: Draft, chosen: Some) -> None:
        self._draft = draft
        self._chosen = chosen
        self._texts: list[set[str]] = []

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        given = self._draft.kinds if self._draft.is_rule(node) and not self._texts else {}
        self._texts.append(_texts(node, {name for name, kind in given.items() if kind == "str"}))

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        self._texts.pop()
        return updated_node

    def _can_be_both(self, target: cst.CSTNode, value: cst.BaseExpression) -> bool:
        if _is_number(value):
            return True
        is_text = isinstance(target, cst.Name) and self._texts and target.value in self._texts[-1]
        return bool(is_text) and _is_text(value)

    def leave_AugAssign(
        self, original_node: cst.AugAssign, updated_node: cst.AugAssign
    ) -> cst.AugAssign | cst.Assign:
        target, value = updated_node.target, updated_node.value
        after = _PAIRS.get(type(updated_node.operator))
        can = _is_place(target) and self._can_be_both(target, value)
        if after is None or not can or not self._chosen():
            return updated_node
        right = (
            value
            if isinstance(value, _PLAIN)
            else value.with_changes(
                lpar=[cst.LeftParen(), *value.lpar], rpar=[*value.rpar, cst.RightParen()]
            )
        )
        return cst.Assign([cst.AssignTarget(target)], cst.BinaryOperation(target, after(), right))

    def leave_Assign(
        self, original_node: cst.Assign, updated_node: cst.Assign
    ) -> cst.AugAssign | cst.Assign:
        value = updated_node.value
        if len(updated_node.targets) != 1 or not isinstance(value, cst.BinaryOperation):
            return updated_node
        target, before = updated_node.targets[0].target, _BACK.get(type(value.operator))
        same = value.left.deep_equals(target) and not value.lpar and _is_place(target)
        flat = _is_number(value.right) or _is_text(value.right)
        if before is None or not same or not flat or not self._chosen():
            return updated_node
        return cst.AugAssign(target, before(), value.right)


def _is_place(node: cst.CSTNode) -> bool:
    """Tell whether a target is a name, or an item at a name or a constant, in no parentheses."""
    match node:
        case cst.Name(lpar=[]):
            return True
        case cst.Subscript(
            value=cst.Name(), slice=[cst.SubscriptElement(slice=cst.Index(value=at, star=None))]
        ):
            return isinstance(at, cst.Name | cst.Integer | cst.SimpleString)
    return False


def _is_number(node: cst.BaseExpression) -> bool:
    """Tell whether an expression can be nothing but a number."""
    match node:
        case cst.Integer() | cst.Float():
            return True
        case cst.Call(func=cst.Name(value=name)):
            return name in _NUMBERS
        case cst.UnaryOperation(expression=inner):
            return _is_number(inner)
        case cst.BinaryOperation(left=left, right=right):
            return _is_number(left) and _is_number(right)
    return False


def _is_text(node: cst.BaseExpression) -> bool:
    """Tell whether an expression can be nothing but a text."""
    match node:
        case cst.SimpleString() | cst.FormattedString():
            return not any(isinstance(one, cst.NamedExpr) for one in walk(node))
        case cst.Call(func=cst.Name(value=name)):
            return name in _TEXTS
        case cst.BinaryOperation(left=left, operator=cst.Add(), right=right):
            return _is_text(left) and _is_text(right)
    return False


def _texts(function: cst.FunctionDef, given: set[str]) -> set[str]:
    """Return the variables of a function that are texts whenever they are bound."""
    good: list[str] = [*given]
    for node in walk(function):
        match node:
            case cst.Assign(
                targets=[cst.AssignTarget(target=cst.Name(value=name))], value=value
            ) if _is_text(value) or (
                isinstance(value, cst.BinaryOperation)
                and isinstance(value.left, cst.Name)
                and value.left.value == name
                and _is_text(value.right)
            ):
                good.append(name)
            case cst.AugAssign(target=cst.Name(value=name)):
                good.append(name)  # which keeps it one, if it was one
    names = bound(function)
    return {name for name in good if good.count(name) == names.count(name)}
