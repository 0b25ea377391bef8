"""What there is to follow: tasks, each a rule with questions and inputs of any length.

>>> from rfft.rules import load
>>> task = load("count_even.py")  # doctest: +SKIP
>>> task.arguments(length=5, seed=1)  # doctest: +SKIP
([46, 12, 7, 80, 3],)
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .discovery import catalog, load
    from .errors import TaskNotFound, TaskRejected
    from .fingerprints import fingerprint
    from .task import Task, random_for

_HOME = {
    "Task": "task",
    "load": "discovery",
    "catalog": "discovery",
    "fingerprint": "fingerprints",
    "random_for": "task",
    "TaskNotFound": "errors",
    "TaskRejected": "errors",
}
__all__ = [
    "Task",
    "TaskNotFound",
    "TaskRejected",
    "catalog",
    "fingerprint",
    "load",
    "random_for",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that importing the package is quick."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value
