"""The text of a value, as every trace prints it.

The text depends on the value alone: not on the machine, the hash seed or the Python version,
and never on code of the rule. Values are told apart by exact type (``type(x) is list``), and
objects of the rule's own classes are read through their slots and instance dictionary, so no
``__repr__``, ``__eq__``, ``__hash__`` or ``__getattr__`` of theirs is ever called.
"""

import builtins
import collections
import types
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import chain
from sys import get_int_max_str_digits
from typing import Any

from . import library
from .characters import escaped, printable
from .library import is_of_python, module_of

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

_DEPTH = 100  # containers nested deeper than this are shown as "..."
_MOST = 5_000  # parts of a value that are shown; containers after them as "..."
_MOST_OF_OBJECTS = 1_000  # the same once objects of the rule's classes are among them
DIGITS = 4300  # longer ints are shown in hexadecimal: Python's usual limit
_LARGEST = 10**DIGITS - 1
_SHORT_INT = 2000  # bits: about 600 digits, below the smallest limit that can be set
_CHUNK = 10**600

_type_name = type.__dict__["__name__"].__get__
_type_mro = type.__dict__["__mro__"].__get__
_type_flags = type.__dict__["__flags__"].__get__
_type_dict = type.__dict__["__dict__"].__get__
_type_size = type.__dict__["__basicsize__"].__get__
_type_weak = type.__dict__["__weakrefoffset__"].__get__
_BUILT_IN = 1 << 8  # the flag of types that nothing can change
_PLAIN_SIZE = object.__basicsize__
_WORD = tuple.__itemsize__


class _Within(list[int]):
    """The ids of the containers that a part of a value stands in, outermost first.

    `left` is how many more parts may be shown: objects that hold one another in many ways would
    make a text without end.
    """

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = _MOST

    def is_full_for(self, value: object) -> bool:
        """Tell whether a container is to be shown without what it holds."""
        return id(value) in self or len(self) >= _DEPTH or self.left < 0


def show(value: object) -> str:
    """Return the text of `value`; for plain data it is Python's own ``repr``."""
    kind = type(value)
    if type(kind) is not type:  # a metaclass of the rule's own must not be asked for a hash
        return _show_object(value, _Within())
    scalar = _SCALARS.get(kind)
    if scalar is not None:
        return scalar(value)
    if kind is list and isinstance(value, list) and _is_plain(value):
        try:
            text = list.__repr__(value)
        except ValueError:  # an int past the digits limit
            return _show(value, _Within())
        if (
            text.isascii()
            and "\\" not in text
            and (len(text) <= DIGITS or get_int_max_str_digits() == DIGITS)
        ):
            return text
    return _show(value, _Within())


def _is_plain(value: list[Any]) -> bool:
    """Tell whether ``repr`` of a list runs no code of the rule: scalars, or rows of them."""
    kinds = set(map(id, map(type, value)))
    if kinds in (_TUPLE, _LIST):
        kinds = set(map(id, map(type, chain.from_iterable(value))))
    return kinds <= _PLAIN


def is_scalar(value: object) -> bool:
    """Tell whether the text of `value` can never change while a name stays bound to it."""
    kind = type(value)
    return type(kind) is type and (kind in _SCALARS or kind in _FIXED)


def is_code(value: object) -> bool:
    """Tell whether `value` is a part of the program (a function, a class, a module), not data."""
    kind = type(value)
    return (type(kind) is type and kind in _CODE) or id(type) in _ids_of_bases(kind)


def is_class(value: object) -> bool:
    """Tell whether `value` is a class, of whatever metaclass."""
    return id(type) in _ids_of_bases(type(value))


def is_iterator(value: object) -> bool:
    """Tell whether `value` is an iterator of Python's own, on its way to what will read it."""
    kind = type(value)
    return bool(_type_flags(kind) & _BUILT_IN) and "__next__" in _type_dict(kind)


def _ids_of_bases(kind: type) -> set[int]:
    """Return what tells the bases of a class without asking any metaclass if classes are equal."""
    return set(map(id, _type_mro(kind) or ()))


