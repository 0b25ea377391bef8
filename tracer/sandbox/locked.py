"""Locks up this very process, for code that needs more of the tracer than a rule's process has."""

import importlib
import os
import resource
import signal
from collections.abc import Sequence
from contextlib import suppress

from .allowed import load
from .zygote import LIBRARY, filter_of, leave_network, lock_up


def lock_in(memory: int, modules: Sequence[str] = ()) -> list[str]:
    """Let this process only compute, and read and write what it has opened; say what is missing.

    `memory` is the most bytes that it may have. What may be imported afterwards is what is loaded:
    before, that is made the part of the standard library that rules may import, and `modules` that
    have been allowed. There may be no other thread.
    """
    for name in LIBRARY:
        importlib.import_module(name)
    missing = leave_network([])
    load(modules)
    missing += lock_up([])
    wall = filter_of()
    kinds = {resource.RLIMIT_AS: memory, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_NPROC: 0}
    for kind, most in kinds.items():
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (most, most))
    os.environ.clear()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if wall is None:
        return [*missing, "system-call filter"]
    wall.load()
    return missing
