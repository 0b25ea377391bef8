"""Shows how training goes on: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from typing import Any

_LINES = 20  # how many lines a run writes where there is no terminal, about


class Progress:
    """What is shown of a run, on standard error."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._row: Any = None
        self._total = 0
        self._first = 0
        self._begun = 0.0
        self._validation = ""

    def begin(self, done: int, total: int) -> None:
        """Begin after `done` of `total` steps."""
        self._total, self._first, self._begun = total, done, time.monotonic()
        if not sys.stderr.isatty():
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (BarColumn(bar_width=20), MofNCompleteColumn(), TextColumn("{task.fields[said]}"))
        self._bar = Progress(*columns, console=Console(stderr=True))
        self._row = self._bar.add_task("training", total=total, completed=done, said="")
        self._bar.start()

    def line(self, line: dict[str, Any]) -> None:
        """Show a line of `metrics.jsonl`."""
        step = line["step"]
        if "eval_loss" in line:
            self._validation = f"  validation {line['eval_loss']:.4f}"
            if self._bar is None:
                print(f"step {step:,}/{self._total:,}{self._validation}", file=sys.stderr)
            return
        said = f"loss {line['loss']:.4f}{self._validation}  {self._speed(line)}"
        if self._bar is not None:
            self._bar.update(self._row, completed=step, said=said)
        elif step % max(1, self._total // _LINES) == 0 or step in (self._first + 1, self._total):
            print(f"step {step:,}/{self._total:,}  {said}", file=sys.stderr, flush=True)

    def _speed(self, line: dict[str, Any]) -> str:
        mfu = "" if line["mfu"] is None else f"  MFU {line['mfu']:.0%}"
        done = line["step"] - self._first
        left = (time.monotonic() - self._begun) / done * (self._total - line["step"])
        return (
            f"{line['tokens_per_second']:,.0f} tokens/s{mfu}  {line['memory_gib']:.1f} GiB  "
            f"{_duration(left)} left"
        )

    def end(self) -> None:
        """Leave what was shown."""
        if self._bar is not None:
            self._bar.stop()


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
