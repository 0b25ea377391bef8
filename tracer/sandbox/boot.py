"""Starts a zygote: run as a script by an interpreter without ``site`` and without environment.

The arguments are the folder of the package ``rfft.tracer``, the number of the descriptor to talk
through, and which other place than usual this is to be (0 if it is none). The package is found by
its folder alone, wherever and however it is installed.
"""

import builtins
import importlib.util
import os
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

# Modules that a rule reaches through its streams and its event loop.
_OPEN = ("rfft.tracer.sandbox.quiet", "rfft.tracer.sandbox.loop")
_private = dict(vars(builtins))
_hidden: dict[str, ModuleType] = {}  # loaded, out of a rule's sight, and still to be imported here


def _import(
    name: str,
    names: dict[str, Any] | None = None,
    local: dict[str, Any] | None = None,
    wanted: Any = (),
    level: int = 0,
) -> Any:
    """Import a module as ``__import__`` does, be it hidden or not."""
    if _hidden:
        package = names["__package__"].rsplit(".", level - 1)[0] if level and names else ""
        module = _hidden.get(f"{package}.{name}".strip(".") if package else name)
        if module is not None and (wanted or "." not in name):
            return module
    return __import__(name, names, local, wanted, level)


_private["__import__"] = _import


class _Loader(SourceFileLoader):
    """Gives the tracer's modules built-in functions of their own, which a rule does not change."""

    def exec_module(self, module: ModuleType) -> None:
        if module.__name__ not in _OPEN:
            vars(module)["__builtins__"] = _private
        super().exec_module(module)


class _Finder(PathFinder):
    """Finds the modules of the tracer in its folder."""

    @classmethod
    def find_spec(cls, fullname, path=None, target=None):  # type: ignore[no-untyped-def]
        spec = None
        if fullname == "rfft":
            spec = ModuleSpec("rfft", None, is_package=True)
        elif fullname == "rfft.tracer":
            init = f"{sys.argv[1]}/__init__.py"
            spec = ModuleSpec(fullname, _Loader(fullname, init), origin=init, is_package=True)
            spec.submodule_search_locations = [sys.argv[1]]
            spec.has_location = True
        elif fullname.startswith("rfft."):
            spec = super().find_spec(fullname, path, target)
            if spec is not None and isinstance(spec.loader, SourceFileLoader):
                spec.loader = _Loader(fullname, spec.loader.path)
        return spec


# What libraries want done in a forked process concerns threads, and a zygote has none.
os.register_at_fork = lambda **_callbacks: None

if __name__ == "__main__":
    sys.meta_path.insert(0, _Finder)
    if sys.argv[3] != "0":
        name = "rfft.tracer.sandbox.addresses"  # before its package, which imports too much
        found = importlib.util.spec_from_file_location(name, f"{sys.argv[1]}/sandbox/addresses.py")
        assert found is not None
        assert found.loader is not None
        sys.modules[name] = addresses = importlib.util.module_from_spec(found)
        found.loader.exec_module(addresses)
        addresses.hash_otherwise(int(sys.argv[3]))
    zygote = importlib.import_module("rfft.tracer.sandbox.zygote")
    zygote.serve(int(sys.argv[2]), _hidden)