def _show(value: Any, within: _Within) -> str:
    """Show `value`, which is a part of what `within` holds."""
    within.left -= 1
    kind = type(value)
    if type(kind) is not type:
        return _show_object(value, within)
    scalar = _SCALARS.get(kind)
    if scalar is not None:
        return scalar(value)
    container = _CONTAINERS.get(kind)
    if container is None:
        return _show_object(value, within)
    if within.is_full_for(value):
        return _HOLLOW.get(kind) or f"{kind.__name__}(...)"
    within.append(id(value))
    text = container(value, within)
    within.pop()
    return text


def _show_int(value: int) -> str:
    if value.bit_length() < _SHORT_INT:
        return int.__repr__(value)
    if not -_LARGEST <= value <= _LARGEST:
        return hex(value)
    sign, parts, rest = "-" if value < 0 else "", [], abs(value)
    while rest >= _CHUNK:  # whatever the digits limit in force, a chunk is below it
        rest, part = divmod(rest, _CHUNK)
        parts.append(f"{part:0600d}")
    return sign + str(rest) + "".join(reversed(parts))


def _show_str(value: str) -> str:
    text = str.__repr__(value)
    if value.isascii():
        return text
    quote = text[0]
    return quote + "".join(_show_character(c, quote) for c in value) + quote


def _show_character(c: str, quote: str) -> str:
    if c in ("\\", quote):
        return "\\" + c
    return escaped(c)


def _items(values: Iterable[Any], within: _Within) -> str:
    return ", ".join([_show(v, within) for v in values])


def _show_list(value: list[Any], within: _Within) -> str:
    return f"[{_items(value, within)}]"


def _show_tuple(value: tuple[Any, ...], within: _Within) -> str:
    comma = "," if len(value) == 1 else ""
    return f"({_items(value, within)}{comma})"


def _pairs(value: dict[Any, Any], within: _Within) -> str:
    if _is_namespace(value):
        return "{...}"
    items = dict.items(value) if type(value) is dict else _in_order(value)
    pairs = [f"{_show(k, within)}: {_show(v, within)}" for k, v in items]
    return "{" + ", ".join(pairs) + "}"


def _in_order(value: dict[Any, Any]) -> Iterable[tuple[Any, Any]]:
    """Return the items of a dict of some other type; an `OrderedDict` has an order of its own."""
    if id(collections.OrderedDict) not in _ids_of_bases(type(value)):
        return dict.items(value)
    keys = library.ordered_keys(value)
    return dict.items(value) if keys is None else [(k, dict.__getitem__(value, k)) for k in keys]


def _is_namespace(value: dict[Any, Any]) -> bool:
    """Tell whether a dict is all that a module or a class has, as `exec` adds it to another."""
    for first in dict.keys(value):
        return type(first) is str and first in ("__name__", "__module__") and len(value) > 3
    return False


def _sorted_items(value: Iterable[Any], within: _Within) -> str:
    """Show the items of a set in an order that does not depend on their hashes."""
    items = list(value)
    kinds = set(map(id, map(type, items)))
    if kinds <= {id(int), id(bool)} or kinds == {id(str)}:
        return _items(sorted(items), within)
    return ", ".join(sorted(_show(v, within) for v in items))


def _show_set(value: set[Any], within: _Within) -> str:
    return "{" + _sorted_items(set.__iter__(value), within) + "}" if value else "set()"


def _show_frozenset(value: frozenset[Any], within: _Within) -> str:
    inner = "{" + _sorted_items(frozenset.__iter__(value), within) + "}" if value else ""
    return f"frozenset({inner})"


def _show_deque(value: collections.deque[Any], within: _Within) -> str:
    bound = "" if value.maxlen is None else f", maxlen={value.maxlen}"
    return f"deque([{_items(value, within)}]{bound})"


def _show_defaultdict(value: collections.defaultdict[Any, Any], within: _Within) -> str:
    return f"defaultdict({_show(value.default_factory, within)}, {_pairs(value, within)})"


