"""Makes values of a type, of a given length or small; see `rfft.rules.hints` for what they are."""

import builtins
import collections.abc
import functools
import operator
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

Maker = Callable[[int | None, Random], Any]
"""Makes a value of a length; without a length (None), a small one."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LISTS = (
    list,
    collections.abc.Sequence,
    collections.abc.MutableSequence,
    collections.abc.Iterable,
    collections.abc.Collection,
)
_SETS = (set, frozenset, collections.abc.Set, collections.abc.MutableSet)
_DICTS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)


class Unclear(ValueError):
    """No value can be made from a type; the text says why."""


class _Names(dict[str, Any]):
    """The names of a module; those of `typing` need no import."""

    def __missing__(self, name: str) -> Any:
        if name in typing.__all__ and not hasattr(builtins, name):
            return getattr(typing, name)
        raise KeyError(name)


def evaluated(text: str, names: Mapping[str, Any]) -> Any:
    """Return the type that a hint says, resolved; `names` are those of its module, which it runs.

    Raises whatever the hint raises.
    """
    known = _Names(names)

    def resolve(inner: str) -> Any:
        return eval(inner, {}, known)

    return resolved(resolve(text), resolve)


def resolved(hint: Any, resolve: Callable[[str], Any]) -> Any:
    """Return a type without texts, aliases and new names in it; `resolve` evaluates a text."""
    for _ in range(100):
        if isinstance(hint, typing.ForwardRef):
            hint = hint.__forward_arg__
        if isinstance(hint, str):
            hint = resolve(hint)
        elif isinstance(hint, typing.NewType):
            hint = hint.__supertype__
        elif type(hint).__name__ == "TypeAliasType":  # since Python 3.12
            hint = hint.__value__
        else:
            break
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is None or origin is typing.Literal:
        return hint
    if not arguments and "[" not in repr(hint):  # `List`, `Tuple`: the same as `list`, `tuple`
        return origin
    if origin is typing.Annotated:
        return typing.Annotated[(resolved(arguments[0], resolve), *arguments[1:])]
    inner = tuple(a if a is ... else resolved(a, resolve) for a in arguments)
    if _is_union(origin):
        return functools.reduce(operator.or_, inner)
    return types.GenericAlias(origin, inner)


def maker(hint: Any) -> Maker:
    """Return what makes values of a resolved type. Raises Unclear."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _narrowed(arguments[0], arguments[1:])
    if origin is typing.Literal:
        return _one_of(arguments)
    if _is_union(origin):
        nodes = [a for a in arguments if _of_nodes(a) is not None]
        makers = [maker(a) for a in nodes or arguments]  # an empty list is no node, too
        return lambda size, rng: rng.choice(makers)(size, rng)
    if hint is None or hint is type(None):
        return lambda size, rng: None
    if (of_nodes := _of_nodes(hint)) is not None:
        return of_nodes
    if isinstance(hint, type) and hint in _PLAIN:
        return _PLAIN[hint]
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is ...:
            many = _items(arguments[0])
            return lambda size, rng: tuple(many(size, rng))
        makers = [maker(a) for a in arguments]
        return lambda size, rng: tuple([one(size, rng) for one in makers])
    if origin in _LISTS:
        return _items(arguments[0])
    if origin in _SETS:
        unlike = _different(arguments[0])
        kind = frozenset if origin is frozenset else set
        return lambda size, rng: kind(unlike(_size(size, rng), rng))
    if origin in _DICTS:
        keys, value = _different(arguments[0]), maker(arguments[1])
        return lambda size, rng: {k: value(None, rng) for k in keys(_size(size, rng), rng)}
    if hint in (*_LISTS, *_SETS, *_DICTS, tuple):
        raise Unclear(f"does not say of what, as in {hint.__name__}[{_inner(hint)}]")
    raise Unclear("is none of the types that inputs are made from")


def of_parameter(name: str, hint: Any) -> Maker:
    """Return what makes values for a parameter, lists of them for ``*name``. Raises Unclear."""
    return _items(hint) if name.startswith("*") else maker(hint)


def spread(made: list[tuple[str, Any]]) -> tuple[Any, ...]:
    """Return the arguments of a call from what was made for parameters, ``*nums`` among them."""
    return tuple(value for name, one in made for value in (one if name.startswith("*") else [one]))


def _inner(hint: Any) -> str:
    return "str, int" if hint in _DICTS else "int, ..." if hint is tuple else "int"


def _is_union(origin: Any) -> bool:
    return origin is typing.Union or origin is types.UnionType


