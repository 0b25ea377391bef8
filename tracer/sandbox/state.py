"""Tells whether a rule has changed the interpreter that it runs in.

`Snapshot` remembers what the names in modules and classes stand for. Comparing looks at identity
alone and runs no code of the rule. Usually nothing has changed, which `memory` tells quickly.
"""

import gc
import itertools
import json
import sys
from operator import is_
from types import ModuleType
from typing import Any

from . import memory

# What well-meaning code sets, ours among it.
_FREE = {
    "rfft.tracer.sandbox.linux": frozenset({"_c"}),
    "sys": frozenset(
        "stdin stdout stderr argv path ps1 ps2 last_type last_value last_traceback last_exc"
        " _getframe"
        " tracebacklimit dont_write_bytecode warnoptions displayhook excepthook".split()
    ),
    "warnings": frozenset({"filters", "showwarning", "formatwarning", "_filters_version"}),
    "threading": frozenset(
        "_counter _active _active_limbo_lock _shutdown_locks _shutdown_locks_lock _main_thread"
        " _shutdown_handles".split()
    ),
}
# Modules whose classes are looked at, too.
_WITH_CLASSES = frozenset(
    "abc calendar collections contextlib copy dataclasses datetime decimal enum fractions"
    " functools io json json.encoder json.decoder numbers random re statistics string textwrap"
    " threading".split()
)
_WARNED = "__warningregistry__"


class _Names:
    """What the names in one dictionary stood for."""

    __slots__ = ("_keys", "_owner", "_values", "live", "title")

    def __init__(self, title: str, owner: Any) -> None:
        self.title = title
        self._owner = owner
        self.live = live = owner.__dict__
        self._keys = tuple(live.keys())
        self._values = tuple(live.values())

    def same(self) -> bool:
        live = self.live
        return (
            len(live) == len(self._keys)
            and all(map(is_, live.keys(), self._keys))
            and all(map(is_, live.values(), self._values))
        )

    def changed(self) -> list[str]:
        """Return the names that stand for something else now."""
        live = {k: v for k, v in self.live.items() if type(k) is str}
        before = dict(zip(self._keys, self._values, strict=True))
        gone = object()
        found = [k for k in {**before, **live} if live.get(k, gone) is not before.get(k, gone)]
        return [k for k in found if k not in _FREE.get(self.title, ()) and k != _WARNED]

    def restore(self) -> None:
        """Let the names stand for what they stood for."""
        before = dict(zip(self._keys, self._values, strict=True))
        if type(self.live) is dict:
            self.live.clear()
            self.live.update(before)
            return
        for name in self.changed():
            if name in before:
                type.__setattr__(self._owner, name, before[name])
            else:
                type.__delattr__(self._owner, name)


class Snapshot:
    """The state of all modules loaded, but `trusted` ones, and of the tracer's own classes."""

    def __init__(self, trusted: frozenset[str] = frozenset()) -> None:
        self._modules = {
            n: m for n, m in sys.modules.items() if type(m) is ModuleType and n not in trusted
        }
        names = [_Names(name, module) for name, module in self._modules.items()]
        classes: dict[int, type] = {}
        for name, module in self._modules.items():
            own = name.startswith("rfft.")
            for value in vars(module).values():
                # The dictionaries of ctypes' classes are of another kind.
                if (
                    isinstance(value, type)
                    and (own or (name in _WITH_CLASSES and _is_of(value, name)))
                    and type(gc.get_referents(value.__dict__)[0]) is dict
                ):
                    classes[id(value)] = value
        names += [_Names(f"{c.__module__}.{c.__name__}", c) for c in classes.values()]
        # CPython 3.13 gives no new version to an object's own dictionary.
        self._objects = [
            _Names(f"json.{name}", getattr(json, name))
            for name in ("_default_encoder", "_default_decoder")
        ]
        self._lists = {
            f"{module.__name__}.{name}": (getattr(module, name), tuple(getattr(module, name)))
            for module, name in ((sys, "meta_path"), (sys, "path_hooks"), (gc, "callbacks"))
        }
        self._watched = [_Watched([n for n in names if n.title not in _FREE])]
        self._watched += [_Watched([n]) for n in names if n.title in _FREE]
        self._imports: memory.Versions | None = None
        self._monitoring = _monitoring_tools()

    def guard_stands(self) -> None:
        """What has been put into `sys` since this was made belongs there."""
        self._watched = [
            _Watched(w.names) if w.names[0].title == "sys" else w for w in self._watched
        ]

    def modules_are_final(self) -> None:
        """Nobody but the rule changes ``sys.modules`` from here on."""
        self._imports = memory.Versions([sys.modules])

    def undo(self) -> list[str]:
        """Put back what a rule has changed; say what that was, one line for each module or class.

        The tracer goes on in this process, and must not use what the rule has put in place.
        """
        found = []
        touched = [n for n in self._objects if not n.same()]
        for names in itertools.chain(touched, *(w.touched() for w in self._watched)):
            changed = names.changed()
            if changed:
                listed = ", ".join(ascii(c)[1:-1] for c in itertools.islice(changed, 5))
                found.append(f"the rule changes {names.title}: {listed}")
                names.restore()
        for title, (live, before) in self._lists.items():
            if len(live) != len(before) or not all(map(is_, live, before)):
                found.append(f"the rule changes {title}")
                live[:] = before
        current, swapped = sys.modules, []
        if self._imports is None or not self._imports.same():
            swapped = [n for n, m in self._modules.items() if current.get(n, m) is not m]
        if swapped:
            found.append(f"the rule replaces modules: {', '.join(swapped[:5])}")
            current.update({n: self._modules[n] for n in swapped})
        if _monitoring_tools() != self._monitoring:
            found.append("the rule uses sys.monitoring")
        if sys.gettrace() is not None or sys.getprofile() is not None:
            found.append("the rule sets a trace function")
        return found


class _Watched:
    """Some dictionaries of names, as they are when this is made."""

    def __init__(self, names: list[_Names]) -> None:
        self.names = names
        self._versions = memory.Versions([memory.dictionary(n.live) for n in names])

    def touched(self) -> list[_Names]:
        """Return those in which names may stand for something else now."""
        return [] if self._versions.same() else [n for n in self.names if not n.same()]


def _is_of(kind: type, module: str) -> bool:
    """Tell whether a class was made by a class statement of a module."""
    return kind.__module__ == module and bool(kind.__flags__ & (1 << 9))


def _monitoring_tools() -> list[str | None]:
    monitoring = getattr(sys, "monitoring", None)
    return [monitoring.get_tool(n) for n in range(6)] if monitoring is not None else []