def _show_counter(value: collections.Counter[Any], within: _Within) -> str:
    return f"Counter({_pairs(value, within) if value else ''})"


def _show_ordered_dict(value: collections.OrderedDict[Any, Any], within: _Within) -> str:
    return f"OrderedDict({_pairs(value, within) if value else ''})"


def _show_view(value: Iterable[Any], within: _Within) -> str:
    return f"{type(value).__name__}([{_items(value, within)}])"


def _show_slice(value: slice, within: _Within) -> str:
    return f"slice({_items((value.start, value.stop, value.step), within)})"


def _show_function(value: Any) -> str:
    return f"<function {printable(value.__qualname__)}>"


def _show_builtin(value: Any) -> str:
    return f"<built-in function {value.__name__}>"


def _show_method(value: Any) -> str:
    function = value.__func__
    name = function.__qualname__ if type(function) is types.FunctionType else "?"
    return f"<bound method {printable(name)}>"


def _show_class(value: type) -> str:
    return f"<class '{printable(_type_name(value))}'>"


def _show_module(value: types.ModuleType) -> str:
    name = types.ModuleType.__getattribute__(value, "__dict__").get("__name__")
    return f"<module '{printable(name)}'>" if type(name) is str else "<module>"


def _show_object(value: Any, within: _Within) -> str:
    """Show an object of a class that has no form of its own here."""
    kind = type(value)
    if _type_flags(kind) & _BUILT_IN and _learn(kind):
        return _show(value, within)
    bases = _ids_of_bases(kind)
    if id(type) in bases:
        return _show_class(value)
    name = _type_name(kind)
    if type(name) is not str or not name.isidentifier():
        name = printable(name)
    if not _is_from_statement(kind) and id(BaseException) not in bases:
        if id(tuple) in bases:
            return _show_record(value, kind, name, within)
        return f"<{name}>"  # a lock, a file: nothing to read without running it
    within.left = min(within.left, _MOST_OF_OBJECTS)
    if within.is_full_for(value):
        return f"{name}(...)"
    attributes, text = instance_attributes(value), None
    within.append(id(value))
    if "_value_" in attributes and "_name_" in attributes:
        text = _show_member(attributes, name, within)
    elif is_of_python(module_of(kind)):
        text = _form(attributes, library.place(kind), within)
        # What is private there differs by version.
        attributes = {k: v for k, v in attributes.items() if not k.startswith("_")}
    if text is None:
        parts = _show_base(value, kind, bases, within) if len(bases) > 2 else []
        parts += [f"{k}={_show(v, within)}" for k, v in attributes.items()]
        text = f"{name}({', '.join(parts)})"
    within.pop()
    return text


def _show_member(attributes: dict[str, Any], name: str, within: _Within) -> str:
    """Show a member of an enumeration."""
    member = attributes["_name_"]
    if type(member) is str:
        return f"{name}.{printable(member)}"
    return f"{name}({_show(attributes['_value_'], within)})"


def _show_base(value: Any, kind: type, bases: set[int], within: _Within) -> list[str]:
    """Show what an object holds as one of a built-in type, as the first arguments of its class."""
    fields = _field_names(kind) if id(tuple) in bases else ()
    if fields and len(fields) == tuple.__len__(value):
        items = tuple.__iter__(value)
        return [f"{f}={_show(v, within)}" for f, v in zip(fields, items, strict=True)]
    # One base at most: their layouts exclude one another.
    text = "".join([_BASES[base](value, within) for base in _BASES.keys() & bases])
    return [text] if text else []


def _form(held: Mapping[str, Any], place: str, within: _Within) -> str | None:
    """Return the text that a class of the standard library has for its objects, if it has one."""
    form = library.HELD.get(place)
    try:
        return form(held, lambda part: _show(part, within)) if form else None
    except _ODD:
        return None


