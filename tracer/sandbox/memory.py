"""Tells quickly whether dictionaries have changed, by their version numbers.

Comparing the values of thousands of names one by one would touch every one of them, and in a
forked process each page touched is a page copied. CPython gives a dictionary a new number, never
used before, whenever it changes (``PyDictObject.ma_version_tag``, the same since CPython 3.6).
"""

import ctypes
import gc
import sys
from typing import Any

_WORD = ctypes.sizeof(ctypes.c_void_p)
_Number = ctypes.c_char * 8
_VERSION = 3 * _WORD  # its offset, after the counter of references, the type and the length


def dictionary(names: Any) -> dict[str, Any]:
    """Return the dictionary behind a view of one, such as the ``__dict__`` of a class."""
    return names if type(names) is dict else next(iter(gc.get_referents(names)))


class Versions:
    """The versions of some dictionaries at the time when this was made."""

    def __init__(self, dictionaries: list[dict[str, Any]]) -> None:
        self._places = [_memory(id(d) + _VERSION) for d in dictionaries] if _works else []
        self._then = b"".join(self._places)

    def same(self) -> bool:
        """Tell whether surely none has changed; one that was changed back has changed."""
        return _works and b"".join(self._places) == self._then


def _memory(address: int) -> memoryview:
    """Return the eight bytes at an address, at any time that they are looked at."""
    return memoryview(_Number.from_address(address)).cast("B")


def _look() -> bool:
    """Tell whether dictionaries of this interpreter have versions where they are looked for."""
    sample: dict[str, Any] = {f"name{n}": object() for n in range(50)}

    def seen(change: Any) -> bool:
        versions = Versions([sample])
        before = versions.same()
        change()
        return before and not versions.same()

    return (
        seen(lambda: sample.update(name7=1))
        and seen(lambda: sample.update(one_more=1))
        and seen(lambda: sample.pop("one_more"))
        and seen(sample.clear)
    )


_works = sys.implementation.name == "cpython" and _WORD == 8
_works = _works and not hasattr(sys, "gettotalrefcount") and _look()
