"""Takes out of a process what tells of this installation, and the ways to load more."""

import _imp
import gc
import os
import sys
from importlib.machinery import ExtensionFileLoader, SourceFileLoader
from io import FileIO
from types import CodeType, FrameType, FunctionType, ModuleType

OURS = "<tracer "
TRUSTED = (OURS, "<library ", "<frozen ")
"""How the files of code begin that is not a rule's, once `scrub` has given them other names."""

_FROZEN = "_frozen_importlib"  # where the finders for built-in and frozen modules come from


def scrub() -> None:
    """Leave no path of this installation to be read, and nothing to import files with."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        _rename(frame.f_code, frame.f_globals)
        frame = frame.f_back
    places = tuple(p for p in (sys.prefix, sys.base_prefix, *sys.path) if p)
    for value in gc.get_objects():
        if type(value) is FunctionType:
            _rename(value.__code__, value.__globals__)
        elif isinstance(value, (SourceFileLoader, ExtensionFileLoader)):
            value.path = ""
        elif type(value) is ModuleType:
            _forget_place(value, places)
        elif type(value) is FileIO and value.closed:
            value.name = ""
    sys.modules["__main__"] = ModuleType("__main__")
    sys.path[:] = []
    sys.path_hooks[:] = []
    sys.path_importer_cache.clear()
    sys.meta_path[:] = [f for f in sys.meta_path if getattr(f, "__module__", "") == _FROZEN][:2]
    sys.argv[:] = sys.orig_argv[:] = ["rule"]
    for name in vars(sys).copy():
        if name.endswith(("prefix", "executable", "platlibdir", "_stdlib_dir", "_home")):
            setattr(sys, name, "")
    os.environ._data.clear()  # type: ignore[attr-defined] # and keep the time zone in force


def _rename(code: CodeType, names: dict[str, object]) -> None:
    """Name the file of some code, and of all code inside it, by its module."""
    file, module = code.co_filename, str(names.get("__name__"))
    if os.sep in file:
        own = module.startswith("rfft.tracer.")
        title = f"{OURS}{module}>" if own else f"<library {module}>"
        _imp._fix_co_filename(code, title)  # type: ignore[attr-defined]


def _forget_place(module: ModuleType, places: tuple[str, ...]) -> None:
    names = vars(module)
    spec = names.get("__spec__")
    for name in ("__file__", "__cached__"):
        names.pop(name, None)
    if "__path__" in names:
        names["__path__"] = []
    if spec is not None:
        spec.origin = spec.submodule_search_locations = spec.loader_state = None
        spec.cached = None
    for name, value in names.items():
        if type(value) is str and value.startswith(places):
            names[name] = f"<library {names['__name__']}>"  # as the code of the module has it
