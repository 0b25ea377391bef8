"""How well the processes of a sandbox hold a rule back, as its records say."""

import sys
from collections.abc import Iterable
from typing import Any

WALLS = frozenset({"system-call filter", "Landlock", "namespaces"})
"""What the kernel of Linux puts between a rule and everything else."""

UNSAFE = {"level": "none", "missing": ["separate process", "system-call filter"]}
"""The protection of a rule that runs in the caller's own process."""


def protection(missing: Iterable[str]) -> dict[str, Any]:
    """Return the level of protection without what is missing, and what that is."""
    names = sorted(set(missing))
    # Other systems have no such walls; the limits that they enforce are some protection.
    if sys.platform.startswith("linux") and set(names) >= WALLS:
        level = "none"
    else:
        level = "partial" if names else "full"
    return {"level": level, "missing": names}


def shortfall(said: dict[str, Any]) -> str | None:
    """Return a line on what is missing, or None if nothing is."""
    if said["level"] == "full":
        return None
    return f"protection is {said['level']}: no {', no '.join(said['missing'])}"
