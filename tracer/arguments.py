"""Arguments as a rule takes them: lists as nodes where its hints say so, its own objects.

An input is literals, and names of classes that the rule's module defines: ``Color.RED``,
``Point(1, 2)``. They are made anew for each run, by the classes of the module that is run. Where a
hint names `ListNode`, `TreeNode` or `Node`, a list becomes what it spells (`rfft.tracer.values.
nodes`); a number stands for the node with that value in a tree given before, and ``pos=1`` beside
a linked list is the number of the node that it comes back to.
"""

import ast
import enum
from collections import deque
from collections.abc import Mapping
from itertools import chain
from typing import Any

from .errors import InputRejected
from .plan.names import FunctionNode, parameters
from .plan.pasted import NODES, hinted
from .plan.source import walk
from .values.nodes import NotThese, made
from .values.reading import instance_attributes
from .values.show import show
from .values.spelled import Spelled

POSITION = "pos"
"""The name of the number of the node that a linked list comes back to."""

_MANY = frozenset("List list Sequence Iterable Collection Deque deque Tuple tuple".split())
_Names = Mapping[str, Any]


class NotTaken(Exception):
    """An argument cannot be made as the rule takes it; told apart from what the rule raises."""


class Taking:
    """How the arguments of one rule are taken."""

    def __init__(self, tree: ast.Module, node: FunctionNode) -> None:
        hints = {p.arg: hinted(p.annotation) for p in parameters(node.args)}
        self._hints = {name: h for name, h in hints.items() if h is not None and _nodes_of(h)}
        self._fields = {c.name: _fields(c) for c in tree.body if isinstance(c, ast.ClassDef)}
        self.classes = frozenset(self._fields) | _made_by_calls(tree)
        linked = any(_nodes_of(h) & {"ListNode", "Node"} for h in self._hints.values())
        self.has_position = linked and POSITION not in hints
        self.nodes = bool(self._hints)
        self.is_plain = not self._hints and not self.classes

    def check(self, bound: Mapping[str, Any]) -> None:
        """See that what is given for nodes may be some. Raises InputRejected."""
        for name, hint in self._hints.items():
            value = bound.get(name)
            if isinstance(value, str | float | bool | bytes | dict | set):
                kind = ast.unparse(hint)
                raise InputRejected(f"{name} is {kind}: give it as a list, not {show(value)[:40]}")

    def taken(self, bound: Mapping[str, Any], names: _Names) -> dict[str, Any]:
        """Return arguments by parameter as the rule gets them.

        `names` are those of the module as it is run. Raises NotTaken.
        """
        found = {
            name: self._object(value, names) if _spells(value, set()) else value
            for name, value in bound.items()
        }
        at = found.pop(POSITION, None) if self.has_position else None
        nodes: dict[str, Any] = {}
        for name, hint in self._hints.items():
            if name in found:
                try:
                    nodes[name] = self._node(found[name], hint, names, at)
                except NotThese as problem:
                    text = show(found[name])[:60]
                    raise NotTaken(f"{name} = {text} is no {ast.unparse(hint)}: {problem}") \
                        from None  # fmt: skip
        for name, value in nodes.items():
            if type(value) is int:
                nodes[name] = _in_trees(value, nodes.values(), name)
        return {**found, **nodes}

    def _node(self, value: Any, hint: ast.expr, names: _Names, at: int | None) -> Any:
        """Return a value as a hint says it."""
        of = _nodes_of(hint)
        if not of or type(value) not in (list, tuple):
            return value
        match hinted(hint):
            case ast.Name(id=name):
                kind, fields = names.get(name), self._fields.get(name)
                if not isinstance(kind, type) or fields is None:
                    return value
                return made(kind, list(value), fields, at)
            case ast.Subscript(value=outer, slice=inner):
                if _last(outer) in _MANY:
                    item = inner.elts[0] if isinstance(inner, ast.Tuple) else inner
                    return type(value)(self._node(one, item, names, None) for one in value)
                parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            case ast.BinOp(left=left, right=right):
                parts = [left, right]
            case _:
                return value
        part = next((p for p in parts if _nodes_of(p)), None)
        return value if part is None else self._node(value, part, names, at)

    def _object(self, value: Any, names: _Names) -> Any:
        """Return a value with the objects in it that were spelled."""
        kind = type(value)
        if kind in (list, tuple, set):
            return kind(self._object(one, names) for one in value)
        if kind is dict:
            return {self._object(k, names): self._object(v, names) for k, v in value.items()}
        return self._own(value, names) if kind is Spelled else value

    def _own(self, spelled: Spelled, names: _Names) -> Any:
        kind = names.get(spelled.kind)
        if not isinstance(kind, type):
            raise NotTaken(f"{spelled.kind} is no class of the rule's")
        if spelled.member is not None:
            members: dict[str, Any] = {}
            if isinstance(kind, enum.EnumMeta):
                members = dict(kind.__members__)
            if spelled.member not in members:
                known = ", ".join(members) or "it is no enumeration"
                raise NotTaken(f"{spelled.kind} has no {spelled.member}; there are {known}"
                                    if members else f"{show(spelled)}: {known}")  # fmt: skip
            return members[spelled.member]
        args = [self._object(one, names) for one in spelled.args]
        named = {name: self._object(one, names) for name, one in spelled.named}
        try:
            return kind(*args, **named)
        except Exception as error:
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise NotTaken(f"{show(spelled)[:60]} cannot be made: {reason[:200]}") from None


