"""Scores replies that state an input: they are run in the sandbox, and any right input counts."""

import atexit
import functools
import os
import threading
from collections.abc import Callable, Sequence

from rfft.rules.corpus import backward
from rfft.rules.corpus.backward import Reply
from rfft.rules.corpus.tracing import LIMITS
from rfft.tracer.sandbox import Pool

_MOST = 4  # sandboxes, of each process that scores
_lock = threading.Lock()


def problems(
    replies: Sequence[Reply], same: Callable[[str, str], bool], unprotected: bool = False
) -> list[str]:
    """Return for each reply what is wrong with it, or nothing.

    Raises Unprotected where nothing holds rules back, unless that is allowed, and OSError if no
    process can be made.
    """
    with _lock:
        pool = _pool(os.getpid(), unprotected)
    return list(backward.gives(replies, pool, same))


@functools.cache
def _pool(process: int, unprotected: bool) -> Pool:
    """Return the sandboxes, which stay for the next replies; a process that is forked has its own.

    A reply that runs for long is wrong, whatever it would come to.
    """
    pool = Pool(min(os.cpu_count() or 1, _MOST), styles=("direct",), limits=LIMITS,
                protected=not unprotected)  # fmt: skip
    atexit.register(pool.close)
    return pool
