"""What LeetCode does around a solution: lists become nodes, and nodes lists.

Made by the observer's own means: classes are called, and hints are looked at as objects.
"""

import ast
import typing
from collections import deque
from collections.abc import Callable
from typing import Any

NODES = ("ListNode", "TreeNode", "Node")
_MUTABLE = (list, dict, set, bytearray, deque)


class _Null(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.expr:
        known = {"null": None, "true": True, "false": False}
        return ast.Constant(known[node.id]) if node.id in known else node


def without_null(node: ast.expr) -> ast.expr:
    """Return a literal with Python's words in place of those of JSON."""
    return typing.cast("ast.expr", _Null().visit(node))


def given(
    function: Callable[..., Any], names: dict[str, Any], args: list[Any], kwargs: dict[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """Return arguments as a solution gets them."""
    plain = getattr(function, "__func__", function)
    hints = getattr(plain, "__annotations__", {})
    if not any(name in str(hint) for hint in hints.values() for name in NODES):
        return args, kwargs
    code = plain.__code__
    parameters = list(code.co_varnames[: code.co_argcount])
    if parameters[:1] == ["self"]:
        parameters = parameters[1:]
    at = kwargs.pop("pos", -1) if "pos" not in parameters else -1
    found = dict(zip(parameters, args, strict=False)) | kwargs
    for name, value in found.items():
        kind = _kind(str(hints.get(name, "")), names)
        if kind is None:
            continue
        if isinstance(value, list):
            many = "list[" in str(hints[name]).lower()
            found[name] = [_made(kind, v, at) for v in value] if many else _made(kind, value, at)
    for name, value in found.items():
        if type(value) is int and _kind(str(hints.get(name, "")), names) is not None:
            roots = [v for v in found.values() if type(v).__name__ in NODES]
            found[name] = next(n for root in roots for n in _below(root) if n.val == value)
    return list(found.values()), {}


def changed(function: Callable[..., Any], source: ast.Module, args: list[Any]) -> list[Any]:
    """Return the argument that a solution answers with if it returns nothing, alone in a list."""
    plain = getattr(function, "__func__", function)
    name = getattr(plain, "__name__", "")
    for node in ast.walk(source):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            inner = {
                id(r)
                for n in ast.walk(node)
                if isinstance(n, ast.FunctionDef | ast.Lambda) and n is not node
                for r in ast.walk(n)
            }
            returns = [
                r for r in ast.walk(node) if isinstance(r, ast.Return) and id(r) not in inner
            ]
            method = plain is not function or (
                node.args.args[:1] and node.args.args[0].arg == "self"
            )
            if not method or any(r.value is not None for r in returns):
                return []
    return [a for a in args if isinstance(a, _MUTABLE) or type(a).__name__ in NODES][:1]


def _kind(hint: str, names: dict[str, Any]) -> Any:
    return next((names[n] for n in NODES if n in hint and n in names), None)


def _below(root: Any) -> list[Any]:
    found = [root]
    for node in found:
        parts = [getattr(node, way, None) for way in ("left", "right", "next")]
        found += [p for p in parts if p is not None and p not in found]
    return found


def _made(kind: Any, data: list[Any], at: int) -> Any:
    if not data:
        return None
    one = kind(0)
    fields = vars(one)
    if "neighbors" in fields:
        nodes = [kind(n + 1) for n in range(len(data))]
        for node, row in zip(nodes, data, strict=True):
            node.neighbors = [nodes[n - 1] for n in row]
        return nodes[0]
    if "random" in fields:
        nodes = [kind(value) for value, _ in data]
        for n, (_, other) in enumerate(data):
            nodes[n].next = nodes[n + 1] if n + 1 < len(nodes) else None
            nodes[n].random = None if other is None else nodes[other]
        return nodes[0]
    if "children" in fields:
        return _many(kind, data)
    if "left" in fields:
        return _tree(kind, data)
    nodes = [kind(value) for value in data]
    for before, after in zip(nodes, [*nodes[1:], nodes[at] if at >= 0 else None], strict=True):
        before.next = after
    return nodes[0]


def _many(kind: Any, data: list[Any]) -> Any:
    nodes = [kind(data[0])]
    nodes[0].children = []
    parent = -1
    for value in data[1:]:
        if value is None:
            parent += 1
        else:
            child = kind(value)
            child.children = []
            nodes[parent].children.append(child)
            nodes.append(child)
    return nodes[0]


def _tree(kind: Any, data: list[Any]) -> Any:
    nodes = [None if value is None else kind(value) for value in data]
    kids = iter(nodes[1:])
    for node in nodes:
        if node is not None:
            node.left = next(kids, None)
            node.right = next(kids, None)
    return nodes[0]


# As texts


def as_list(value: Any, attributes: dict[str, Any], text: Callable[[Any], str]) -> str | None:
    """Return the text of a node as LeetCode writes it, None if it has no such text."""
    try:
        match sorted(attributes):
            case ["next", "val"]:
                return _listed(*_chained(value), text)
            case ["next", "random", "val"]:
                nodes, again = _chained(value)
                if again:
                    return None
                rows = [
                    f"[{text(n.val)}, {None if n.random is None else nodes.index(n.random)}]"
                    for n in nodes
                ]
                return f"[{', '.join(rows)}]"
            case ["left", "right", "val"]:
                return _levels(value, text)
            case ["left", "next", "right", "val"]:
                return _linked(value, text)
            case ["neighbors", "val"]:
                return _graph(value, text)
            case ["children", "val"]:
                return _groups(value, text)
    except (AttributeError, ValueError, KeyError, TypeError):
        return None
    return None


def _chained(node: Any) -> tuple[list[Any], bool]:
    nodes: list[Any] = []
    while node is not None and not any(node is n for n in nodes):
        nodes.append(node)
        node = node.next
    return nodes, node is not None


def _listed(nodes: list[Any], again: bool, text: Callable[[Any], str]) -> str:
    return f"[{', '.join([*(text(n.val) for n in nodes), *(['...'] if again else [])])}]"


def _rows(root: Any) -> list[list[Any]]:
    rows = [[root]]
    seen: list[Any] = []
    while any(n is not None for n in rows[-1]):
        real = [n for n in rows[-1] if n is not None]
        if any(n is s for n in real for s in seen) or len(set(map(id, real))) < len(real):
            raise ValueError
        seen += real
        rows.append([kid for n in real for kid in (n.left, n.right)])
    return rows


def _levels(root: Any, text: Callable[[Any], str]) -> str:
    flat = [n for row in _rows(root) for n in row]
    while flat[-1] is None:
        flat.pop()
    return f"[{', '.join('None' if n is None else text(n.val) for n in flat)}]"


def _linked(root: Any, text: Callable[[Any], str]) -> str | None:
    rows = [[n for n in row if n is not None] for row in _rows(root)]
    if all(n.next is None for row in rows for n in row):
        return _levels(root, text)
    if any(n.next is not m for row in rows for n, m in zip(row, [*row[1:], None], strict=False)):
        return None
    parts = [part for row in rows if row for part in (*(text(n.val) for n in row), "'#'")]
    return f"[{', '.join(parts)}]"


def _graph(first: Any, text: Callable[[Any], str]) -> str | None:
    nodes = [first]
    for node in nodes:
        nodes += [n for n in node.neighbors if not any(n is m for m in nodes)]
    if first.val != 1 or sorted(n.val for n in nodes) != list(range(1, len(nodes) + 1)):
        return None
    rows = [[text(m.val) for m in n.neighbors] for n in sorted(nodes, key=lambda n: n.val)]
    return "[" + ", ".join("[" + ", ".join(row) + "]" for row in rows) + "]"


def _groups(root: Any, text: Callable[[Any], str]) -> str:
    parts, nodes = [text(root.val)], [root]
    for node in nodes:
        parts.append("None")
        for kid in node.children or []:
            if any(kid is n for n in nodes):
                raise ValueError
            nodes.append(kid)
            parts.append(text(kid.val))
    while len(parts) > 1 and parts[-1] == "None":
        parts.pop()
    return f"[{', '.join(parts)}]"
