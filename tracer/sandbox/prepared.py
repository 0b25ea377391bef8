"""The rule asked for last, parsed and compiled once, before the processes that trace it are forked.

Each input is traced in a process of its own. What all of them would do first, and at a higher
price, as each page of memory that a forked process writes to is copied, is done by the zygote.
"""

import contextlib
import gc
from collections.abc import Sequence

from ..errors import Refused
from ..recorded.running import hooked
from ..records import Task
from ..rule import Rule
from .limited import rule_of
from .suspicions import suspicions
from .wire import LEFT

_SOON = 1.0  # seconds
_LONG = 50_000  # characters of a source
_NONE: tuple[str, str | None, tuple[str, ...]] = ("", None, ())


class Prepared:
    """Remembers one rule.

    Its text is parsed here only after a process has come through all that with it, and soon: then
    neither the parser nor the tracer fails on it. Nothing of the rule is run.
    """

    def __init__(self) -> None:
        self._asked = _NONE
        self._harmless = False
        self._rule: Rule | None = None

    def rule(self, tasks: Sequence[Task]) -> Rule | None:
        """Return the rule of the one task, or None: then the process for it has to make it."""
        task = tasks[0]
        asked = (task.source, task.function, task.styles) if len(tasks) == 1 else _NONE
        if asked != self._asked:
            self._asked, self._harmless = asked, False
            if self._rule is not None:
                self._rule = None
                gc.collect()  # of what has been made since the zygote was ready
        elif asked != _NONE and self._rule is None and self._harmless:
            with contextlib.suppress(Refused, RecursionError, MemoryError):  # the process says so
                rule = rule_of(task)
                hooked(rule)
                suspicions(rule)
                self._rule = rule
        return self._rule

    def ended(self, status: int, seconds: float) -> None:
        """Note how the process for the last request has ended, and after how long."""
        well = status in (0, LEFT << 8)
        self._harmless = well and seconds < _SOON and len(self._asked[0]) < _LONG