def _size(size: int | None, rng: Random) -> int:
    return rng.randrange(1, 4) if size is None else size


# Plain values


def _int(size: int | None, rng: Random) -> int:
    if size is None:
        return rng.randrange(100)
    return rng.randrange(10 ** (size - 1), 10**size) if size > 1 else rng.randrange(10**size)


def _float(size: int | None, rng: Random) -> float:
    return float(f"{_int(size, rng)}.{rng.randrange(100):02}")


def _str(size: int | None, rng: Random) -> str:
    return "".join(rng.choices(_LETTERS, k=rng.randrange(1, 6) if size is None else size))


_PLAIN: dict[Any, Maker] = {
    int: _int,
    float: _float,
    str: _str,
    bool: lambda size, rng: rng.random() < 0.5,
}


def _one_of(values: Sequence[Any]) -> Maker:
    if not values:
        raise Unclear("has no values")
    return lambda size, rng: values[int(rng.random() * len(values))]


# Nodes, which are given as lists


def _of_nodes(hint: Any) -> Maker | None:
    """Return what makes lists that spell linked lists or trees, for the classes of such nodes."""
    if not isinstance(hint, type) or type(hint) is not type:
        return None
    return {"ListNode": _linked, "TreeNode": _tree}.get(hint.__name__)


def _linked(size: int | None, rng: Random) -> list[Any]:
    return [rng.randrange(100) for _ in range(_size(size, rng))]


def _tree(size: int | None, rng: Random) -> list[Any]:
    """Return a tree of so many nodes, level by level, in which some children are missing."""
    size = _size(size, rng)
    values: list[Any] = [rng.randrange(100)] if size else []
    left, waiting = size - 1, 1
    while left > 0:
        for _ in range(2):
            here = left > 0 and (waiting == 1 or rng.random() < 0.75)
            values.append(rng.randrange(100) if here else None)
            waiting, left = waiting + here, left - here
        waiting -= 1
    while values and values[-1] is None:
        values.pop()
    return values


# Containers


def _items(hint: Any) -> Maker:
    """Return what makes lists of a type; lists in a list are of equal length."""
    one = maker(hint)
    if typing.get_origin(hint) in (*_LISTS, *_SETS, *_DICTS):

        def rows(size: int | None, rng: Random) -> list[Any]:
            inner = rng.randrange(1, 4)
            return [one(inner, rng) for _ in range(_size(size, rng))]

        return rows
    if one is _int:

        def numbers(size: int | None, rng: Random) -> list[Any]:
            return [int(rng.random() * 100) for _ in range(_size(size, rng))]

        return numbers
    return lambda size, rng: [one(None, rng) for _ in range(_size(size, rng))]


def _different(hint: Any) -> Callable[[int, Random], list[Any]]:
    """Return what makes a number of values of a type, no two of them equal."""
    one = maker(hint)

    def make(count: int, rng: Random) -> list[Any]:
        found: dict[Any, None] = {}
        for size in (None, len(str(count)) + 1):  # small values, or else larger ones
            for _ in range(20 * count):
                if len(found) == count:
                    break
                value = one(size, rng)
                try:
                    found[value] = None
                except TypeError:
                    raise Unclear(f"a {type(value).__name__} cannot be among these") from None
        if len(found) < count:
            raise Unclear(f"there are too few different values ({len(found)})")
        return list(found)

    return make


# Annotated


def _narrowed(hint: Any, said: Sequence[Any]) -> Maker:
    """Return what makes values of a type under what ``Annotated`` says of it."""
    plain = maker(hint)
    made: Maker = plain
    for one in said:
        if isinstance(one, range | list | tuple | str) and not one:
            raise Unclear("has no values")
        if isinstance(one, list | tuple):
            made = _one_of(one)
        elif isinstance(one, range):
            made = _within(one, made, hint)
        elif isinstance(one, str) and hint is str:
            made = _of_characters(one)
    return made


def _within(bounds: range, made: Maker, hint: Any) -> Maker:
    """Return what makes numbers of a range, or values of as many items as are in it."""
    start, step, count = bounds.start, bounds.step, len(bounds)

    def draw(rng: Random) -> int:
        return start + step * int(rng.random() * count)

    if hint is int:
        return lambda size, rng: draw(rng)
    if hint is float:
        return lambda size, rng: float(f"{draw(rng)}.{rng.randrange(100):02}")
    return lambda size, rng: made(draw(rng), rng)


def _of_characters(alphabet: str) -> Maker:
    def text(size: int | None, rng: Random) -> str:
        return "".join(rng.choices(alphabet, k=rng.randrange(1, 6) if size is None else size))

    return text
