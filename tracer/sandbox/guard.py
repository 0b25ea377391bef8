"""Notices what a rule tries that it has no business to try, by the interpreter's audit events.

Attempts to reach outside end the rule (`blocked`); attempts to look into or change the interpreter
around the rule make its trace `tainted`. The guard is no wall: what holds a rule back is the
operating system. It names what was tried while the trace made so far can still be had, and it
tells of tampering before that can have any effect.
"""

import _thread
import ctypes
import gc
import sys
from collections.abc import Callable
from types import CellType, FrameType, FunctionType
from typing import Any

_REASONS = {
    "sys._current_frames": "looks at frames",
    "sys._current_exceptions": "looks at frames",
    "gc.get_objects": "searches the interpreter's objects",
    "gc.get_referrers": "searches the interpreter's objects",
    "gc.get_referents": "searches the interpreter's objects",
    "sys.settrace": "sets a trace function",
    "sys.setprofile": "sets a profile function",
    "sys.monitoring.register_callback": "registers for monitoring",
    "sys.addaudithook": "adds an audit hook",
    "code.__new__": "makes a code object",
    "function.__new__": "makes a function from a code object",
    "marshal.loads": "loads marshalled code",
    "marshal.load": "loads marshalled code",
    "cpython.remote_debugger_script": "debugs the interpreter",
}
# Attributes whose audited reading or writing tampers; others are documented ways to describe
# functions and classes.
_ATTRIBUTES = {
    "tb_frame": "looks at frames",
    "gi_frame": "looks at frames",
    "cr_frame": "looks at frames",
    "ag_frame": "looks at frames",
    "gi_code": "looks at code objects",
    "cr_code": "looks at code objects",
    "ag_code": "looks at code objects",
    "f_code": "looks at code objects",
    "__code__": "looks at code objects",
}
_CHANGES = ("__code__", "__bases__", "__defaults__", "__kwdefaults__")
# The first parts of the names of events that reach outside, and the exceptions to them.
_OUTSIDE = frozenset(
    "os socket subprocess ctypes shutil tempfile fcntl mmap resource pty pathlib syslog glob"
    " signal webbrowser urllib http ftplib imaplib poplib smtplib telnetlib nntplib sqlite3 winreg"
    " msvcrt ensurepip setopencodehook _winapi _posixsubprocess _thread".split()
)
_HARMLESS = frozenset(
    {"os.putenv", "os.unsetenv", "mmap.__new__", "tempfile.gettempdir", "signal.set_wakeup_fd"}
)
_FREQUENT = ("sys._getframe", "builtins.id")  # the tracer's own doing, all the time
# Library modules that look at frames or code on behalf of who calls them.
_AGENTS = frozenset({"inspect", "traceback", "types", "dis", "operator"})
# What of `traceback` hands out or shows more than what an exception of the rule has passed.
_STACK = frozenset({"walk_tb", "walk_stack", "extract_stack", "format_stack", "print_stack"})


# Attributes that lead from the rule's own objects to those around it, and that no event tells of.
_ROADS = (
    (FunctionType, "__globals__"),
    (FunctionType, "__builtins__"),
    (FunctionType, "__closure__"),
    (CellType, "cell_contents"),
    (FrameType, "f_back"),
    (type, "__subclasses__"),
)
_back = FrameType.f_back.__get__  # for the guard itself
_eye: list[Callable[[str], None]] = []  # told of each that is read, once the guard stands


def watch_roads() -> None:
    """Put descriptors of our own in the place of those for `_ROADS`, for good.

    A built-in type cannot be changed in the usual way, but its dictionary can.
    """
    for kind, name in _ROADS:
        names = next(iter(gc.get_referents(kind.__dict__)))
        names[name] = _watched(names[name], name)
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def _watched(real: Any, name: str) -> Any:
    class Watched:
        __slots__ = ()

        def __get__(self, instance: object, owner: type | None = None) -> Any:
            if _eye:
                _eye[0](name)
            return real.__get__(instance, owner)

        def __set__(self, instance: object, value: object) -> None:
            real.__set__(instance, value)

        def __delete__(self, instance: object) -> None:
            real.__delete__(instance)

    return Watched()


def _describe(event: str, args: tuple[Any, ...]) -> str:
    """Say what was tried, using only what is surely text."""
    what = ""
    for value in args[:2]:
        if type(value) is bytes:
            value = value.decode("utf-8", "backslashreplace")
        if type(value) is str:
            what = f" {value[:80]!a}"
            break
    return f"{event}{what}"


def stand_guard(
    trusted: tuple[str, ...],
    blocked: Callable[[str], None],
    tainted: Callable[[str], None],
) -> None:
    """Watch the calling thread from now on, for ever.

    `blocked` is called with what the rule has tried and should not return; if it does, the attempt
    fails with PermissionError. `tainted` is called with what the rule has done. Code from files
    that begin with one of `trusted` is not the rule's.
    """
    watched, ident, getframe = _thread.get_ident(), _thread.get_ident, sys._getframe
    busy = False  # while the guard itself looks at frames

    def by_the_rule(depth: int) -> bool:
        """Tell whether the frame `depth` above is the rule's, or a library function for it."""
        frame: FrameType | None = getframe(depth)
        agent = function = ""
        while frame is not None:
            file, names = frame.f_code.co_filename, frame.f_globals
            # What is not of the very type could have methods of the rule's own.
            if type(file) is not str or type(names) is not dict or not file.startswith(trusted):
                return agent != "traceback" or function in _STACK
            agent, function = names.get("__name__", ""), frame.f_code.co_name
            if type(agent) is not str:
                return True
            if agent not in _AGENTS:
                return False
            frame = _back(frame)
        return False

    def asked_by_the_rule() -> bool:
        nonlocal busy
        busy = True
        try:
            return by_the_rule(3)
        finally:
            busy = False

    def guarded_getframe(depth: int = 0, /) -> FrameType:
        """Return a frame object from the call stack."""
        if by_the_rule(2):
            tainted("the rule looks at frames")
        return getframe(depth + 1)

    def guard(event: str, args: tuple[Any, ...]) -> None:
        if event in _FREQUENT or busy or ident() != watched:
            return
        reason = _REASONS.get(event)
        if reason is None:
            if event == "object.__getattr__":
                reason = _ATTRIBUTES.get(args[1])
            elif event in ("object.__setattr__", "object.__delattr__"):
                if args[1] in _CHANGES:
                    reason = f"changes {args[1]}"
            elif event == "compile":
                if isinstance(args[1], str) and str.startswith(args[1], trusted):
                    reason = "compiles code under the name of a library"
            elif event == "open" or (
                event.partition(".")[0] in _OUTSIDE and event not in _HARMLESS
            ):
                if event.startswith("ctypes.") and not asked_by_the_rule():
                    return  # the sandbox itself compares memory
                blocked(_describe(event, args))
                raise PermissionError(f"the sandbox does not allow {event}")
            if reason is None:
                return
        if asked_by_the_rule():
            tainted(f"the rule {reason}")

    def seen(name: str) -> None:
        if by_the_rule(3):
            tainted(f"the rule looks at {name}")

    _eye.append(seen)
    sys._getframe = guarded_getframe
    sys.addaudithook(guard)
