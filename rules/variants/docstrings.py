"""Docstrings taken out, or put in."""

from random import Random

import libcst as cst

from .draft import Draft


def take_out(draft: Draft, rng: Random) -> Draft:
    """Take out all docstrings of functions, but for the one that a task's question is made of."""
    return draft.having(draft.module.visit(_Out(draft)))


def put_in(draft: Draft, rng: Random) -> Draft:
    """Put a docstring into each function that has none; the rule's is a question."""
    return draft.having(draft.module.visit(_In(draft)))


class _Out(cst.CSTTransformer):
    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        kept = self._draft.asks and self._draft.is_rule(original_node)
        body = updated_node.body
        if kept or updated_node.get_docstring() is None or not isinstance(body, cst.IndentedBlock):
            return updated_node
        first = body.body[0]
        assert isinstance(first, cst.SimpleStatementLine)
        rest = [first.with_changes(body=first.body[1:])] if first.body[1:] else []
        found = [*rest, *body.body[1:]] or [cst.SimpleStatementLine([cst.Pass()])]
        return updated_node.with_changes(body=body.with_changes(body=found))


class _In(cst.CSTTransformer):
    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        is_rule, body = self._draft.is_rule(original_node), updated_node.body
        if updated_node.get_docstring() is not None or not isinstance(body, cst.IndentedBlock):
            return updated_node
        names = [p.name.value for p in updated_node.params.params if p.name.value != "self"]
        if not names or (is_rule and self._draft.asks):
            return updated_node
        if is_rule:
            text = f"What is the result for {' and '.join(f'{{{name}}}' for name in names)}?"
        else:
            text = f"Help with {' and '.join(f'`{name}`' for name in names)}."
        line = cst.SimpleStatementLine([cst.Expr(cst.SimpleString(f'"""{text}"""'))])
        return updated_node.with_changes(body=body.with_changes(body=[line, *body.body]))
