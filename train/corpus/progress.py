"""Shows how a build goes on, on a terminal; nothing where there is none."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .plan import Plan
from .records import Record

Steps = tuple[Callable[[int], None], Callable[[Record], None]]


@contextmanager
def of_build(plan: Plan, wanted: int) -> Iterator[Steps]:
    """Show a bar for `wanted` samples; yield what is told how many were there, and each record."""
    if not sys.stderr.isatty():
        yield lambda rows: None, lambda record: None
        return
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    parts = (
        TextColumn("{task.description}"), BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} samples, {task.fields[rate]}"),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with _bar(*parts) as bar:
        row = bar.add_task("building", total=wanted, rate="")
        samples = characters = 0

        def begun(rows: int) -> None:
            bar.update(row, total=wanted - rows)

        def done(record: Record) -> None:
            nonlocal samples, characters
            planned = sum(cell["wanted"] for cell in record["cells"])
            samples += record["rows"]
            sizes = [cell["characters"] for cell in record["cells"]]
            characters += sum(s["prompts"] + s["completions"] for s in sizes)
            seconds = bar.tasks[row].elapsed or 1e-9
            rate = f"{samples / seconds:,.0f} samples/s, {characters / seconds:,.0f} characters/s"
            bar.update(row, advance=planned, rate=rate)

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
