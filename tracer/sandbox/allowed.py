"""Which modules of installed packages rules may import, beside those of the standard library.

They are loaded before the walls go up. They are trusted: their code may look at frames, and what
they change in themselves counts for nothing. The system's walls hold all the same.
"""

import contextlib
import gc
import importlib.util
import pkgutil
import sys
from collections.abc import Sequence
from types import ModuleType

from ..errors import Refused
from ..values.show import print_instances_of

_allowed: list[str] = []
_NEVER_NEEDED = ("test", "__main__", "f2py", "distutils")


def allow(*modules: str) -> None:
    """Let the rules of all sandboxes made from here on import these modules, too.

    Raise `Refused` if there is no such module.
    """
    for name in modules:
        top = name.partition(".")[0]
        if not all(map(str.isidentifier, name.split("."))) or importlib.util.find_spec(top) is None:
            raise Refused(
                f"--allow {name}: there is no such module here; is its package installed?"
            )
        if name not in _allowed:
            _allowed.append(name)


def load(names: Sequence[str]) -> frozenset[str]:
    """Load modules that rules may import, too; return the names of all that came with them.

    Values of their classes are shown as Python prints them. Raise `Refused` if one does not load.
    """
    before = set(sys.modules)
    for name in names:
        try:
            module = importlib.import_module(name)
        except Exception as problem:
            raise Refused(f"--allow {name}: {type(problem).__name__}: {problem}") from None
        _load_parts(module)
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed(0)  # every input has the same luck
    tops = {name.partition(".")[0] for name in names}
    print_instances_of(
        value for value in gc.get_objects()
        if type(value) is type and str(value.__module__).partition(".")[0] in tops
    )  # fmt: skip
    return frozenset(sys.modules.keys() - before)


def _load_parts(package: ModuleType) -> None:
    """Load what else a package has, which it might want to load itself when that cannot be done."""
    parts = pkgutil.walk_packages(getattr(package, "__path__", ()), f"{package.__name__}.", id)
    for part in parts:
        if not any(word in part.name for word in _NEVER_NEEDED):
            with contextlib.suppress(BaseException):  # such as those for another system
                importlib.import_module(part.name)


def allowed() -> list[str]:
    """Return the modules that have been allowed, in the order in which they were."""
    return list(_allowed)
