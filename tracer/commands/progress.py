"""A bar on standard error for what takes long; nothing where that is no terminal, or quiet."""

import sys
from types import TracebackType
from typing import Any, Self

from .grammar import QUIET


class Bar:
    """Shows how much of something is done. A context manager; `start` and `stop` do the same.

    What `stays` is still there when it has stopped. `note` is what stands behind the bar.
    """

    def __init__(self, what: str, total: int | None = None, *, stays: bool = False) -> None:
        self._what = what
        self._total = total
        self._stays = stays
        self._progress: Any = None
        self._task: Any = None

    @property
    def seen(self) -> bool:
        """Tell whether there is a terminal to show it on."""
        return self._progress is not None

    def start(self) -> Self:
        """Show the bar."""
        if sys.stderr is not None and sys.stderr.isatty() and not QUIET.get():
            from rich import progress
            from rich.console import Console

            self._progress = progress.Progress(
                progress.TextColumn("{task.description}"),
                progress.BarColumn(),
                progress.MofNCompleteColumn(),
                progress.TextColumn("{task.fields[note]}"),
                progress.TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=not self._stays,
            )
            self._task = self._progress.add_task(self._what, total=self._total, note="")
            self._progress.start()
        return self

    def stop(self) -> None:
        """Take the bar away, or leave it as it is."""
        if self._progress is not None:
            self._progress.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def begin(self, done: int, total: int) -> None:
        """Say how much there is in all, and is done already."""
        self._update(completed=done, total=total)

    def add(self, more: int = 1, note: str | None = None) -> None:
        """Say how much more is done."""
        self._update(advance=more, note=note)

    def at(self, done: int, note: str | None = None) -> None:
        """Say how much is done."""
        self._update(completed=done, note=note)

    def _update(self, **said: Any) -> None:
        if self._progress is not None:
            known = {name: value for name, value in said.items() if value is not None}
            self._progress.update(self._task, **known)
