"""Counts how a build goes on, and shows it on a terminal."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from .rows import Row


class Pace:
    """How fast a build goes, in samples and in tokens, or characters, a second.

    Tokens are estimated: by `tokens`, which counts those of texts, from one row of each batch.
    """

    def __init__(self, tokens: Callable[[list[str]], list[int]] | None = None) -> None:
        self._tokens = tokens
        self._start = time.monotonic()
        self._samples = self._characters = 0
        self._looked_at = self._counted = 0  # characters of which the tokens were counted; these

    def done(self, samples: int, rows: Sequence[Row]) -> None:
        """Note so many more samples; `rows` are those of them that are in the corpus."""
        self._samples += samples
        self._characters += sum(len(row["prompt"]) + len(row["completion"]) for row in rows)
        if self._tokens is not None and rows:
            texts = [rows[0]["prompt"], rows[0]["completion"]]
            self._looked_at += sum(map(len, texts))
            self._counted += sum(self._tokens(texts))

    def __str__(self) -> str:
        seconds = max(time.monotonic() - self._start, 1e-9)
        amount, unit = self._characters / seconds, "characters"
        if self._looked_at:
            amount, unit = amount * self._counted / self._looked_at, "tokens"
        return f"{self._samples / seconds:,.0f} samples/s, {amount / 1e6:.2f} M {unit}/s"


@contextmanager
def of_build(
    wanted: int, pace: Pace
) -> Iterator[tuple[Callable[[int], None], Callable[[int, Sequence[Row]], None]]]:
    """Show a bar for `wanted` samples; yield the `begun` and `done` of `build`."""
    if not sys.stderr.isatty():
        yield lambda samples: None, pace.done
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.fields[rate]} left")
    with _bar(BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn()) as bar:
        row = bar.add_task("building", total=wanted, rate="")

        def begun(samples: int) -> None:
            bar.update(row, total=wanted - samples)

        def done(samples: int, rows: Sequence[Row]) -> None:
            pace.done(samples, rows)
            bar.update(row, advance=samples, rate=str(pace))

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
