"""Shows how a build goes on, on a terminal; nothing where there is none."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Steps = tuple[Callable[[int], None], Callable[[int, int], None]]


@contextmanager
def of_build(wanted: int) -> Iterator[Steps]:
    """Show a bar for `wanted` samples; yield the `begun` and `done` of `build`."""
    if not sys.stderr.isatty():
        yield lambda samples: None, lambda samples, characters: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.fields[rate]}")
    with _bar(BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn()) as bar:
        row = bar.add_task("building", total=wanted, rate="")
        samples = characters = 0

        def begun(samples: int) -> None:
            bar.update(row, total=wanted - samples)

        def done(more: int, written: int) -> None:
            nonlocal samples, characters
            samples += more
            characters += written
            seconds = bar.tasks[row].elapsed or 1e-9
            speed, text = samples / seconds, characters / seconds / 1e6
            rate = f"{speed:,.0f} samples/s {text:.2f} M characters/s left"
            bar.update(row, advance=more, rate=rate)

        yield begun, done


@contextmanager
def of_rows(what: str, wanted: int | None) -> Iterator[Callable[[int], None]]:
    """Show a bar for rows that are looked at; yield what is told how many are done."""
    if not sys.stderr.isatty():
        yield lambda rows: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn

    with _bar(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()) as bar:
        row = bar.add_task(what, total=wanted)
        yield lambda rows: bar.update(row, completed=rows)


def _bar(*parts: object):  # type: ignore[no-untyped-def]
    from rich.console import Console
    from rich.progress import Progress

    return Progress(*parts, console=Console(stderr=True), transient=True)  # type: ignore[arg-type]
