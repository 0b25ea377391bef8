"""What values and their classes hold, read without running any code of a rule.

Classes are asked through the slots of `type`, whatever their metaclass answers; objects of the
rule's own classes are read through their slots and instance dictionary. Of a type written in C,
which no rule can change or make, a value's own methods may be called.
"""

import builtins
import types
from collections import OrderedDict
from collections.abc import Iterable
from functools import lru_cache
from gc import get_referents
from itertools import chain
from sys import stdlib_module_names
from typing import Any

from .characters import printable

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

name_of = type.__dict__["__name__"].__get__
mro_of = type.__dict__["__mro__"].__get__
members_of = type.__dict__["__dict__"].__get__
_flags = type.__dict__["__flags__"].__get__
_module = type.__dict__["__module__"].__get__
_size = type.__dict__["__basicsize__"].__get__
_weak = type.__dict__["__weakrefoffset__"].__get__
_IMMUTABLE, _ON_HEAP = 1 << 8, 1 << 9  # flags of types
_PLAIN_SIZE = object.__basicsize__
_WORD = tuple.__itemsize__

# Classes


def place(kind: type) -> str:
    """Return the module and the name of a class, by which the tables have it."""
    name = name_of(kind)
    return f"{module_of(kind)}.{name}" if type(name) is str else ""


def module_of(kind: type) -> str:
    """Return the name of the module that a class says it is of, or ``""``."""
    try:
        module = _module(kind)
    except AttributeError:
        return ""
    return module if type(module) is str else ""


@lru_cache(100)
def is_of_python(module: str) -> bool:
    """Tell whether a module is one of the standard library."""
    return module.partition(".")[0] in stdlib_module_names


def is_built_in(kind: type) -> bool:
    """Tell whether a type is one that no rule can make or change."""
    return type(kind) is type and bool(_flags(kind) & _IMMUTABLE)


def base_ids(kind: type) -> set[int]:
    """Return what tells the bases of a class without asking any metaclass if classes are equal."""
    return set(map(id, mro_of(kind) or ()))


def is_from_statement(kind: type) -> bool:
    """Tell classes made by a class statement from those written in C."""
    members = members_of(kind)
    if "__module__" not in members or not _flags(kind) & _ON_HEAP:
        return False
    return not any(type(m) is _SLOT and m.__objclass__ is kind for m in members.values())


_SLOT = types.WrapperDescriptorType  # how a class written in C holds its special methods


def field_names(kind: type) -> tuple[str, ...]:
    """Return the names that the items of a named tuple have."""
    for base in mro_of(kind) or ():
        names = members_of(base).get("_fields")
        if type(names) is tuple and all(type(n) is str for n in names):
            return tuple(map(printable, names))
    return ()


# Values


def is_code(value: object) -> bool:
    """Tell whether `value` is a part of the program (a function, a class, a module), not data."""
    kind = type(value)
    return (type(kind) is type and kind in _CODE) or id(type) in base_ids(kind)


def is_class(value: object) -> bool:
    """Tell whether `value` is a class, of whatever metaclass."""
    return id(type) in base_ids(type(value))


def is_iterator(value: object) -> bool:
    """Tell whether `value` is an iterator of Python's own, on its way to what will read it."""
    kind = type(value)
    return bool(_flags(kind) & _IMMUTABLE) and "__next__" in members_of(kind)


def instance_attributes(value: object) -> dict[str, Any]:
    """Return what an object holds in slots and in its dictionary, running no code of its class.

    The names are as they are shown.
    """
    kind = type(value)
    mro = mro_of(kind) or ()  # none while a class is being made
    if _size(kind) <= _PLAIN_SIZE + _WORD * (_weak(kind) > 0):  # no room for slots
        for base in mro:
            held = _dictionary(members_of(base).get("__dict__"), value)
            if held is not None:
                return held
        return {}
    attributes: dict[str, Any] = {}
    raised = id(BaseException) in map(id, mro)
    for base in mro:
        is_shown = raised and is_built_in(base)  # what it holds is shown as the arguments
        for name, member in members_of(base).items():
            if type(name) is not str:
                continue
            if name == "__dict__":
                attributes.update(_dictionary(member, value) or {})
            elif type(member) is _FIELD and not (is_shown or name.startswith("__")):
                try:
                    attributes[name] = member.__get__(value)
                except (AttributeError, TypeError):  # an empty slot, or one of another class
                    continue
    return attributes


_FIELD = types.MemberDescriptorType


def _dictionary(member: Any, value: object) -> dict[str, Any] | None:
    """Return the dictionary of an object by what its class has as ``__dict__``."""
    if type(member) is not types.GetSetDescriptorType:
        return None
    try:
        held = member.__get__(value)
    except (AttributeError, TypeError):
        return None
    if type(held) is not dict:
        return None
    items = dict.items(held)
    return {k if k.isidentifier() else printable(k): v for k, v in items if type(k) is str}


def ask(value: Any, method: str) -> Any:
    """Call a method of a type written in C; what the value itself holds is not looked at."""
    return members_of(type(value))[method](value)


def get(value: Any, name: str) -> Any:
    """Return a field of a value of a type written in C."""
    return members_of(type(value))[name].__get__(value)


def refers(value: Any) -> list[Any]:
    """Return the objects that a value of a C type refers to, in the order of its fields."""
    return [held for held in get_referents(value) if held is not type(value)]


def ordered_keys(value: dict[Any, Any]) -> list[Any] | None:
    """Return the keys of an `OrderedDict` in order; None if that would hash a key of the rule's."""
    keys = list(dict.keys(value))
    parts = chain.from_iterable(k if type(k) is tuple else (k,) for k in keys)
    if not set(map(id, map(type, parts))) <= _HASHED:
        return None
    try:
        return list(OrderedDict.__iter__(value))
    except (KeyError, RuntimeError):  # it was changed as a mere dict
        return keys


def ordered_items(value: dict[Any, Any]) -> Iterable[tuple[Any, Any]]:
    """Return the items of an `OrderedDict`, in its own order if that can be asked for."""
    keys = ordered_keys(value)
    return dict.items(value) if keys is None else [(k, dict.__getitem__(value, k)) for k in keys]


_HASHED = set(map(id, (int, bool, float, complex, str, bytes, type(None))))
_CODE = {
    types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType,
    types.MethodDescriptorType, types.WrapperDescriptorType, types.MethodWrapperType,
    type(lru_cache(str)),
}  # fmt: skip
