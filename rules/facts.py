"""What a task file says about itself, read from its syntax tree: nothing in it is run.

These names may stand at the top of a task file; each is a literal, and each can be left out:

==============  =======================================  ==========================================
``TITLE``       the task's name for people               the file's name, with spaces
``SOURCE``      where the task comes from                ``own``
``SPLIT``       what it is for                           ``pretrain``
``LENGTH``      what the length of an instance counts    made from the type hints
``MIN_LENGTH``  the shortest instance there is           1
``MAX_LENGTH``  the longest instance there is            none
==============  =======================================  ==========================================
"""

import ast
from dataclasses import dataclass
from typing import Any

from rfft.tracer.errors import SourceRejected
from rfft.tracer.plan.choice import RESERVED, choose

from .errors import TaskRejected

_TEXTS = ("TITLE", "SOURCE", "SPLIT", "LENGTH")
_NUMBERS = ("MIN_LENGTH", "MAX_LENGTH")

# What the length of an argument counts, by the name of its type.
_COUNTED = {"int": "digits", "float": "digits", "str": "characters"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a task file says about itself; `functions` are the reserved ones that it defines."""

    title: str
    source: str
    split: str
    length: str
    min_length: int
    max_length: int | None
    functions: frozenset[str]


def read_facts(text: str, name: str, where: str, function: str | None = None) -> Facts:
    """Return what the text of a task file says; `where` begins the line of a `TaskRejected`."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        line = error.lineno or 1
        raise TaskRejected(f"{where}: syntax error in line {line}: {error.msg}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise TaskRejected(f"{where}: cannot be parsed: {error}") from None
    functions = {n.name for n in tree.body if isinstance(n, ast.FunctionDef)} & RESERVED
    said = _said(tree, where)
    least, most = said.get("MIN_LENGTH", 1), said.get("MAX_LENGTH")
    if most is not None and most < least:
        raise TaskRejected(f"{where}: MAX_LENGTH {most} is less than MIN_LENGTH {least}")
    return Facts(
        title=said.get("TITLE", name.replace("_", " ")),
        source=said.get("SOURCE", "own"),
        split=said.get("SPLIT", "pretrain"),
        length=said.get("LENGTH") or _counted(tree, functions, function),
        min_length=least,
        max_length=most,
        functions=frozenset(functions),
    )


def _said(tree: ast.Module, where: str) -> dict[str, Any]:
    """Return the values of the reserved names that a module assigns."""
    said: dict[str, Any] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names = [t.id for t in node.targets if isinstance(t, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names = [node.target.id]
        else:
            continue
        for name in names:
            if name in _TEXTS or name in _NUMBERS:
                said[name] = _literal(node.value, name, where)
    return said


def _literal(node: ast.expr | None, name: str, where: str) -> Any:
    try:
        value = ast.literal_eval(node) if node is not None else None
    except (ValueError, TypeError, MemoryError, RecursionError):
        value = None
    if name in _TEXTS:
        if isinstance(value, str) and value.strip() and value.isprintable():
            return value
        raise TaskRejected(f"{where}: {name} must be a text on one line, such as {name} = 'sum'")
    if type(value) is int and value >= 0:
        return value
    raise TaskRejected(f"{where}: {name} must be a whole number, such as {name} = 5")


def _counted(tree: ast.Module, functions: set[str], function: str | None) -> str:
    """Say what the length counts, for a task that does not."""
    if "inputs" in functions:
        return "size of the input"
    try:
        node, _ = choose(tree, function)
    except SourceRejected:
        return "size of the input"
    arguments = [a for a in (*node.args.posonlyargs, *node.args.args) if a.arg != "self"]
    units = [f"{_COUNTED.get(_base(a.annotation), 'items')} of {a.arg}" for a in arguments]
    return ", ".join(units) or "nothing"


def _base(annotation: ast.expr | None) -> str:
    """Return the name of the type that a hint is about."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value
    if isinstance(annotation, ast.Subscript):
        base = _base(annotation.value)
        inner = annotation.slice
        if base == "Annotated" and isinstance(inner, ast.Tuple) and inner.elts:
            return _base(inner.elts[0])
        return base
    if isinstance(annotation, ast.Attribute):
        return annotation.attr
    return annotation.id if isinstance(annotation, ast.Name) else ""
