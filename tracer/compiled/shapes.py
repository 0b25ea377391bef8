"""Shapes: what kinds of values the variables of a rule can hold, proved before it runs.

The text back end keeps the text of a variable and makes it anew only after a statement that can
change it. That is right only if no other name reaches the object. `rfft.tracer.compiled.proof`
proves it for a function and the shapes of its arguments, or raises `Unproved`, and then events are
recorded instead.

A shape is a tuple:

=====================  =========================================================================
``("int",)``           an int, no bool
``("num",)``           an int, a bool or None: its text is ``str(value)``
``("word",)``          a str whose text is itself between single quotes
``("str",)``           a str
``("plain",)``         one of these, or a float
``("data",)``          any built-in value that nothing in the function changes in place
``("list", item)``     a list that one variable alone reaches; its items are never changed
``("dict", key, value)``, ``("set", item)``   likewise
``("iter", item)``     a range or view, good only for the head of a loop or for a call
``("lazy", item)``     an iterator, likewise; it has no text worth stating
``("tuple", a, b…)``   a tuple of known parts, good where ``data`` is
=====================  =========================================================================

``None`` in the place of an item is an item not seen yet.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from functools import reduce
from itertools import repeat
from operator import is_
from sys import get_int_max_str_digits
from typing import Any, Self, TypeAlias

from ..values.show import DIGITS, show

Shape: TypeAlias = tuple[Any, ...]
Env: TypeAlias = dict[str, Shape]

INT, NUM, WORD, STR, PLAIN, DATA = ("int",), ("num",), ("word",), ("str",), ("plain",), ("data",)
NUMBERS = (INT, NUM)
STRINGS = (WORD, STR)
SCALARS = (*NUMBERS, *STRINGS, PLAIN)
OWNED = ("list", "dict", "set")


class Unproved(Exception):
    """The rule does something that compiled code cannot follow; not an error.

    `line` is where in the rule's source; 0 stands for the whole.
    """

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line

    def at(self, line: int) -> Self:
        """Say where this was found, if that is not said yet."""
        self.line = self.line or line
        return self

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}" if self.line else self.reason


def describe(value: Any) -> tuple[Shape | None, str]:
    """Return the shape of an argument, None if it has none that is known, and its text."""
    kind = type(value)
    if kind is int:
        if _SMALLEST < value < _LARGEST:
            return INT, repr(value)
    elif kind is str:
        text = repr(value)
        if text.isascii() and "\\" not in text:
            return WORD if text[0] == "'" else STR, text
    try:
        if kind is list and value:
            item = _plain_items(value)
            shown = None if item is None else _plain_text(value)
            if item is not None and shown is not None:
                return ("list", _not_words(item) if '"' in shown else item), shown
        return shape_of(value), show(value)
    except (Unproved, RecursionError):  # or an argument that holds itself
        return None, show(value)


_LARGEST = 10**600  # below the smallest digits limit that can be set
_SMALLEST = -_LARGEST


def _plain_items(values: Sequence[Any]) -> Shape | None:
    """Return the shape of the items of a list of ints, of strings or of rows of these.

    Strings are taken for words. No type is compared but by identity: a metaclass could give its
    types an equality or a hash.
    """
    kind = type(values[0])
    for value in values:
        if type(value) is not kind:
            return None
    if kind is int or kind is bool or kind is str:
        return WORD if kind is str else INT if kind is int else NUM
    if kind is not tuple:
        return None
    try:
        columns = [_plain_items(column) for column in zip(*values, strict=True)]
    except ValueError:  # rows of different lengths
        return None
    return None if None in columns else ("tuple", *columns)


def _plain_text(values: list[Any]) -> str | None:
    """Return the repr of a list of scalars, or of rows of them, if it is its text."""
    try:
        text = repr(values)
    except ValueError:  # an int past the digits limit
        return None
    plain = text.isascii() and "\\" not in text
    return text if plain and (len(text) <= DIGITS or get_int_max_str_digits() == DIGITS) else None


def _not_words(shape: Shape) -> Shape:
    """Return the shape of an item that may be a string, or hold one, with any quotes."""
    if shape[0] == "tuple":
        return ("tuple", *map(_not_words, shape[1:]))
    return STR if shape == WORD else shape


def shape_of(value: Any) -> Shape:
    """Return the shape of a value. Raises Unproved."""
    kind = type(value)
    if kind is int:
        return INT
    if kind is bool or value is None:
        return NUM
    if kind is str:
        return _shape_of_strings((value,))
    if kind is list or kind is set:
        return (kind.__name__, _items_shape(value))
    if kind is frozenset:
        _items_shape(value)
        return DATA
    if kind is dict:
        return ("dict", _items_shape(value), _items_shape(value.values()))
    if kind is tuple:
        return ("tuple", *(frozen(shape_of(v)) for v in value))
    if kind is float and math.isfinite(value):
        return PLAIN
    raise Unproved("a value that is no number, text or container of these")


def _items_shape(values: Collection[Any]) -> Shape | None:
    if not values:
        return None
    kind = type(next(iter(values)))
    if all(map(is_, map(type, values), repeat(kind))):
        if kind is str:
            return _shape_of_strings(values)
        if kind is int or kind is bool:
            return INT if kind is int else NUM
        if kind is tuple and len(set(map(len, values))) == 1:
            return ("tuple", *map(_items_shape, zip(*values, strict=True)))
    return join_all(frozen(shape_of(value)) for value in values)


def _shape_of_strings(values: Collection[str]) -> Shape:
    whole = "".join(values)
    if whole.isascii():
        return WORD if repr(whole) == f"'{whole}'" else STR
    for value in values:
        if not (value.isascii() or value.isprintable()):
            raise Unproved("a text whose repr depends on the Unicode version")
    return STR


def may_hold(shape: Shape) -> bool:
    """Tell whether there may be lists, dicts or sets in a value of a shape."""
    return shape == DATA or any(map(may_hold, filter(None, shape[1:])))


def copy_of(value: Any, shape: Shape | None) -> Any:
    """Return a copy of a value of a shape, which nothing else reaches.

    Raises Unproved for a set: its copy may have another order.
    """
    kind = type(value)
    if shape is None or kind is set:
        raise Unproved("a set, or a value of no shape that is known")
    if kind is list and not may_hold(shape):
        return value.copy()
    if kind is dict:
        return {k: copy_of(v, DATA) for k, v in value.items()}
    if kind is list or kind is tuple:
        return kind([copy_of(v, DATA) for v in value])
    return value


def frozen(shape: Shape | None) -> Shape:
    """Return the shape of a value that nothing changes any more."""
    if shape is None or shape[0] in OWNED:
        return DATA
    return shape


def has_plain_repr(shape: Shape | None) -> bool:
    """Tell whether ``repr`` of a value of this shape is its text."""
    if shape is None or shape in NUMBERS or shape in STRINGS:
        return True
    return shape[0] in ("list", "tuple") and all(map(has_plain_repr, shape[1:]))


def join(a: Shape | None, b: Shape | None) -> Shape | None:
    """Return the shape of a value that has one shape or the other. Raises Unproved."""
    if a == b or b is None:
        return a
    if a is None:
        return b
    if a in SCALARS and b in SCALARS:
        for shape, kinds in ((STR, STRINGS), (NUM, NUMBERS)):
            if a in kinds and b in kinds:
                return shape
        return PLAIN
    if a[0] == b[0] and a[0] in (*OWNED, "iter", "lazy"):
        return (a[0], *map(join, a[1:], b[1:]))
    if a[0] == "tuple" == b[0] and len(a) == len(b):
        return ("tuple", *map(join, a[1:], b[1:]))
    if {a[0], b[0]} <= {"int", "num", "word", "str", "plain", "data", "tuple"}:
        return DATA
    raise Unproved("a value of one kind or another, one of which could be changed")


def join_all(shapes: Iterable[Shape | None]) -> Shape | None:
    """Return the shape of a value that has one of some shapes, None if there are none."""
    return reduce(join, shapes, None)


def item_of(shape: Shape) -> Shape:
    """Return the shape of the items that come out of a value."""
    if shape in STRINGS:
        return shape
    kind = shape[0]
    if kind in ("list", "set", "iter", "lazy", "dict"):
        return shape[1] or DATA
    return join_all(shape[1:]) or DATA if kind == "tuple" else DATA
