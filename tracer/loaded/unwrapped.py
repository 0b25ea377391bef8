"""Decorators that are no part of a rule: they make its traces."""

import ast
import inspect
from collections.abc import Mapping
from types import FunctionType
from typing import Any
from weakref import WeakSet

from ..plan.names import FunctionNode
from ..plan.source import walk

NO_PART: list[Any] = []
"""The decorators that are left out of a rule's text and of its runs."""
WRAPPERS: WeakSet[FunctionType] = WeakSet()
"""What such decorators have made of functions."""


def own(value: Any) -> Any:
    """Return what is under such decorators."""
    while type(value) is FunctionType and value in WRAPPERS:
        value = value.__wrapped__  # type: ignore[attr-defined]
    return value


def without_marks(text: str, names: Mapping[str, Any]) -> str:
    """Return a module's text with empty lines in place of such decorators."""
    marks = lines_of_marks(text, names)
    if not marks:
        return text
    return "\n".join("" if n in marks else line for n, line in enumerate(text.split("\n")))


def lines_of_marks(text: str, names: Mapping[str, Any]) -> set[int]:
    """Return the lines of a module's text, from 0, in which there are such decorators.

    `names` says what the module's names stand for.
    """
    if "@" not in text:
        return set()
    found = [
        decorator
        for node in walk(ast.parse(text))
        if isinstance(node, FunctionNode)
        for decorator in node.decorator_list
        if _is_mark(decorator, names)
    ]
    return {n for d in found for n in range(d.lineno - 1, d.end_lineno or d.lineno)}


def _is_mark(node: ast.expr, names: Mapping[str, Any]) -> bool:
    value = _value(node, names)
    if value is None:  # a name of the functions around it
        name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        return any(name == one.__name__ for one in NO_PART)
    return any(value is one for one in NO_PART)


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """Return what a dotted name stands for, None if that is not known."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        around = _value(node.value, names)
        return getattr(around, node.attr, None) if inspect.ismodule(around) else None
    return None


def with_helpers(function: FunctionType) -> list[FunctionType]:
    """Return a function and those of its own module that it uses."""
    found: dict[int, FunctionType] = {id(function): function}
    stack = [function]
    while stack:
        for name in stack.pop().__code__.co_names:
            helper = own(function.__globals__.get(name))
            if (
                isinstance(helper, FunctionType)
                and helper.__module__ == function.__module__
                and id(helper) not in found
            ):
                found[id(helper)] = helper
                stack.append(helper)
    return list(found.values())
