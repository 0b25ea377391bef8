"""Shows how a run goes on, on a terminal; nothing where there is none."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .backends import Answer

Begun = Callable[[int, int], None]
Done = Callable[[Answer], None]


@contextmanager
def of_answers() -> Iterator[tuple[Begun, Done]]:
    """Show a bar for answers; yield the `begun` and `done` of `rfft.eval.run.answer`."""
    if not sys.stderr.isatty():
        yield lambda there, wanted: None, lambda answer: None
        return
    with _bar() as bar:
        row = bar.add_task("answering", total=None, said="")
        started, written = time.monotonic(), 0

        def begun(there: int, wanted: int) -> None:
            bar.update(row, total=wanted, completed=there)

        def done(answer: Answer) -> None:
            nonlocal written
            written += answer.written
            rate = written / (time.monotonic() - started + 1e-9)
            bar.update(row, advance=1, said=f"{rate:,.0f} tokens/s")

        yield begun, done


@contextmanager
def of_things(what: str, wanted: int) -> Iterator[Callable[[int], None]]:
    """Show a bar for things that are worked on; yield what is told how many more are done."""
    if not sys.stderr.isatty():
        yield lambda more: None
        return
    with _bar() as bar:
        row = bar.add_task(what, total=wanted, said="")
        yield lambda more: bar.update(row, advance=more)


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[said]}"), TimeRemainingColumn(),
    )  # fmt: skip
    return Progress(*columns, console=Console(stderr=True), transient=True)
