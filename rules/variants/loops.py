"""``for`` over items, over an index, over both.

Only over lists, tuples and texts that the loop does not change: parameters of the rule that are
such on all inputs, and variables that are bound once, to such a value.
"""

from random import Random

import libcst as cst

from .draft import Draft, Some, bound, called, fresh, mentions, parts, walk

_INDEXES = ("i", "j", "k", "index", "place")
_ITEMS = ("item", "entry", "element", "one")
_FIXED = ("str", "tuple")
_MAKERS = {"list": "list", "sorted": "list", "str": "str", "tuple": "tuple"}
_METHODS = {"split": "list", "strip": "str", "lower": "str", "upper": "str", "join": "str"}


def rewrite(draft: Draft, rng: Random) -> Draft:
    """Write some loops the other way."""
    return draft.having(draft.module.visit(_Loops(draft, Some(rng))))


class _Loops(cst.CSTTransformer):
    def __init__(self, draft: Draft, chosen: Some) -> None:
        self._draft = draft
        self._chosen = chosen
        self._taken = draft.names()
        self._functions: list[cst.FunctionDef] = []
        self._known: list[dict[str, str]] = []

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        given = self._draft.kinds if self._draft.is_rule(node) and not self._functions else {}
        self._functions.append(node)
        self._known.append(_sequences(node, given))

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        self._functions.pop()
        self._known.pop()
        return updated_node

    def leave_For(self, original_node: cst.For, updated_node: cst.For) -> cst.For:
        body = updated_node.body
        if original_node.asynchronous or not self._functions:
            return updated_node
        # What is below has been looked at already, and one change at a place is enough.
        untouched = body.deep_equals(original_node.body)
        if not untouched or not isinstance(body, cst.IndentedBlock):
            return updated_node
        match original_node.iter:
            case cst.Name(value=name) if self._is_whole(name, original_node.body):
                return self._by_index(updated_node, name)
            case cst.Call() as call if (length := called(call, "range")) is not None:
                sequence, target = called(length, "len"), original_node.target
                if isinstance(sequence, cst.Name) and isinstance(target, cst.Name):
                    return self._by_item(original_node, updated_node, sequence.value, target.value)
        return updated_node

    def _is_whole(self, name: str, body: cst.CSTNode) -> bool:
        """Tell whether a name is of a sequence that stays as it is in a loop's body."""
        kind = self._known[-1].get(name)
        return kind in _FIXED or (kind == "list" and not mentions(body, name))

    def _by_index(self, loop: cst.For, name: str) -> cst.For:
        if not isinstance(loop.target, cst.Name | cst.Tuple) or not self._chosen():
            return loop
        place = cst.Name(fresh(_INDEXES, self._taken))
        item = cst.Assign([cst.AssignTarget(loop.target)], _at(name, place))
        assert isinstance(loop.body, cst.IndentedBlock)
        body = [cst.SimpleStatementLine([item]), *loop.body.body]
        return loop.with_changes(
            target=place,
            iter=cst.parse_expression(f"range(len({name}))"),
            body=loop.body.with_changes(body=body),
        )

    def _by_item(self, before: cst.For, loop: cst.For, name: str, place: str) -> cst.For:
        kind, body = self._known[-1].get(name), before.body
        read = _Read(name, place)
        body.visit(read)
        stays = mentions(body, name) == read.count or kind in _FIXED
        again = place in bound(body)
        if kind is None or not stays or again or not read.count or not self._chosen():
            return loop
        item = cst.Name(fresh((*_one_of(name), *_ITEMS), self._taken))
        changed = loop.body.visit(_Put(name, place, item))
        # The place is not needed if it was asked for nowhere else.
        others = mentions(self._functions[-1], place) - mentions(before, place)
        if mentions(body, place) == read.count and not others:
            return loop.with_changes(target=item, iter=cst.Name(name), body=changed)
        both = cst.Tuple([cst.Element(cst.Name(place)), cst.Element(item)], lpar=[], rpar=[])
        numbered = cst.parse_expression(f"enumerate({name})")
        return loop.with_changes(target=both, iter=numbered, body=changed)