def _learn(kind: type) -> bool:
    """Add the form of a type of the standard library to those that are known here."""
    place, nothing = library.place(kind), f"<{_type_name(kind)}>"
    plain, parts = library.PLAIN.get(place), library.PARTS.get(place)
    if plain is not None:
        scalar = plain

        def show_scalar(value: Any) -> str:
            try:
                return scalar(value)
            except _ODD:
                return nothing

        _SCALARS[kind] = show_scalar
    elif parts is not None:
        container = parts

        def show_parts(value: Any, within: _Within) -> str:
            try:
                return container(value, lambda part: _show(part, within))
            except _ODD:
                return nothing

        _CONTAINERS[kind] = show_parts
        if place in library.FIXED:
            _FIXED.add(kind)
    return plain is not None or parts is not None


def _field_names(kind: type) -> tuple[str, ...]:
    """Return the names that the items of a named tuple have."""
    for base in _type_mro(kind) or ():
        names = _type_dict(base).get("_fields")
        if type(names) is tuple and all(type(n) is str for n in names):
            return tuple(map(printable, names))
    return ()


def _show_record(value: Any, kind: type, name: str, within: _Within) -> str:
    """Show a tuple of a type written in C, such as `time.struct_time`."""
    names = _type_dict(kind).get("__match_args__")
    if type(names) is not tuple or not all(type(n) is str for n in names):
        names = ()
    parts = [f"{n}={_show(v, within)}" for n, v in zip(names, tuple.__iter__(value), strict=False)]
    return f"{module_of(kind)}.{name}({', '.join(parts)})" if parts else f"<{name}>"


def instance_attributes(value: object) -> dict[str, Any]:
    """Return what an object holds in slots and in its dictionary, running no code of its class.

    The names are as they are shown.
    """
    found: dict[str, Any] = {}
    seen_dict = False
    kind = type(value)
    mro = _type_mro(kind) or ()  # none while a class is being made
    if _type_size(kind) <= _PLAIN_SIZE + _WORD * (_type_weak(kind) > 0):  # no room for slots
        for base in mro:
            member = _type_dict(base).get("__dict__")
            if type(member) is types.GetSetDescriptorType:
                own = member.__get__(value)
                if type(own) is dict:
                    return {
                        k if k.isidentifier() else printable(k): v
                        for k, v in dict.items(own)
                        if type(k) is str
                    }
        return found
    raised = id(BaseException) in map(id, mro)
    for base in mro:
        known = raised and library.is_built_in(base)  # what it holds is shown as the arguments
        for name, member in _type_dict(base).items():
            kind = type(member)
            if type(name) is not str:
                continue
            if kind is types.MemberDescriptorType and not (known or name.startswith("__")):
                try:
                    found[name] = member.__get__(value)
                except (AttributeError, TypeError):  # an empty slot, or one of another class
                    continue
            elif kind is types.GetSetDescriptorType and name == "__dict__" and not seen_dict:
                seen_dict = True
                try:
                    own = member.__get__(value)
                except (AttributeError, TypeError):
                    continue
                if type(own) is dict:
                    found.update((printable(k), v) for k, v in own.items() if type(k) is str)
    return found


def _is_from_statement(kind: type) -> bool:
    """Tell classes made by a class statement from those written in C."""
    held = _type_dict(kind)
    if "__module__" not in held or not _type_flags(kind) & (1 << 9):
        return False
    return id(_SLOT) not in map(id, map(type, held.values())) or not any(
        type(member) is _SLOT and member.__objclass__ is kind for member in held.values()
    )


_SLOT = types.WrapperDescriptorType  # how a class written in C holds its special methods


def show_exception(error: BaseException) -> tuple[str, str]:
    """Return the type name and the message of an exception, running no code of its class."""
    return printable(_type_name(type(error))), _message(error)


def _message(error: BaseException) -> str:
    """Return what the built-in class of an exception makes of it as a message."""
    args = BaseException.__dict__["args"].__get__(error)
    built_in = [base for base in _type_mro(type(error)) or () if library.is_built_in(base)]
    if all(type(type(v)) is type and type(v) in _SIMPLE for v in _held_by(error, built_in, args)):
        to_text = next(d["__str__"] for d in map(_type_dict, built_in) if "__str__" in d)
        try:
            return str(to_text(error))
        except ValueError:  # an int past the digits limit
            pass
    if len(args) != 1:
        return _show_tuple(args, _Within()) if args else ""
    if type(args[0]) is str and KeyError not in built_in:
        return args[0]
    return _show(args[0], _Within())


