"""Linked lists, trees and graphs as lists, as LeetCode writes them.

=============================  =================================================================
``val, next``                  ``[1, 2, 3]``; one that comes back to a node of it ends in ``...``
``val, left, right``           level by level, ``None`` where a child is missing: ``[1, None, 2]``;
                               with a ``next``, each level followed by ``'#'`` once it is linked
``val, children``              level by level, ``None`` after the children of each node
``val, neighbors``             the neighbours of the nodes 1, 2, 3 …: ``[[2], [1]]``
``val, next, random``          for each node its value and the number of its random one, or None
=============================  =================================================================

A `ListNode`, `TreeNode` or `Node` with other attributes, or in another state (a graph seen from
another node than its first one, a tree with a node in two places), is shown like any object.
"""

from collections import deque
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from .reading import instance_attributes

NAMES = frozenset({"ListNode", "TreeNode", "Node"})
"""The classes that this is about."""

_MOST = 5_000  # nodes that are shown; "..." after them
_Attributes = dict[str, Any]
_Show = Callable[[Any], str]


def is_node(attributes: _Attributes) -> bool:
    """Tell whether an object of one of the classes has the attributes of a node."""
    return frozenset(attributes) in _TEXTS


def text_of(value: Any, show: _Show) -> str | None:
    """Return the text of a node as a list, None if it has none; `show` shows what it holds."""
    attributes = instance_attributes(value)
    form = _TEXTS.get(frozenset(attributes))
    try:
        parts = form(value, show) if form is not None else None
    except _Other:
        return None
    return None if parts is None else f"[{', '.join(parts)}]"


class _Other(Exception):
    """A part is not what it is in such a structure."""


def _fields(node: Any, kind: type) -> _Attributes:
    """Return what a node holds. Raises _Other if it is of another class, or lacks something."""
    if type(node) is not kind:
        raise _Other
    attributes = instance_attributes(node)
    if frozenset(attributes) not in _TEXTS:
        raise _Other
    return attributes


def _chain(head: Any) -> tuple[list[Any], bool]:
    """Return the nodes of a linked list, and whether it goes on after them."""
    nodes: list[Any] = []
    seen: set[int] = set()
    node = head
    while node is not None:
        fields = _fields(node, type(head))
        if id(node) in seen or len(nodes) >= _MOST:
            return nodes, True
        seen.add(id(node))
        nodes.append(node)
        node = fields["next"]
    return nodes, False


def _linked(head: Any, show: _Show) -> list[str]:
    nodes, more = _chain(head)
    return [show(instance_attributes(n)["val"]) for n in nodes] + (["..."] if more else [])


def _random(head: Any, show: _Show) -> list[str] | None:
    nodes, more = _chain(head)
    places = {id(node): n for n, node in enumerate(nodes)}
    parts = []
    for node in nodes:
        fields = instance_attributes(node)
        other = fields["random"]
        if more or (other is not None and id(other) not in places):
            return None
        place = None if other is None else places[id(other)]
        parts.append(f"[{show(fields['val'])}, {place}]")
    return parts


def _tree(root: Any, show: _Show) -> list[str] | None:
    parts: list[str] = []
    levels: list[list[Any]] = []
    seen: set[int] = set()
    level: list[Any] = [root]
    while any(node is not None for node in level):
        below: list[Any] = []
        levels.append([])
        for node in level:
            if node is None:
                parts.append("None")
                continue
            fields = _fields(node, type(root))
            if id(node) in seen or len(seen) >= _MOST:
                return None
            seen.add(id(node))
            levels[-1].append(node)
            parts.append(show(fields["val"]))
            below += (fields["left"], fields["right"])
        level = below
    while parts and parts[-1] == "None":
        parts.pop()
    after = [instance_attributes(node).get("next") for level in levels for node in level]
    if all(node is None for node in after):
        return parts
    linked = [node for level in levels for node in (*level[1:], None)]
    if any(one is not other for one, other in zip(after, linked, strict=True)):
        return None  # some levels are linked, or in another way
    return [
        part
        for level in levels
        for part in (*(show(instance_attributes(node)["val"]) for node in level), "'#'")
    ]


def _many(root: Any, show: _Show) -> list[str] | None:
    parts = [show(_fields(root, type(root))["val"])]
    seen = {id(root)}
    queue = deque([root])
    ended = 0
    while queue:
        parts.append("None")
        children = _fields(queue.popleft(), type(root))["children"]
        if type(children) is not list:
            if children is not None:
                return None
            children = []
        for child in children:
            if id(child) in seen or len(seen) >= _MOST:
                return None
            seen.add(id(child))
            parts.append(show(_fields(child, type(root))["val"]))
            queue.append(child)
        if children:
            ended = len(parts)
    return parts[: ended or 1]


