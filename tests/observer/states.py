"""The texts of all that a function can see at one moment, and of the places that it names."""

import ast
from collections import Counter, OrderedDict, defaultdict, deque
from types import FrameType, FunctionType
from typing import Any

from .describing import attributes_of, describe, is_data
from .program import Code
from .records import State

_HOLDERS = (list, dict, Counter, OrderedDict, defaultdict, deque)


def state_of(frame: FrameType, code: Code) -> State:
    """Return what the variables that a function can see hold, as texts."""
    held = dict(frame.f_locals)
    own = frame.f_code
    outer = set(own.co_freevars)
    state: State = {}
    for name, value in held.items():
        if name == code.receiver and not isinstance(value, type):
            if is_data(value):
                for attribute, part in attributes_of(value).items():
                    if is_data(part):
                        state[f"{name}.{attribute}"] = describe(part)
                state |= of_class(code, value, state)
            continue
        if not name.isidentifier() or (name in outer and name not in code.used):
            continue
        if name.startswith("__") or not is_data(value):
            continue
        state[name] = describe(value)
    names = frame.f_globals
    locals_ = {*own.co_varnames, *own.co_cellvars, *own.co_freevars}
    for name in code.used:
        if name in held or name not in names or name in locals_ or name.startswith("__"):
            continue
        if is_data(names[name]):
            state[name] = describe(names[name])
    for dotted in code.dotted:
        root, attribute = dotted.split(".")
        owner = held[root] if root in held else names.get(root)
        if isinstance(owner, type | FunctionType) and _of_rule(owner):
            for base in owner.__mro__ if isinstance(owner, type) else [owner]:
                if attribute in vars(base):
                    if is_data(vars(base)[attribute]):
                        state[dotted] = describe(vars(base)[attribute])
                    break
    return state


def of_class(code: Code, receiver: object, own: State) -> State:
    """Return the attributes of its class that a method reaches through its object."""
    found: State = {}
    for dotted in code.dotted:
        root, attribute = dotted.split(".")
        if root == code.receiver and dotted not in own:
            for base in type(receiver).__mro__:
                if attribute not in vars(base):
                    continue
                part = vars(base)[attribute]
                if is_data(part) and not hasattr(type(part), "__get__"):
                    found[dotted] = describe(part)
                break
    return found


def paths_of(frame: FrameType, code: Code) -> State:
    """Return the attributes of objects in variables that a function's code names."""
    found: State = {}
    for dotted in code.dotted:
        root, attribute = dotted.split(".")
        owner = frame.f_locals.get(root)
        if owner is not None and _of_rule(type(owner)):
            parts = attributes_of(owner)
            if attribute in parts:
                found[dotted] = describe(parts[attribute])
    return found


def _of_rule(owner: Any) -> bool:
    return getattr(owner, "__module__", None) == "rule"


def with_keys(target: Any, live: dict[int, Any]) -> str:
    """Return a place with the values of its keys: `dp[2]` for `dp[i]`."""
    if isinstance(target, ast.Attribute):
        return f"{with_keys(target.value, live)}.{target.attr}"
    if isinstance(target, ast.Subscript):
        key = live.get(getattr(target.slice, "number", -1), target.slice)
        text = ast.unparse(key) if isinstance(key, ast.AST) else describe(key)
        return (
            f"{with_keys(target.value, live)}[{text.strip('()') if type(key) is tuple else text}]"
        )
    return ast.unparse(target)


def held(target: Any, live: dict[int, Any]) -> tuple[Any] | None:
    """Return what a plain container or an object holds in a place, without running its code."""
    owner = live.get(getattr(target.value, "number", -1))
    if owner is None:
        return None
    if isinstance(target, ast.Attribute):
        found = attributes_of(owner)
        return (found[target.attr],) if target.attr in found else None
    if isinstance(target.slice, ast.Slice):
        return None
    key = live.get(getattr(target.slice, "number", -1))
    if isinstance(target.slice, ast.Constant):
        key = target.slice.value
    if type(key) not in (int, str, bool, float, tuple) or type(owner) not in _HOLDERS:
        return None
    try:
        found = dict.__getitem__(owner, key) if isinstance(owner, dict) else owner[key]
    except (LookupError, TypeError):
        return None
    return (found,)
