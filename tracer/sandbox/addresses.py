"""Lets what hashes by its address hash otherwise: types, functions, modules, None before 3.12.

Much of it lies at the same place in a page of memory wherever the same Python runs, so that only
another build would show that the order of a set depends on it.
"""

import ctypes
import gc
import types
from collections.abc import Callable, Iterator
from typing import Any

_WORD = ctypes.sizeof(ctypes.c_void_p)
_PLACE = object.__basicsize__ + 13 * _WORD  # of the hash function in a type
_FLIPPED = (0, 15)
"""Bits of an address: objects lie at multiples of 16. A small set has its first objects in the
order in which they were added if the last bits are 0, and nearly the other way round if they are 1.
"""

_Hash = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p)
_kept: list[Any] = []  # what the interpreter calls


def hash_otherwise(place: int) -> None:
    """Change such hashes in this process; there are two ways, for the places 1 and 2.

    To be called before much is loaded, for what else keeps such hashes will miss what it has.
    """
    flipped = _FLIPPED[place - 1]
    code_of = ctypes.pythonapi.PyCFunction_GetFunction  # equal for equal ones, unlike the address
    code_of.argtypes, code_of.restype = [ctypes.c_void_p], ctypes.c_void_p
    usual = _hash_of(object).value
    ours = _function(lambda address: address ^ flipped)
    for kind in set(_kinds(object)):
        if _hash_of(kind).value == usual:
            _hash_of(kind).value = ours
    _hash_of(types.BuiltinFunctionType).value = _function(
        lambda f: (code_of(f) | 15) ^ 15 ^ flipped
    )
    for table in gc.get_objects():  # which find again what they have
        if type(table) is set:
            _refill(table, list(table))
        elif type(table) is dict and not all(type(key) in (str, int) for key in table):
            _refill(table, list(table.items()))


def _refill(table: Any, items: list[Any]) -> None:
    table.clear()
    table.update(items)


def _hash_of(kind: type) -> ctypes.c_void_p:
    """Return where a type says by which function its objects hash."""
    return ctypes.c_void_p.from_address(id(kind) + _PLACE)


def _function(hashed: Callable[[int], int]) -> int | None:
    """Return the address of a function of C that calls one of Python."""
    _kept.append(_Hash(hashed))
    return ctypes.cast(_kept[-1], ctypes.c_void_p).value


def _kinds(kind: type) -> Iterator[type]:
    yield kind
    below: list[type] = type.__subclasses__(kind)
    for one in below:
        yield from _kinds(one)
