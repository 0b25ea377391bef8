"""A helper put into a class, as a static method of it."""

from random import Random

import libcst as cst

from .draft import Draft, fresh, walk

_NAMES = ("Helper", "Tools", "Parts", "Steps")


def rewrite(draft: Draft, rng: Random) -> Draft:
    """Put one of the helpers that are only called into a class."""
    helpers = [
        part
        for part in draft.module.body
        if isinstance(part, cst.FunctionDef) and _can_move(draft, part)
    ]
    if not helpers:
        return draft
    helper = rng.choice(helpers)
    names = list(_NAMES)
    rng.shuffle(names)
    owner = fresh(names, draft.names())
    return draft.having(draft.module.visit(_Calls(helper.name.value, owner)))


def _can_move(draft: Draft, helper: cst.FunctionDef) -> bool:
    name = helper.name.value
    if draft.function.partition(".")[0] == name or helper.decorators or helper.asynchronous:
        return False
    if any(
        isinstance(one, cst.Name) and one.value.startswith("__") and not one.value.endswith("__")
        for one in walk(helper)
    ):
        return False  # a name that means another one in a class
    named = sum(isinstance(n, cst.Name) and n.value == name for n in walk(draft.module))
    calls = sum(
        isinstance(n, cst.Call) and isinstance(n.func, cst.Name) and n.func.value == name
        for n in walk(draft.module)
    )
    return calls > 0 and named == calls + 1


class _Calls(cst.CSTTransformer):
    """Calls a method in place of a function, and makes the function one."""

    def __init__(self, name: str, owner: str) -> None:
        self._name = name
        self._owner = owner
        self._depth = 0

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        self._depth += 1

    def leave_ClassDef(
        self, original_node: cst.ClassDef, updated_node: cst.ClassDef
    ) -> cst.ClassDef:
        self._depth -= 1
        return updated_node

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._depth += 1

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef | cst.ClassDef:
        self._depth -= 1
        if self._depth or original_node.name.value != self._name:
            return updated_node
        static = cst.Decorator(cst.Name("staticmethod"))
        method = updated_node.with_changes(leading_lines=[], decorators=[static])
        return cst.ClassDef(
            cst.Name(self._owner),
            cst.IndentedBlock([method]),
            leading_lines=updated_node.leading_lines,
        )

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        function = updated_node.func
        if not isinstance(function, cst.Name) or function.value != self._name:
            return updated_node
        method = cst.Attribute(cst.Name(self._owner), function)
        return updated_node.with_changes(func=method)
