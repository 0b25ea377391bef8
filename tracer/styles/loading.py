"""Styles by name or file: the built-in ones, those of installed packages, and a user's own file.

A built-in style is a module of this folder that defines a style of the same name, with ``-`` for
``_``. No list has them.
"""

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from ..errors import StyleNotFound, nearest
from .style import Style

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


def names() -> list[str]:
    """Return the names of all styles: the built-in ones and those of installed packages."""
    return [*built_in(), *sorted(_installed().keys() - set(built_in()))]


@cache
def built_in() -> tuple[str, ...]:
    """Return the names of the built-in styles: the usual one and its kin, then the others.

    It imports them all.
    """
    modules = (path.stem.replace("_", "-") for path in Path(__file__).parent.glob("[a-z]*.py"))
    return tuple(
        sorted(filter(_built_in, modules), key=lambda name: (not name.startswith("rfft"), name))
    )


def load(name: str | Style) -> Style:
    """Return a style by name, or from the path of a Python file. Raises StyleNotFound."""
    if isinstance(name, Style):
        return name
    key = _key(name)
    known = _LOADED.get(key)
    if known is None:
        known = _LOADED[key] = _find(name)
    return known


def load_known(name: str) -> Style:
    """Return a style that data name: if it is a file, one that `load` has loaded before.

    Raises StyleNotFound.
    """
    if name.endswith(".py") and _key(name) not in _LOADED:
        raise StyleNotFound(
            f"the data name the style file {name!r}, whose code would run here; if it is your own, "
            "load it first, with rfft.tracer.styles.load"
        )
    return load(name)


def _key(name: str) -> str:
    return str(Path(name).resolve()) if name.endswith(".py") else name


def _find(name: str) -> Style:
    if name.endswith(".py"):
        return _from_file(Path(name))
    own = _built_in(name)
    if own is not None:
        return own()
    entry = _installed().get(name)
    if entry is not None:
        with _failures(f"style {name!r} of an installed package"):
            loaded = entry.load()
            style = loaded() if isinstance(loaded, type) else loaded
        if isinstance(style, Style):
            return style
        raise StyleNotFound(f"style {name!r} of an installed package is not a Style")
    known = names()
    said = f"; there are {', '.join(known)}, or a path of a .py file"
    raise StyleNotFound(f"no style {name!r}{nearest(name, known, said)}")


def _built_in(name: str) -> type[Style] | None:
    module = name.replace("-", "_")
    full = f"{__package__}.{module}"
    if not module.isidentifier() or importlib.util.find_spec(full) is None:
        return None
    defined = _defined_in(importlib.import_module(full))
    return next((style for style in defined if style.name == name), None)


def _from_file(path: Path) -> Style:
    if not path.is_file():
        raise StyleNotFound(f"no style file {str(path)!r}")
    spec = importlib.util.spec_from_file_location(f"rfft_style_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    with _failures(f"style file {str(path)!r}"):
        spec.loader.exec_module(module)
    defined = _defined_in(module)
    if len(defined) != 1:
        raise StyleNotFound(f"style file {str(path)!r} must define one Style, not {len(defined)}")
    with _failures(f"style file {str(path)!r}"):
        return defined[0]()


def _defined_in(module: ModuleType) -> list[type[Style]]:
    """Return the styles that a module defines, without those that it imports."""
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Style)
        and value.__module__ == module.__name__
    ]


@contextmanager
def _failures(what: str) -> Iterator[None]:
    """Turn whatever goes wrong in somebody's style into one clear line."""
    try:
        yield
    except (Exception, SystemExit) as error:
        raise StyleNotFound(f"{what} fails: {type(error).__name__}: {error}") from error


def _installed() -> "dict[str, EntryPoint]":
    from importlib.metadata import entry_points

    return {e.name: e for e in entry_points(group="rfft.styles")}


_LOADED: dict[str, Style] = {}
