"""Trace any rule: a plain Python function, run step by step, written as text.

>>> from rfft.tracer import trace
>>> def double(n):
...     return n * 2
>>> print(trace(double, 4).response())  # doctest: +SKIP
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .checking import Verdict, check
    from .checking.rewards import grpo_reward, reward
    from .checking.steps import parse
    from .decorator import traced
    from .errors import InputRejected, SourceRejected, StyleNotFound
    from .recorded.active import recording
    from .recorded.steps import Step
    from .rule import Rule
    from .tracing import Trace, trace

_HOME = {
    "Rule": "rule",
    "Trace": "tracing",
    "trace": "tracing",
    "traced": "decorator",
    "Step": "recorded.steps",
    "recording": "recorded.active",
    "check": "checking",
    "Verdict": "checking",
    "parse": "checking.steps",
    "reward": "checking.rewards",
    "grpo_reward": "checking.rewards",
    "SourceRejected": "errors",
    "InputRejected": "errors",
    "StyleNotFound": "errors",
}
__all__ = [
    "InputRejected",
    "Rule",
    "SourceRejected",
    "Step",
    "StyleNotFound",
    "Trace",
    "Verdict",
    "check",
    "grpo_reward",
    "parse",
    "recording",
    "reward",
    "trace",
    "traced",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that importing the package is quick."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def load_ipython_extension(shell: Any) -> None:
    """Bring the magic ``%%rfft``: what ``%load_ext rfft.tracer`` calls."""
    from .notebook import register

    register(shell)
