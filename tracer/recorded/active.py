"""The recorder that hooks report to, while there is one."""

import builtins
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from .recorder import Recorder
from .steps import Step

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

_HEADROOM = 250  # frames that hooks may need on top of the rule's own


class Active:
    """The recorder that hooks report to; None outside `recording`."""

    recorder: Recorder | None = None

    def failed(self, error: Exception) -> None:
        """Tell the recorder that a hook went wrong."""
        if self.recorder is not None:
            self.recorder.failed(error)


active = Active()


@contextmanager
def activate(recorder: Recorder) -> Iterator[Recorder]:
    """Send what the hooks of every instrumented module report to `recorder`."""
    before, limit = active.recorder, sys.getrecursionlimit()
    active.recorder = recorder
    sys.setrecursionlimit(limit + _HEADROOM)
    try:
        yield recorder
    finally:
        active.recorder = before
        if sys.getrecursionlimit() == limit + _HEADROOM:
            sys.setrecursionlimit(limit)


@contextmanager
def recording() -> Iterator[list[Step]]:
    """Record the statements of instrumented modules that run inside; yields the list of steps."""
    with activate(Recorder()) as recorder:
        yield recorder.steps
