"""Tells quickly whether dictionaries have changed, by looking at their memory.

Comparing the values of thousands of names one by one would touch every one of them, and in a
forked process each page touched is a page copied. The entries of a dictionary stand together in
one block (``PyDictObject.ma_keys``, the same since CPython 3.11), which is read as it is.
"""

import ctypes
import gc
import sys
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
        self._pointers: list[memoryview] = []
        self._entries: list[memoryview] = []
        for d in dictionaries:
            place = id(d) + _KEYS
            block = int.from_bytes(ctypes.string_at(place, _WORD), sys.byteorder)
            size = sys.getsizeof(d) - _PLAIN - _HEADER
            self._pointers.append(_memory(place, _WORD))
            if size > 0:
                self._entries.append(_memory(block + _HEADER, size))
        self._saved = b"".join(self._pointers), b"".join(self._entries)

    def same(self) -> bool:
        """Tell whether all names stand for what they stood for; may be wrong about a change."""
        pointers, entries = self._saved
        # A block that has moved must not be read at its old place. Joining reads all at once.
        return b"".join(self._pointers) == pointers and b"".join(self._entries) == entries


def _memory(address: int, size: int) -> memoryview:
    """Return what is in memory at an address, at any time that it is looked at."""
    return memoryview((ctypes.c_char * size).from_address(address)).cast("B")


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
