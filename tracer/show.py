"""The text of a value, as every trace prints it.

The text depends on the value alone: not on the machine, the hash seed or the Python version,
and never on code of the rule. Values are told apart by exact type (``type(x) is list``), and
objects of the rule's own classes are read through their slots and instance dictionary, so no
``__repr__``, ``__eq__``, ``__hash__`` or ``__getattr__`` of theirs is ever called.
"""

import builtins
import collections
import types
import unicodedata
from collections.abc import Callable, Iterable
from itertools import chain
from sys import get_int_max_str_digits
from typing import Any

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


def _ids_of_bases(kind: type) -> set[int]:
    """Return what tells the bases of a class without asking any metaclass if classes are equal."""
    return set(map(id, _type_mro(kind)))


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
    if id(value) in within or len(within) >= _DEPTH or within.left < 0:
        return _HOLLOW.get(kind, "...")
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
    """Escape what cannot be printed, by rules that no Unicode version changes."""
    if c in ("\\", quote):
        return "\\" + c
    if c.isascii():
        return str.__repr__(c)[1:-1] if c != "'" else c
    if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs"):
        return c
    code = ord(c)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _items(values: Iterable[Any], within: _Within) -> str:
    return ", ".join([_show(v, within) for v in values])


def _show_list(value: list[Any], within: _Within) -> str:
    return f"[{_items(value, within)}]"


def _show_tuple(value: tuple[Any, ...], within: _Within) -> str:
    comma = "," if len(value) == 1 else ""
    return f"({_items(value, within)}{comma})"


def _pairs(value: dict[Any, Any], within: _Within) -> str:
    pairs = [f"{_show(k, within)}: {_show(v, within)}" for k, v in dict.items(value)]
    return "{" + ", ".join(pairs) + "}"


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
    return f"<function {value.__qualname__}>"


def _show_builtin(value: Any) -> str:
    return f"<built-in function {value.__name__}>"


def _show_method(value: Any) -> str:
    function = value.__func__
    name = function.__qualname__ if type(function) is types.FunctionType else "?"
    return f"<bound method {name}>"


def _show_class(value: type) -> str:
    return f"<class '{_type_name(value)}'>"


def _show_module(value: types.ModuleType) -> str:
    name = types.ModuleType.__getattribute__(value, "__dict__").get("__name__")
    return f"<module '{name}'>" if type(name) is str else "<module>"


def _show_object(value: Any, within: _Within) -> str:
    """Show an object of a class that has no form of its own."""
    kind = type(value)
    bases = _ids_of_bases(kind)
    if id(type) in bases:
        return _show_class(value)
    name = _type_name(kind)
    if not _is_from_statement(kind) and id(BaseException) not in bases:
        return f"<{name}>"  # an iterator, a lock, a file: nothing to read without running it
    attributes = instance_attributes(value)
    enum_name = attributes.get("_name_")
    if type(enum_name) is str and "_value_" in attributes:
        return f"{name}.{enum_name}"
    within.left = min(within.left, _MOST_OF_OBJECTS)
    if id(value) in within or len(within) >= _DEPTH or within.left < 0:
        return f"{name}(...)"
    within.append(id(value))
    # One base at most: their layouts exclude one another.
    parts = [_BASES[base](value, within) for base in _BASES.keys() & bases]
    parts += [f"{k}={_show(v, within)}" for k, v in attributes.items()]
    within.pop()
    return f"{name}({', '.join(p for p in parts if p)})"


def instance_attributes(value: object) -> dict[str, Any]:
    """Return what an object holds in slots and in its dictionary, running no code of its class."""
    found: dict[str, Any] = {}
    seen_dict = False
    kind = type(value)
    mro = _type_mro(kind)
    if _type_size(kind) <= _PLAIN_SIZE + _WORD * (_type_weak(kind) > 0):  # no room for slots
        for base in mro:
            member = _type_dict(base).get("__dict__")
            if type(member) is types.GetSetDescriptorType:
                own = member.__get__(value)
                if type(own) is dict:
                    return {k: v for k, v in dict.items(own) if type(k) is str}
        return found
    for base in mro:
        for name, member in _type_dict(base).items():
            kind = type(member)
            if kind is types.MemberDescriptorType and not name.startswith("__"):
                try:
                    found[name] = member.__get__(value)
                except AttributeError:  # an empty slot
                    continue
            elif kind is types.GetSetDescriptorType and name == "__dict__" and not seen_dict:
                seen_dict = True
                try:
                    own = member.__get__(value)
                except AttributeError:
                    continue
                if type(own) is dict:
                    found.update((k, v) for k, v in own.items() if type(k) is str)
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
    args = BaseException.__dict__["args"].__get__(error)
    if len(args) == 1 and type(args[0]) is str and type(error) is not KeyError:
        message = args[0]
    else:
        message = _items(args, _Within())
    return _type_name(type(error)), message


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
_HOLLOW: dict[type, str] = {list: "[...]", tuple: "(...)", dict: "{...}", set: "{...}"}
_TUPLE, _LIST = {id(tuple)}, {id(list)}
_CODE = {types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType}
_PLAIN = set(map(id, (int, bool, float, str, type(None))))
_FIXED = {
    types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType,
    zip, map, filter, enumerate, reversed, type(iter([])), type(iter(())), type(iter("")),
    type(iter(range(0))), type(iter({})), type(iter(set())),
}  # fmt: skip
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