def _spells(value: Any, seen: set[int]) -> bool:
    """Tell whether an argument holds an object that was spelled; all else is taken as it is."""
    kind = type(value)
    if kind is Spelled:
        return True
    if kind not in (list, tuple, set, dict) or id(value) in seen:
        return False
    seen.add(id(value))
    parts = chain(value, value.values()) if kind is dict else value
    return any(_spells(part, seen) for part in parts)


def changed_in_place(node: FunctionNode, owner: ast.ClassDef | None, is_method: bool) -> bool:
    """Tell whether a rule answers with an argument that it changes: it returns nothing itself.

    Only what a prompt shows counts, for the rule to be the same when it is read from there: a
    method, or a function that says ``-> None``, and something in it is assigned in place.
    """
    says_none = isinstance(node.returns, ast.Constant) and node.returns.value is None
    if not (is_method or says_none):
        return False
    own = _own_nodes(node)
    if any(isinstance(n, ast.Yield | ast.YieldFrom | ast.Await) for n in own):
        return False
    if any(isinstance(n, ast.Return) and not _is_none(n.value) for n in own):
        return False
    return any(_changes(n) for n in walk(owner or node))


_IN_PLACE = frozenset(
    "add append appendleft clear discard extend extendleft insert pop popitem popleft remove"
    " reverse rotate setdefault sort update".split()
)


def _changes(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript | ast.Attribute):
        base = node.value
        of_self = isinstance(base, ast.Name) and base.id == "self"
        return not isinstance(node.ctx, ast.Load) and not of_self
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in _IN_PLACE
    return False


def _is_none(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _own_nodes(node: FunctionNode) -> list[ast.AST]:
    """Return the nodes of a function without those of functions in it."""
    found: list[ast.AST] = [*node.body]
    for one in found:
        if not isinstance(one, FunctionNode | ast.ClassDef | ast.Lambda):
            found += ast.iter_child_nodes(one)
    return found


def _nodes_of(hint: ast.expr) -> set[str]:
    parts = [hinted(p) if isinstance(p, ast.Constant) else p for p in walk(hint)]
    names = (n for p in parts if isinstance(p, ast.expr) for n in walk(p))
    return {n.id for n in names if isinstance(n, ast.Name)} & set(NODES)


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _fields(kind: ast.ClassDef) -> frozenset[str]:
    """Return the attributes that the objects of a class have, as far as its text says."""
    found = {
        s.target.id
        for s in kind.body
        if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)
    }
    for function in kind.body:
        if isinstance(function, FunctionNode) and function.name == "__init__":
            found |= {
                n.attr
                for n in walk(function)
                if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)
            }
    return frozenset(found)


def _made_by_calls(tree: ast.Module) -> frozenset[str]:
    """Return names that calls may make classes for: ``Point = namedtuple("Point", "x y")``."""
    return frozenset(
        t.id
        for s in tree.body
        if isinstance(s, ast.Assign) and isinstance(s.value, ast.Call)
        for t in s.targets
        if isinstance(t, ast.Name)
    )


def _in_trees(value: int, roots: Any, name: str) -> Any:
    """Return the node with a value in trees or lists. Raises NotTaken."""
    queue = deque(root for root in roots if root is not None and type(root) is not int)
    seen: set[int] = set()
    while queue:
        node = queue.popleft()
        if id(node) in seen or node is None:
            continue
        seen.add(id(node))
        held = instance_attributes(node)
        if held.get("val") == value:
            return node
        queue += [held.get(way) for way in ("left", "right", "next")]
    raise NotTaken(f"{name} = {value}: there is no node with this value in what is given")