def _at(name: str, place: cst.Name) -> cst.Subscript:
    return cst.Subscript(cst.Name(name), [cst.SubscriptElement(cst.Index(place))])


def _is_at(node: cst.CSTNode, name: str, place: str) -> bool:
    return isinstance(node, cst.Subscript) and node.deep_equals(_at(name, cst.Name(place)))


class _Read(cst.CSTVisitor):
    """Counts where an item is read; one that is written makes the count fall short."""

    def __init__(self, name: str, place: str) -> None:
        self._name = name
        self._place = place
        self.count = 0

    def visit_Subscript(self, node: cst.Subscript) -> None:
        self.count += _is_at(node, self._name, self._place)

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        self.count -= self._below(node)

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        self.count -= self._below(node.target)

    def visit_Del(self, node: cst.Del) -> None:
        self.count -= self._below(node)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        self.count -= self._below(node.target)

    def visit_For(self, node: cst.For) -> None:
        self.count -= self._below(node.target)

    def _below(self, node: cst.CSTNode) -> int:
        return 1000 * sum(_is_at(one, self._name, self._place) for one in walk(node))


class _Put(cst.CSTTransformer):
    """Puts a name in place of an item."""

    def __init__(self, name: str, place: str, item: cst.Name) -> None:
        self._name = name
        self._place = place
        self._item = item

    def leave_Subscript(
        self, original_node: cst.Subscript, updated_node: cst.Subscript
    ) -> cst.Subscript | cst.Name:
        return self._item if _is_at(original_node, self._name, self._place) else updated_node


def _one_of(name: str) -> list[str]:
    """Return a name for one of several: a number of the numbers."""
    return [name[:-1]] if len(name) > 3 and name.endswith("s") and name[:-1].isidentifier() else []


def _sequences(function: cst.FunctionDef, given: dict[str, str]) -> dict[str, str]:
    """Return the names of a function that are of one list, tuple or text, with its type."""
    names = bound(function)
    found = {name: kind.partition("[")[0] for name, kind in given.items()}
    for node in walk(function):
        match node:
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=value):
                if kind := _kind(value):
                    found[name] = kind
    return {
        name: kind
        for name, kind in found.items()
        if names.count(name) == 1
        and (kind in _FIXED or (kind == "list" and not _escapes(function, name)))
    }


def _kind(value: cst.BaseExpression) -> str:
    match value:
        case cst.List() | cst.ListComp():
            return "list"
        case cst.SimpleString() | cst.FormattedString():
            return "str" if not getattr(value, "prefix", "").lower().startswith("b") else ""
        case cst.Call(func=cst.Name(value=name)):
            return _MAKERS.get(name, "")
        case cst.Call(func=cst.Attribute(value=cst.SimpleString(), attr=cst.Name(value=name))):
            return _METHODS.get(name, "")
    return ""


def _escapes(node: cst.CSTNode, name: str) -> bool:
    """Tell whether another name may reach a list.

    So it may if it stands anywhere but where it is read, gives its items, or is returned.
    """
    if isinstance(node, cst.Return):
        return False
    for part in parts(node):
        if isinstance(part, cst.Name) and part.value == name:
            if not isinstance(node, _READERS):
                return True
        elif isinstance(part, cst.Arg) and isinstance(part.value, cst.Name):
            copies = node.func if isinstance(node, cst.Call) else None
            copied = isinstance(copies, cst.Name) and copies.value in _COPYING
            if part.value.value == name and not copied:
                return True
        elif _escapes(part, name):
            return True
    return False


_COPYING = frozenset(
    "len sum max min sorted list set tuple any all str repr reversed enumerate dict frozenset"
    " range bool print".split()
)
_READERS = (
    cst.For, cst.CompFor, cst.Subscript, cst.Attribute, cst.Param, cst.AssignTarget,
    cst.Comparison, cst.ComparisonTarget, cst.If, cst.While, cst.UnaryOperation,
)  # fmt: skip
