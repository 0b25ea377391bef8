"""The text of a value, as every trace prints it.

The text depends on the value alone: not on the machine, the hash seed or the Python version,
and never on code of the rule. Values are told apart by exact type (``type(x) is list``), and
objects of the rule's own classes are read through their slots and instance dictionary, so no
``__repr__``, ``__eq__``, ``__hash__`` or ``__getattr__`` of theirs is ever called.
"""

import builtins
import collections
import re
import types
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain
from sys import get_int_max_str_digits
from typing import Any

from . import library, nodes
from .characters import escaped, printable
from .iterators import Unordered, call
from .reading import (
    base_ids,
    field_names,
    instance_attributes,
    is_built_in,
    is_from_statement,
    is_of_python,
    members_of,
    module_of,
    name_of,
    ordered_items,
    place,
)
from .spelled import Spelled

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

_DEPTH = 100  # containers nested deeper than this are shown as "..."
_MOST = 5_000  # parts of a value that are shown; containers after them as "..."
_MOST_OF_OBJECTS = 1_000  # the same once objects of the rule's classes are among them
DIGITS = 4300  # longer ints are shown in hexadecimal: Python's usual limit
_LARGEST = 10**DIGITS - 1
_SHORT_INT = 2000  # bits: about 600 digits, below the smallest limit that can be set
_CHUNK = 10**600
_LONGEST = 2000  # characters of what Python prints for a value of a package
_ADDRESS = re.compile(" at 0x[0-9a-fA-F]+")


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
    return "\\" + c if c in ("\\", quote) else escaped(c)


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
    in_own_order = type(value) is not dict and id(_ORDERED) in base_ids(type(value))
    items = ordered_items(value) if in_own_order else dict.items(value)
    pairs = [f"{_show(k, within)}: {_show(v, within)}" for k, v in items]
    return "{" + ", ".join(pairs) + "}"


def _is_namespace(value: dict[Any, Any]) -> bool:
    """Tell whether a dict is all that a module or a class has, as `exec` adds it to another."""
    first = next(iter(dict.keys(value)), None)
    return type(first) is str and first in ("__name__", "__module__") and len(value) > 3


def _sorted_items(value: Iterable[Any], within: _Within) -> str:
    """Show the items of a set in an order that does not depend on their hashes."""
    items = list(value)
    kinds = set(map(id, map(type, items)))
    if kinds <= {id(int), id(bool)} or kinds == {id(str)}:
        return _items(sorted(items), within)
    return ", ".join(sorted(_show(v, within) for v in items))


def _braced(value: Iterable[Any], within: _Within) -> str:
    return "{" + _sorted_items(value, within) + "}"


def _show_set(value: set[Any], within: _Within) -> str:
    return _braced(set.__iter__(value), within) if value else "set()"


def _show_frozenset(value: frozenset[Any], within: _Within) -> str:
    return f"frozenset({_braced(frozenset.__iter__(value), within) if value else ''})"


def _show_deque(value: collections.deque[Any], within: _Within) -> str:
    bound = "" if value.maxlen is None else f", maxlen={value.maxlen}"
    return f"deque([{_items(value, within)}]{bound})"


def _show_defaultdict(value: collections.defaultdict[Any, Any], within: _Within) -> str:
    return f"defaultdict({_show(value.default_factory, within)}, {_pairs(value, within)})"


def _named_pairs(name: str) -> Callable[[dict[Any, Any], _Within], str]:
    return lambda value, within: f"{name}({_pairs(value, within) if value else ''})"


def _show_view(value: Iterable[Any], within: _Within) -> str:
    return f"{type(value).__name__}([{_items(value, within)}])"


def _show_slice(value: slice, within: _Within) -> str:
    return f"slice({_items((value.start, value.stop, value.step), within)})"


def _show_spelled(value: Spelled, within: _Within) -> str:
    if value.member is not None:
        return f"{value.kind}.{value.member}"
    named = [f"{name}={_show(one, within)}" for name, one in value.named]
    return call(value.kind, *(_show(one, within) for one in value.args), *named)


def _show_range(value: range) -> str:
    bounds = (value.start, value.stop, value.step)
    return call("range", *map(_show_int, bounds[: 2 if value.step == 1 else 3]))


def _show_function(value: Any) -> str:
    return f"<function {printable(value.__qualname__)}>"


def _show_builtin(value: Any) -> str:
    return f"<built-in function {value.__name__}>"


def _show_method(value: Any) -> str:
    function = value.__func__
    name = function.__qualname__ if type(function) is types.FunctionType else "?"
    return f"<bound method {printable(name)}>"


def _show_class(value: type) -> str:
    return f"<class '{printable(name_of(value))}'>"


def _show_module(value: types.ModuleType) -> str:
    name = types.ModuleType.__getattribute__(value, "__dict__").get("__name__")
    return f"<module '{printable(name)}'>" if type(name) is str else "<module>"