def _graph(first: Any, show: _Show) -> list[str] | None:
    kind, queue = type(first), deque([first])
    found: dict[int, Any] = {}
    while queue:
        node = queue.popleft()
        fields = _fields(node, kind)
        value = fields["val"]
        if type(value) is not int or type(fields["neighbors"]) is not list or len(found) >= _MOST:
            return None
        if value in found:
            if found[value] is not node:
                return None
            continue
        found[value] = node
        queue += fields["neighbors"]
    if found[min(found)] is not first or sorted(found) != list(range(1, len(found) + 1)):
        return None
    rows = [_fields(found[n], kind)["neighbors"] for n in sorted(found)]
    return [f"[{', '.join(show(_fields(n, kind)['val']) for n in row)}]" for row in rows]


_TEXTS: dict[frozenset[str], Callable[[Any, _Show], list[str] | None]] = {
    frozenset({"val", "next"}): _linked,
    frozenset({"val", "next", "random"}): _random,
    frozenset({"val", "left", "right"}): _tree,
    frozenset({"val", "left", "right", "next"}): _tree,
    frozenset({"val", "children"}): _many,
    frozenset({"val", "neighbors"}): _graph,
}


# The other way


class NotThese(ValueError):
    """A list does not spell a structure of these nodes; the text says why."""


def made(kind: type, data: list[Any], fields: frozenset[str], at: int | None = None) -> Any:
    """Return the first node of what a list spells, of a class whose objects have some attributes.

    An empty list is None. `at` is the number of the node that a linked list comes back to. Nothing
    of the class is run. Raises NotThese.
    """
    maker = _MAKERS.get(fields)
    if maker is None:
        raise NotThese(f"objects of {kind.__name__} are not made from lists")
    if not data:
        return None
    new = _Maker(kind, fields)
    if maker is _make_linked and at is not None:
        return _make_linked(new, data, at)
    return maker(new, data)


class _Maker:
    def __init__(self, kind: type, fields: frozenset[str]) -> None:
        self._kind, self._fields = kind, [f for f in _ORDER if f in fields]

    def __call__(self, value: Any) -> Any:
        node: Any = object.__new__(self._kind)
        for field in self._fields:
            given: Any = None
            if field == "val":
                given = value
            elif field in ("children", "neighbors"):
                given = []
            object.__setattr__(node, field, given)
        return node


_ORDER = ("val", "prev", "left", "right", "next", "random", "child", "children", "neighbors")
_put = object.__setattr__


def _make_linked(node: _Maker, data: list[Any], at: int = -1) -> Any:
    nodes = [node(value) for value in data]
    for before, after in pairwise(nodes):
        _put(before, "next", after)
    if not -1 <= at < len(nodes):
        raise NotThese(f"it has no node {at} to come back to")
    if at >= 0:
        _put(nodes[-1], "next", nodes[at])
    return nodes[0]


def _make_random(node: _Maker, data: list[Any]) -> Any:
    if not all(type(one) in (list, tuple) and len(one) == 2 for one in data):
        raise NotThese("each node of it is [value, number of the random node or null]")
    nodes = [node(value) for value, _ in data]
    for n, (_, other) in enumerate(data):
        if n + 1 < len(nodes):
            _put(nodes[n], "next", nodes[n + 1])
        if other is not None:
            if type(other) is not int or not 0 <= other < len(nodes):
                raise NotThese(f"it has no node {other!r}")
            _put(nodes[n], "random", nodes[other])
    return nodes[0]


def _make_tree(node: _Maker, data: list[Any]) -> Any:
    if data[0] is None:
        if len(data) > 1:
            raise NotThese("the first value of a tree is null")
        return None
    root = node(data[0])
    parents, values = deque([root]), iter(data[1:])
    for n, value in enumerate(values):
        if not parents:
            raise NotThese(f"nothing comes before the value {value!r} as its parent")
        if value is not None:
            child = node(value)
            _put(parents[0], "right" if n % 2 else "left", child)
            parents.append(child)
        if n % 2:
            parents.popleft()
    return root


def _make_many(node: _Maker, data: list[Any]) -> Any:
    root = node(data[0])
    parents, current = deque([root]), None
    for value in data[1:]:
        if value is None:
            if not parents:
                raise NotThese("it has more groups of children than nodes")
            current = parents.popleft()
        elif current is None:
            raise NotThese("null belongs after the first value")
        else:
            child = node(value)
            current.children.append(child)
            parents.append(child)
    return root


def _make_graph(node: _Maker, data: list[Any]) -> Any:
    nodes = [node(n) for n in range(1, len(data) + 1)]
    for one, row in zip(nodes, data, strict=True):
        if type(row) not in (list, tuple):
            raise NotThese("it has a list of neighbours for each node")
        for other in row:
            if type(other) is not int or not 1 <= other <= len(nodes):
                raise NotThese(f"it has no node {other!r}")
            one.neighbors.append(nodes[other - 1])
    return nodes[0]


_MAKERS: dict[frozenset[str], Callable[[_Maker, list[Any]], Any]] = {
    frozenset({"val", "next"}): _make_linked,
    frozenset({"val", "next", "random"}): _make_random,
    frozenset({"val", "left", "right"}): _make_tree,
    frozenset({"val", "left", "right", "next"}): _make_tree,
    frozenset({"val", "children"}): _make_many,
    frozenset({"val", "neighbors"}): _make_graph,
}
