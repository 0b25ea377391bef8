"""An event loop for rules with coroutines that needs no descriptors: nothing is there to wait for.

A rule can reach this module: nothing else of ours is in it.
"""

import asyncio
import time
from typing import Any


class _Nothing:
    """Stands for a selector: waits and finds no event."""

    def select(self, timeout: float | None) -> list[Any]:
        # Without a timeout nothing could ever wake the loop up again; the time limit will.
        time.sleep(3600 if timeout is None else max(0.0, timeout))
        return []


class Loop(asyncio.BaseEventLoop):
    """Runs coroutines and timers."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = _Nothing()

    def _process_events(self, events: list[Any]) -> None:
        pass

    def _write_to_self(self) -> None:
        pass


class _Policy(asyncio.DefaultEventLoopPolicy):
    _loop_factory = Loop


async def _nothing() -> None:
    pass


def prepare() -> None:
    """Have asyncio make such loops, and use it once so that it is all loaded."""
    asyncio.set_event_loop_policy(_Policy())
    asyncio.run(_nothing())
