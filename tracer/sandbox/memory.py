"""Tells quickly whether dictionaries have changed, by looking at their memory.

Comparing the values of thousands of names one by one would touch every one of them, and in a
forked process each page touched is a page copied. The entries of a dictionary stand together in
one block (``PyDictObject.ma_keys``, the same since CPython 3.11), which is read as it is.
"""

import ctypes
import gc
import sys
from array import array
from typing import Any

_WORD = ctypes.sizeof(ctypes.c_void_p)
_KEYS = 4 * _WORD  # offset of the pointer to the block
_HEADER = 4 * _WORD  # of the block; holds counters that change when a name is only looked up
_PLAIN = sys.getsizeof({})  # a dictionary without a block of its own


def dictionary(names: Any) -> dict[str, Any]:
    """Return the dictionary behind a view of one, such as the ``__dict__`` of a class."""
    return names if type(names) is dict else next(iter(gc.get_referents(names)))


class Blocks:
    """The memory of some dictionaries, as it was when this was made."""

    def __init__(self, dictionaries: list[dict[str, Any]]) -> None:
        pointers, entries = array("Q"), array("Q")
        saved = bytearray()
        for d in dictionaries:
            block = int.from_bytes(ctypes.string_at(id(d) + _KEYS, _WORD), sys.byteorder)
            size = sys.getsizeof(d) - _PLAIN - _HEADER
            pointers.extend((id(d) + _KEYS, len(saved)))
            saved += ctypes.string_at(id(d) + _KEYS, _WORD)
            if size > 0:
                entries.extend((block + _HEADER, len(saved), size))
                saved += ctypes.string_at(block + _HEADER, size)
        # Plain numbers in one piece: going through them changes no reference count.
        self._pointers, self._entries = pointers, entries
        self._saved = ctypes.create_string_buffer(bytes(saved), len(saved))
        self._start = ctypes.addressof(self._saved)

    def same(self) -> bool:
        """Tell whether all names stand for what they stood for; may be wrong about a change."""
        saved, compare = self._start, _compare
        numbers = iter(self._pointers)
        # A block that has moved must not be read at its old place.
        for address, offset in zip(numbers, numbers, strict=True):
            if compare(address, saved + offset, _WORD):
                return False
        numbers = iter(self._entries)
        for address, offset, size in zip(numbers, numbers, numbers, strict=True):
            if compare(address, saved + offset, size):
                return False
        return True


_compare = ctypes.CDLL(None).memcmp
_compare.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)


def works() -> bool:
    """Tell whether dictionaries of this interpreter are laid out as is supposed here."""
    if sys.implementation.name != "cpython" or _WORD != 8 or hasattr(sys, "gettotalrefcount"):
        return False
    sample: dict[str, Any] = {f"name{n}": object() for n in range(50)}
    blocks = Blocks([sample])
    for _ in range(3):
        if not blocks.same():
            return False
    kept = sample["name7"]
    sample["name7"] = 1
    changed = not blocks.same()
    sample["name7"] = kept
    restored = blocks.same()
    sample["one more"] = 1
    return changed and restored and not blocks.same()
