"""Notices what a rule tries that it has no business to try, by the interpreter's audit events.

Attempts to reach outside end the rule (`blocked`); attempts to look into or change the interpreter
around the rule make its trace `tainted`. The guard is no wall: what holds a rule back is the
operating system. It names what was tried while the trace made so far can still be had, and it
tells of tampering before that can have any effect.
"""

import _imp
import _thread
import ctypes
import gc
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from types import CellType, CodeType, FrameType, FunctionType
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
_FIRST = frozenset(sys.builtin_module_names) & sys.modules.keys()
_FREQUENT = ("sys._getframe", "builtins.id")  # the tracer's own doing, all the time
# Functions of the library that look at frames or code and keep what they see to themselves: by
# their module and name. Some do only when the function of their module that calls them is the one
# named.
_KEEPERS = {
    ("_py_abc", "__subclasscheck__"): "",
    ("abc", "__subclasscheck__"): "",
    ("collections", "namedtuple"): "",
    ("dataclasses", "_update_func_cell_for__class__"): "",
    ("dataclasses", "make_dataclass"): "",
    ("enum", "_create_"): "",
    ("functools", "_compose_mro"): "",
    ("inspect", "_has_code_flag"): "",
    ("inspect", "_signature_from_function"): "",
    ("inspect", "_signature_is_functionlike"): "",
    ("inspect", "get_annotations"): "",
    ("inspect", "getcoroutinestate"): "",
    ("inspect", "getgeneratorstate"): "",
    ("inspect", "isawaitable"): "",
    ("logging", "<lambda>"): "findCaller",
    ("logging", "_is_internal_frame"): "findCaller",
    ("logging", "findCaller"): "",
    ("traceback", "_extract_from_extended_frame_gen"): "",
    ("traceback", "_walk_tb_with_full_positions"): "_extract_from_extended_frame_gen",
    ("traceback", "clear_frames"): "",
    ("typing", "__new__"): "",
    ("typing", "_caller"): "",
    ("typing", "get_type_hints"): "",
    ("typing", "overload"): "",
}


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
_eye: list[Callable[[str, object], None]] = []  # told of each that is read, once the guard stands


def watch_roads() -> None:
    """Put descriptors of our own in the place of those for `_ROADS`, for good.

    A built-in type cannot be changed in the usual way, but its dictionary can. Functions of which
    no event tells are replaced likewise.
    """
    for kind, name in _ROADS:
        names = next(iter(gc.get_referents(kind.__dict__)))
        names[name] = _watched(names[name], name)
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))
    gc.set_debug = _told(gc.set_debug, "the garbage of the interpreter")
    _imp.create_builtin = _told(_imp.create_builtin, "a built-in module made anew", _is_there)


def _told(
    real: Callable[..., Any], what: str, matters: Callable[[Any], bool] = bool
) -> Callable[..., Any]:
    """Return a function that tells that `what` is looked at, if that matters."""

    def call(argument: Any) -> Any:
        if _eye and matters(argument):
            _eye[0](what, None)
        return real(argument)

    return call


def _is_there(spec: Any) -> bool:
    """Tell whether the module of a specification may be loaded already."""
    return type(spec) is not ModuleSpec or spec.name in sys.modules or spec.name in _FIRST


def _watched(real: Any, name: str) -> Any:
    class Watched:
        __slots__ = ()

        def __get__(self, instance: object, owner: type | None = None) -> Any:
            if _eye:
                _eye[0](name, instance)
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


def _module(code: CodeType) -> str:
    """Return the name of the module that code of the library is from, see `scrub`."""
    return code.co_filename.strip("<>").rpartition(" ")[2]


def _names(code: CodeType, name: str) -> bool:
    """Tell whether code asks for an attribute by a name that stands in it."""
    by_c = name == "__subclasses__" and code.co_name == "__subclasscheck__"  # that of `abc`
    return by_c or name in code.co_names or name in code.co_consts


