"""Type hints taken out, or put in from what all inputs are."""

from random import Random

import libcst as cst

from .draft import RESERVED, Draft, walk


def take_out(draft: Draft, rng: Random) -> Draft:
    """Take out the hints of functions and of variables in them.

    Hints that name a class of the program's own stay: they say how inputs are read.
    """
    return draft.having(draft.module.visit(_Out()))


def put_in(draft: Draft, rng: Random) -> Draft:
    """Put hints at parameters of the rule that have none."""
    bound = {
        node.name.value
        for node in walk(draft.module)
        if isinstance(node, cst.Param | cst.FunctionDef | cst.ClassDef)
    }
    bound |= {
        node.target.value
        for node in walk(draft.module)
        if isinstance(node, cst.AssignTarget) and isinstance(node.target, cst.Name)
    }
    hints = {
        name: cst.parse_expression(kind)
        for name, kind in draft.kinds.items()
        if not bound & _words(cst.parse_expression(kind))
    }
    return draft.having(draft.module.visit(_In(draft, hints)))


def _words(node: cst.CSTNode) -> set[str]:
    return {one.value for one in walk(node) if isinstance(one, cst.Name)}


def _is_plain(node: cst.Annotation | None) -> bool:
    """Tell whether a hint has names of builtins and of typing, and nothing in quotes."""
    return node is not None and all(
        not isinstance(one, cst.SimpleString)
        and (not isinstance(one, cst.Name) or one.value in RESERVED)
        for one in walk(node)
    )


class _Out(cst.CSTTransformer):
    def __init__(self) -> None:
        self._scopes: list[cst.CSTNode] = []

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._scopes.append(node)

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        self._scopes.append(node)

    def leave_ClassDef(
        self, original_node: cst.ClassDef, updated_node: cst.ClassDef
    ) -> cst.ClassDef:
        self._scopes.pop()
        return updated_node

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        self._scopes.pop()
        return (
            updated_node.with_changes(returns=None)
            if _is_plain(updated_node.returns)
            else (updated_node)
        )

    def leave_Param(self, original_node: cst.Param, updated_node: cst.Param) -> cst.Param:
        if not _is_plain(updated_node.annotation):
            return updated_node
        close = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
        equal = close if updated_node.default is not None else updated_node.equal
        return updated_node.with_changes(annotation=None, equal=equal)

    def leave_AnnAssign(
        self, original_node: cst.AnnAssign, updated_node: cst.AnnAssign
    ) -> cst.AnnAssign | cst.Assign:
        inside = self._scopes and isinstance(self._scopes[-1], cst.FunctionDef)
        if (
            not inside
            or updated_node.value is None
            or not isinstance(updated_node.target, cst.Name)
            or not _is_plain(updated_node.annotation)
        ):
            return updated_node
        return cst.Assign([cst.AssignTarget(updated_node.target)], updated_node.value)


class _In(cst.CSTTransformer):
    def __init__(self, draft: Draft, hints: dict[str, cst.BaseExpression]) -> None:
        self._draft = draft
        self._hints = hints

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        if not self._draft.is_rule(original_node):
            return updated_node
        params = updated_node.params
        hinted = [self._hinted(one) for one in params.params]
        return updated_node.with_changes(params=params.with_changes(params=hinted))

    def _hinted(self, param: cst.Param) -> cst.Param:
        hint = self._hints.get(param.name.value)
        if hint is None or param.annotation is not None:
            return param
        equal = cst.AssignEqual() if param.default is not None else param.equal
        return param.with_changes(annotation=cst.Annotation(hint), equal=equal)
