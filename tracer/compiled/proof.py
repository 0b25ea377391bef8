"""Finds the shapes of the variables of a function, or that nothing can be proved about them."""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from ..plan.statements import Module, Scope
from .expressions import Shapes, choices, is_fresh
from .shapes import OWNED, SCALARS, Shape, Unproved, frozen, item_of
from .variables import NotYet, Variables

_PASSES = 12


def infer(module: Module, scope: Scope, arguments: Mapping[str, Shape]) -> Shapes:
    """Find the shapes of a function's variables. Raises Unproved."""
    statements = [s for s in module.statements if s.scope is scope]
    variables = Variables(module, scope, arguments, statements)
    shapes = Shapes(variables)
    for _ in range(_PASSES):
        before, waiting = variables.begin_pass(), None
        for s in statements:
            variables.begin(s)
            try:
                _statement(shapes, s.node)
            except NotYet as reason:
                variables.local.clear()
                waiting = reason.at(s.line)
            except Unproved as reason:
                raise reason.at(s.line) from None
        if variables.is_done(before, waiting is not None):
            if waiting is None:
                variables.end()
                return shapes
            if variables.settled:
                raise waiting
            variables.settled = True
    raise Unproved("variables of which no end is found to what they may hold")


def _statement(shapes: Shapes, node: ast.stmt) -> None:
    handler = _STATEMENTS.get(node.__class__)
    if handler is not None:
        handler(shapes, node)


def _assign(shapes: Shapes, node: ast.Assign) -> None:
    for target in node.targets:
        _bind(shapes, target, node.value)
    if len(node.targets) > 1 and shapes.of(node.value)[0] in OWNED:
        raise Unproved("several targets for one object that could be changed")


def _annotated(shapes: Shapes, node: ast.AnnAssign) -> None:
    if node.value is not None:
        _bind(shapes, node.target, node.value)


def _bind(shapes: Shapes, target: ast.expr, value: ast.expr) -> None:
    """Note what an assignment binds."""
    shape = shapes.of(value)
    if shape[0] in OWNED and not is_fresh(value):
        name = target.id if isinstance(target, ast.Name) else None
        parts = choices(value)
        if not all(is_fresh(v) or (isinstance(v, ast.Name) and v.id == name) for v in parts):
            shapes.variables.share(value)
            if name in shapes.variables.mutated:
                raise Unproved(f"a second name for what {name} changes")
    if isinstance(target, _ROW) and isinstance(value, _ROW):
        if len(target.elts) != len(value.elts):
            raise Unproved("an unpacking into another number of targets")
        for t, v in zip(target.elts, value.elts, strict=True):
            _bind(shapes, t, v)
    else:
        shapes.bind(target, shape)


def _augmented(shapes: Shapes, node: ast.AugAssign) -> None:
    target = node.target
    left, right = shapes.of(target), shapes.of(node.value)
    result = shapes.operation(target, left, node.op, right)
    if left[0] == "list" and isinstance(target, ast.Name):
        adds = isinstance(node.op, ast.Add)
        if not (isinstance(node.op, ast.Mult) or (adds and right[0] == "list")):
            raise Unproved("an operation in place on a list, other than + with a list")
        shapes.variables.put(target.id, ("list", item_of(right) if adds else left[1]))
    elif left in SCALARS and result in SCALARS:
        shapes.bind(target, result)
    else:
        raise Unproved("an operation that may change an object in place")


def _loop(shapes: Shapes, node: ast.For) -> None:
    shapes.bind(node.target, frozen(item_of(shapes.of(node.iter))))


def _test(shapes: Shapes, node: ast.If | ast.While) -> None:
    shapes.condition(node.test)


def _value(shapes: Shapes, node: ast.Expr | ast.Return) -> None:
    if node.value is not None:
        shapes.of(node.value)


_ROW = (ast.Tuple, ast.List)
_STATEMENTS: dict[type[ast.stmt], Callable[[Shapes, Any], None]] = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.For: _loop,
    ast.If: _test,
    ast.While: _test,
    ast.Expr: _value,
    ast.Return: _value,
}