def _show_object(value: Any, within: _Within) -> str:
    """Show an object of a class that has no form of its own here."""
    kind = type(value)
    if is_built_in(kind) and _learn(kind):
        return _show(value, within)
    bases = base_ids(kind)
    if id(type) in bases:
        return _show_class(value)
    if id(kind) in _PRINTED:
        return _printed(value)
    name = name_of(kind)
    if type(name) is not str or not name.isidentifier():
        name = printable(name)
    if not is_from_statement(kind) and id(BaseException) not in bases:
        if id(tuple) in bases:
            return _show_record(value, kind, name, within)
        return f"<{name}>"  # a lock, a file: nothing to read without running it
    within.left = min(within.left, _MOST_OF_OBJECTS)
    if within.is_full_for(value):
        return f"{name}(...)"
    attributes, text = instance_attributes(value), None
    within.append(id(value))
    if name in nodes.NAMES and nodes.is_node(attributes):
        text = nodes.text_of(value, partial(_show, within=within))
        if text is not None:
            within.pop()
            return text
    if "_value_" in attributes and "_name_" in attributes:
        text = _show_member(attributes, name, within)
    elif is_of_python(module_of(kind)):
        form = library.HELD.get(place(kind))
        text = _guarded(form, None)(attributes, within) if form is not None else None
        # What is private there differs by version.
        attributes = {k: v for k, v in attributes.items() if not k.startswith("_")}
    if text is None:
        parts = _show_base(value, kind, bases, within) if len(bases) > 2 else []
        parts += [f"{k}={_show(v, within)}" for k, v in attributes.items()]
        text = f"{name}({', '.join(parts)})"
    within.pop()
    return text


def print_instances_of(kinds: Iterable[type]) -> None:
    """Show instances of these very classes, which are nobody's own, as Python prints them."""
    _PRINTED.update((id(kind), kind) for kind in kinds)


def _printed(value: object) -> str:
    """Return what Python prints for a value of a package, in one line."""
    try:
        text = _ADDRESS.sub("", repr(value))
    except Exception:
        return f"<{printable(name_of(type(value)))}>"
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
    return "".join(map(escaped, text))


def _show_member(attributes: dict[str, Any], name: str, within: _Within) -> str:
    """Show a member of an enumeration."""
    member = attributes["_name_"]
    if type(member) is str:
        return f"{name}.{printable(member)}"
    return f"{name}({_show(attributes['_value_'], within)})"


def _show_base(value: Any, kind: type, bases: set[int], within: _Within) -> list[str]:
    """Show what an object holds as one of a built-in type, as the first arguments of its class."""
    fields = field_names(kind) if id(tuple) in bases else ()
    if fields and len(fields) == tuple.__len__(value):
        items = tuple.__iter__(value)
        return [f"{f}={_show(v, within)}" for f, v in zip(fields, items, strict=True)]
    # One base at most: their layouts exclude one another.
    text = "".join([_BASES[base](value, within) for base in _BASES.keys() & bases])
    return [text] if text else []


def _guarded(form: Callable[..., str], nothing: str | None) -> Callable[..., Any]:
    """Return what shows a value by a form of the library, as `nothing` if the value is odd."""

    def show_guarded(value: Any, *within: _Within) -> str | None:
        try:
            return form(value, *(partial(_show, within=w) for w in within))
        except _ODD:
            return nothing

    return show_guarded


def _learn(kind: type) -> bool:
    """Add the form of a type of the standard library to those that are known here."""
    for forms, known in ((library.PLAIN, _SCALARS), (library.PARTS, _CONTAINERS)):
        form = forms.get(place(kind))
        if form is not None:
            known[kind] = _guarded(form, f"<{name_of(kind)}>")
            return True
    return False


def _show_record(value: Any, kind: type, name: str, within: _Within) -> str:
    """Show a tuple of a type written in C, such as `time.struct_time`."""
    names = members_of(kind).get("__match_args__")
    if type(names) is not tuple or not all(type(n) is str for n in names):
        names = ()
    parts = [f"{n}={_show(v, within)}" for n, v in zip(names, tuple.__iter__(value), strict=False)]
    return f"{module_of(kind)}.{name}({', '.join(parts)})" if parts else f"<{name}>"


_SCALARS: dict[type, Callable[[Any], str]] = {
    int: _show_int,
    str: _show_str,
    bool: bool.__repr__,
    float: float.__repr__,
    complex: complex.__repr__,
    bytes: bytes.__repr__,
    range: _show_range,
    type(None): lambda _: "None",
    type(...): lambda _: "Ellipsis",
    type(NotImplemented): lambda _: "NotImplemented",
    types.FunctionType: _show_function,
    types.BuiltinFunctionType: _show_builtin,
    types.MethodType: _show_method,
    types.ModuleType: _show_module,
    type: _show_class,
}
_HOLLOW: dict[type, str] = {
    list: "[...]",
    collections.deque: "[...]",
    tuple: "(...)",
    dict: "{...}",
    set: "{...}",
}
_TUPLE, _LIST = {id(tuple)}, {id(list)}
_ORDERED = collections.OrderedDict
_PRINTED: dict[int, type] = {}  # by identity, see `print_instances_of`
# What reading an odd value raises: a buffer that is closed, an attribute that is missing.
_ODD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, NotImplementedError)
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
    collections.Counter: _named_pairs("Counter"),
    collections.OrderedDict: _named_pairs("OrderedDict"),
    Unordered: _braced,
    Spelled: _show_spelled,
    type({}.keys()): _show_view,
    type({}.values()): _show_view,
    type({}.items()): _show_view,
}
# How an instance of a subclass shows the built-in part of itself.
_BASES: dict[int, Callable[[Any, _Within], str]] = {
    id(list): lambda v, a: f"[{_items(list.__iter__(v), a)}]",
    id(tuple): lambda v, a: _items(tuple.__iter__(v), a),
    id(dict): _pairs,
    id(set): lambda v, a: _braced(set.__iter__(v), a),
    id(frozenset): lambda v, a: _braced(frozenset.__iter__(v), a),
    id(collections.deque): lambda v, a: f"[{_items(collections.deque.__iter__(v), a)}]",
    id(int): lambda v, _: _show_int(int.__int__(v)),
    id(float): lambda v, _: float.__repr__(v),
    id(str): lambda v, _: _show_str(str.__str__(v)),
    id(bytes): lambda v, _: bytes.__repr__(v),
    id(BaseException): lambda v, a: _items(BaseException.__dict__["args"].__get__(v), a),
}
