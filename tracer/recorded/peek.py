"""Looks at parts of values without running any code of the rule.

Types are told apart by identity, attributes are found where they are stored. What cannot be found
this way, such as a property or an item of a class of the rule's own, is `MISSING`.
"""

import builtins
import collections
import sys
import types
from collections.abc import Iterable, Sequence
from types import FrameType
from typing import Any

from ..plan.statements import Statement
from ..values.reading import instance_attributes, is_class, is_code

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

MISSING: Any = object()

_type_mro = type.__dict__["__mro__"].__get__
_type_dict = type.__dict__["__dict__"].__get__
_function_dict = types.FunctionType.__dict__["__dict__"].__get__
_INERT = frozenset({int, str, bool, float, complex, bytes, range, type(None), type(...)})
_SEQUENCES = {list, tuple, str, bytes, collections.deque}
_DICTS = {dict, collections.defaultdict, collections.OrderedDict, collections.Counter}
_CHANGING = _DICTS | {list, set, bytearray, collections.deque}
_PLAIN = _INERT | _SEQUENCES | (_DICTS - {collections.defaultdict}) | {set, frozenset, bytearray}


def is_inert(value: object) -> bool:
    """Tell whether a value never changes and runs no code of the rule, whatever is done with it."""
    kind = type(value)
    return type(kind) is type and kind in _INERT


def is_plain(value: object) -> bool:
    """Tell whether asking a value for its items, or its truth, neither changes it nor runs code."""
    kind = type(value)
    return type(kind) is type and kind in _PLAIN


def can_change(value: object, module: object) -> bool:
    """Tell whether a value is a container that changes, or of a class that a module defines."""
    kind = type(value)
    if type(kind) is not type or kind in _INERT:
        return False
    own = _type_dict(kind).get("__module__")
    return kind in _CHANGING or (
        type(own) is str and own == module and tuple not in _type_mro(kind) and not is_code(value)
    )


def is_key(value: object) -> bool:
    """Tell whether looking for a value in a dict compares it with values of built-in types only."""
    if type(value) is tuple:
        return all(map(is_key, value))
    return is_inert(value)


def has_attributes(value: object) -> bool:
    """Tell whether a value is a class or function: its text does not show its attributes."""
    return type(value) is types.FunctionType or is_class(value)


def attribute(value: object, name: str) -> Any:
    """Return an attribute that is stored in an object, its class, a class or a function."""
    if name == "__class__":
        return type(value)
    if type(value) is types.FunctionType:
        return _function_dict(value).get(name, MISSING)
    if is_class(value):
        return _in_class(value, name)
    found = instance_attributes(value).get(name, MISSING)
    return _in_class(type(value), name) if found is MISSING else found


def _in_class(kind: Any, name: str) -> Any:
    for base in _type_mro(kind) or ():  # none while a class is being made
        held = _type_dict(base)
        if not all(type(key) is str for key in held):
            return MISSING  # a key of the rule's own could be asked whether it is the name
        if name in held:
            return MISSING if _computes(held[name]) else held[name]
    return MISSING


def _computes(member: object) -> bool:
    """Tell whether something stands in a class to work out an attribute when it is asked for."""
    return any("__get__" in _type_dict(base) for base in _type_mro(type(member)) or ())


def item(container: Any, key: Any) -> Any:
    """Return an item of a built-in container."""
    kind = type(container)
    if type(kind) is not type or not is_key(key):
        return MISSING
    if kind in _SEQUENCES:
        if type(key) not in (int, bool) or not -len(container) <= key < len(container):
            return MISSING
        return container[key]
    if kind in _DICTS and all(map(is_key, dict.keys(container))):
        return dict.get(container, key, MISSING)
    return MISSING


def follow(value: Any, parts: Sequence[str | None], keys: Sequence[Any]) -> Any:
    """Return what attributes and, for None, the next of `keys` lead to from a value."""
    used = iter(keys)
    for part in parts:
        if value is MISSING:
            return MISSING
        value = item(value, next(used, MISSING)) if part is None else attribute(value, part)
    return value


def part(values: dict[str, Any], name: str) -> Any:
    """Return the value of a variable or of an attribute with a name of its own."""
    root, *rest = name.split(".")
    value = values.get(root, MISSING)
    if not rest or value is MISSING:
        return value
    value = follow(value, rest, ())
    return MISSING if value is not MISSING and is_code(value) else value


def is_named(name: str, values: dict[str, Any], receiver: str | None) -> bool:
    """Tell whether an attribute is stated by its name: the state of no variable shows it."""
    root, _, rest = name.partition(".")
    return not rest or root == receiver or has_attributes(values.get(root, MISSING))


def find(s: Statement, values: dict[str, Any], at: FrameType) -> None:
    """Add the values of the variables that a statement's hooks are not given."""
    if s.outside:
        names = at.f_globals
        for name in s.outside:
            values[name] = dict.get(names, name, MISSING)
    if s.loose:
        lasting = sys.version_info < (3, 13)  # the dict is the frame's, and outlives the look
        if lasting and _may_be_seen(at):
            return
        names = at.f_locals
        for name in s.loose:
            values[name] = names.get(name, MISSING)
        code = at.f_code
        own = {*code.co_varnames, *code.co_cellvars, *code.co_freevars}
        if lasting and names.keys() <= own:
            names.clear()  # it must keep no object alive; it is no dict that came from outside


def local(at: FrameType, names: Iterable[str]) -> dict[str, Any] | None:
    """Return those variables of a function that are bound; None if looking could be noticed."""
    lasting = sys.version_info < (3, 13)
    if lasting and _may_be_seen(at):
        return None
    there = at.f_locals
    found = {name: there[name] for name in names if name in there}
    code = at.f_code
    if lasting and there.keys() <= {*code.co_varnames, *code.co_cellvars, *code.co_freevars}:
        there.clear()  # as in `find`
    return found


def _may_be_seen(at: FrameType) -> bool:
    """Tell whether a rule may hold the dict of a frame's variables, which to ask for renews.

    It has asked for it itself, or has given it with the code.
    """
    caller = at.f_back
    return not _SNAPSHOTS.isdisjoint(at.f_code.co_names) or (
        caller is not None and not _RUNS_CODE.isdisjoint(caller.f_code.co_names)
    )


_SNAPSHOTS = frozenset("locals vars dir eval exec f_locals _getframe settrace".split())
_RUNS_CODE = frozenset(("eval", "exec"))
