"""Makes a zygote another place to run in: with another clock, and memory laid out otherwise.

Its hash seed is another one, too (`rfft.tracer.sandbox.worker`). What a rule does in the same way
here and there does not depend on any of these.
"""

import gc
import random
import sys
import time
from datetime import datetime
from typing import Any

# 31 years and four months, nine hours, 21 minutes and 21 seconds, and so another weekday, too.
_AHEAD = ((11448 * 24 + 9) * 60 + 21) * 60 + 21
_CLOCKS = "time monotonic perf_counter process_time thread_time clock_gettime".split()
_NOW_IF_NONE = "localtime gmtime ctime".split()
_SAID = {"asctime": 0, "strftime": 1}  # which argument is a time, now if it is not given
_OBJECTS = 300  # of each size
_SIZES = range(48, 513, 16)  # bytes of memory, as Python's allocator rounds them
_LARGE = 3000  # bytes, for the classes of a rule, which another allocator has room for
_BYTES = sys.getsizeof(b"")


def set_clocks(times: int) -> None:
    """Let all clocks show another time, some `times` later."""
    import ctypes

    ahead = times * _AHEAD
    for name in _CLOCKS:
        _replace(name, _ahead(getattr(time, name), ahead))
        _replace(f"{name}_ns", _ahead(getattr(time, f"{name}_ns"), ahead * 10**9))
    for name in _NOW_IF_NONE:
        _replace(name, _of_now(getattr(time, name)))
    for name, place in _SAID.items():
        _replace(name, _said(getattr(time, name), place))
    # `today` asks the module `time`; these two do not, and their class takes no new attributes.
    attributes = gc.get_referents(datetime.__dict__)[0]
    attributes["now"] = classmethod(lambda cls, tz=None: cls.fromtimestamp(time.time(), tz))
    attributes["utcnow"] = classmethod(lambda cls: cls.utcfromtimestamp(time.time()))
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime))


def _replace(name: str, function: Any) -> None:
    function.__name__ = function.__qualname__ = name
    function.__module__ = "time"
    setattr(time, name, function)


def _ahead(clock: Any, by: int) -> Any:
    return lambda *which: clock(*which) + by


def _of_now(convert: Any) -> Any:
    return lambda seconds=None: convert(time.time() if seconds is None else seconds)


def _said(write: Any, place: int) -> Any:
    return lambda *given: write(*given) if len(given) != place else write(*given, time.localtime())


def scatter() -> list[object]:
    """Leave gaps of all sizes in memory, in which new objects come to lie in no order.

    Return what lies between the gaps. Only objects' addresses tell, and what depends on them: the
    order of objects in a set, for one.
    """
    chance = random.Random(time.monotonic_ns())
    made: list[object] = [object() for _ in range(_OBJECTS)]
    made += [(1 << 40) + n for n in range(_OBJECTS)]  # the next size
    for size in _SIZES:
        made += [bytes(size - _BYTES) for _ in range(_OBJECTS)]
    made += [bytes(chance.randrange(_SIZES[-1], _LARGE)) for _ in range(_OBJECTS)]
    chance.shuffle(made)
    del made[::2]
    return made