def stand_guard(
    ours: str,
    trusted: tuple[str, ...],
    blocked: Callable[[str], None],
    tainted: Callable[[str], None],
) -> None:
    """Watch the calling thread from now on, for ever.

    `blocked` is called with what the rule has tried and should not return; if it does, the attempt
    fails with PermissionError. `tainted` is called with what the rule has done. Code from files
    that begin with one of `trusted` is not the rule's, and the tracer's if they begin with `ours`.
    """
    watched, ident, getframe = _thread.get_ident(), _thread.get_ident, sys._getframe
    busy = False  # while the guard itself looks at frames

    def keeps_it(frame: FrameType, name: str) -> bool:
        """Tell whether a function of the library keeps what it looks at from who calls it."""
        code, above = frame.f_code, _back(frame)
        caller = _KEEPERS.get((_module(code), code.co_name))
        if caller is None or not _names(code, name):
            return False
        return not caller or (
            above is not None
            and above.f_code.co_filename == code.co_filename
            and above.f_code.co_name == caller
        )

    def looks(frame: FrameType | None, name: str, what: object) -> bool:
        """Tell whether the rule looks at `name`, of `what`, in a frame.

        Functions of the library may hand out what they look at, and under a name that the rule has
        given them; so it is who has called them that looks, but for those known to keep it. The
        tracer looks under names that stand in its code; any other has come from the rule.
        """
        direct = frame
        while frame is not None:
            code = frame.f_code
            # What is not of the very type could have methods of the rule's own.
            if type(code.co_filename) is not str or not code.co_filename.startswith(trusted):
                return True
            if code.co_filename.startswith(ours):
                return bool(name) and frame is direct and not _names(code, name)
            if frame is direct and not is_ours(what) and keeps_it(frame, name):
                return False
            frame = _back(frame)
        return True

    def is_ours(what: object) -> bool:
        """Tell whether something is a function of the tracer, with which nobody else is trusted."""
        if type(what) is not FunctionType:
            return False
        file = what.__code__.co_filename
        return type(file) is not str or file.startswith(ours)

    def by_the_rule(depth: int, name: str, what: object = None) -> bool:
        """Tell whether the frame `depth` above looks at `name`, of `what`, for the rule."""
        nonlocal busy
        outer, busy = busy, True
        try:
            return looks(getframe(depth), name, what)
        finally:
            busy = outer

    def guarded_getframe(depth: int = 0, /) -> FrameType:
        """Return a frame object from the call stack."""
        if by_the_rule(2, "_getframe"):
            tainted("the rule looks at frames")
        return getframe(depth + 1)

    def guard(event: str, args: tuple[Any, ...]) -> None:
        if event in _FREQUENT or busy or ident() != watched:
            return
        reason, name = _REASONS.get(event), ""
        if reason is None:
            if event == "object.__getattr__":
                reason = _ATTRIBUTES.get(name := args[1])
            elif event in ("object.__setattr__", "object.__delattr__"):
                if (name := args[1]) in _CHANGES:
                    reason = f"changes {name}"
            elif event == "compile":
                if isinstance(args[1], str) and str.startswith(args[1], trusted):
                    reason = "compiles code under the name of a library"
            elif event == "open" or (
                event.partition(".")[0] in _OUTSIDE and event not in _HARMLESS
            ):
                if event.startswith("ctypes.") and not by_the_rule(2, ""):
                    return  # the sandbox itself compares memory
                blocked(_describe(event, args))
                raise PermissionError(f"the sandbox does not allow {event}")
            if reason is None:
                return
        if by_the_rule(2, name):
            tainted(f"the rule {reason}")

    def seen(name: str, what: object) -> None:
        if by_the_rule(3, name, what):
            tainted(f"the rule looks at {name}")

    _eye.append(seen)
    sys._getframe = guarded_getframe
    sys.addaudithook(guard)
