"""Which modules of installed packages rules may import, beside those of the standard library.

They are loaded before the walls go up. They are trusted: their code may look at frames, and what
they change in themselves counts for nothing. The system's walls hold all the same.
"""

import importlib.util

from ..errors import Refused

_allowed: list[str] = []


def allow(*modules: str) -> None:
    """Let the rules of all sandboxes made from here on import these modules, too.

    Raise `Refused` if there is no such module.
    """
    for name in modules:
        top = name.partition(".")[0]
        if not all(map(str.isidentifier, name.split("."))) or importlib.util.find_spec(top) is None:
            raise Refused(f"--allow {name}: there is no such module here; is its package installed?")
        if name not in _allowed:
            _allowed.append(name)


def allowed() -> list[str]:
    """Return the modules that have been allowed, in the order in which they were."""
    return list(_allowed)