def _held_by(error: BaseException, built_in: list[type], args: tuple[Any, ...]) -> list[Any]:
    """Return what the message of an exception is made of: fields of its classes and arguments."""
    fields = {
        name: member
        for base in built_in
        for name, member in _type_dict(base).items()
        if type(member) is types.MemberDescriptorType
    }
    if "exceptions" in fields:  # of a group: only how many there are
        return [fields["message"].__get__(error)]
    held = [v for a in args for v in (a if type(a) is tuple else (a,))]
    for member in fields.values():
        try:
            held.append(member.__get__(error))
        except AttributeError:
            continue
    return held


_SCALARS: dict[type, Callable[[Any], str]] = {
    int: _show_int,
    str: _show_str,
    bool: bool.__repr__,
    float: float.__repr__,
    complex: complex.__repr__,
    bytes: bytes.__repr__,
    range: lambda r: (
        "range("
        + ", ".join(map(_show_int, (r.start, r.stop) if r.step == 1 else (r.start, r.stop, r.step)))
        + ")"
    ),
    type(None): lambda _: "None",
    type(...): lambda _: "Ellipsis",
    type(NotImplemented): lambda _: "NotImplemented",
    types.FunctionType: _show_function,
    types.BuiltinFunctionType: _show_builtin,
    types.MethodType: _show_method,
    types.ModuleType: _show_module,
    type: _show_class,
}
_FIXED: set[type] = set()  # containers of values that never change
_HOLLOW: dict[type, str] = {
    list: "[...]",
    collections.deque: "[...]",
    tuple: "(...)",
    dict: "{...}",
    set: "{...}",
}
_TUPLE, _LIST = {id(tuple)}, {id(list)}
_CODE = {
    types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType,
    types.MethodDescriptorType, types.WrapperDescriptorType, types.MethodWrapperType,
    type(lru_cache(str)),
}  # fmt: skip
# What reading an odd value raises: a buffer that is closed, an attribute that is missing.
_ODD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, NotImplementedError)
_SIMPLE = {int, bool, float, str, bytes, type(None)}
_PLAIN = set(map(id, (int, bool, float, str, type(None))))
_CONTAINERS: dict[type, Callable[[Any, _Within], str]] = {
    list: _show_list,
    tuple: _show_tuple,
    dict: _pairs,
    set: _show_set,
    frozenset: _show_frozenset,
    bytearray: lambda value, _: bytearray.__repr__(value),
    slice: _show_slice,
    collections.deque: _show_deque,
    collections.defaultdict: _show_defaultdict,
    collections.Counter: _show_counter,
    collections.OrderedDict: _show_ordered_dict,
    library.Unordered: lambda value, within: "{" + _sorted_items(value, within) + "}",
    type({}.keys()): _show_view,
    type({}.values()): _show_view,
    type({}.items()): _show_view,
}
# How an instance of a subclass shows the built-in part of itself.
_BASES: dict[int, Callable[[Any, _Within], str]] = {
    id(list): lambda v, a: f"[{_items(list.__iter__(v), a)}]",
    id(tuple): lambda v, a: _items(tuple.__iter__(v), a),
    id(dict): _pairs,
    id(set): lambda v, a: "{" + _sorted_items(set.__iter__(v), a) + "}",
    id(frozenset): lambda v, a: "{" + _sorted_items(frozenset.__iter__(v), a) + "}",
    id(collections.deque): lambda v, a: f"[{_items(collections.deque.__iter__(v), a)}]",
    id(int): lambda v, _: _show_int(int.__int__(v)),
    id(float): lambda v, _: float.__repr__(v),
    id(str): lambda v, _: _show_str(str.__str__(v)),
    id(bytes): lambda v, _: bytes.__repr__(v),
    id(BaseException): lambda v, a: _items(BaseException.__dict__["args"].__get__(v), a),
}
