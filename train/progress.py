"""Shows how training goes on: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from typing import Any

from rfft.tracer.commands.progress import Bar

_LINES = 20  # how many lines a run writes where there is no terminal, about


class Progress:
    """What is shown of a run, on standard error."""

    def __init__(self) -> None:
        self._bar = Bar("training", stays=True)
        self._total = 0
        self._first = 0
        self._begun = 0.0
        self._validation = ""

    def begin(self, done: int, total: int) -> None:
        """Begin after `done` of `total` steps."""
        self._total, self._first, self._begun = total, done, time.monotonic()
        self._bar.start()
        self._bar.begin(done, total)

    def line(self, line: dict[str, Any]) -> None:
        """Show a line of `metrics.jsonl`."""
        step = line["step"]
        if "eval_loss" in line:
            self._validation = f"  validation {line['eval_loss']:.4f}"
            if not self._bar.seen:
                print(f"step {step:,}/{self._total:,}{self._validation}", file=sys.stderr)
            return
        note = f"loss {line['loss']:.4f}{self._validation}  {_speed(line)}"
        if self._bar.seen:
            self._bar.at(step, note)
        elif step % max(1, self._total // _LINES) == 0 or step in (self._first + 1, self._total):
            print(
                f"step {step:,}/{self._total:,}  {note}  {self._left(step)} left",
                file=sys.stderr,
                flush=True,
            )

    def _left(self, step: int) -> str:
        each = (time.monotonic() - self._begun) / (step - self._first)
        minutes, seconds = divmod(round(each * (self._total - step)), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}"

    def end(self) -> None:
        """Leave what was shown."""
        self._bar.stop()


def _speed(line: dict[str, Any]) -> str:
    mfu = "" if line["mfu"] is None else f"  MFU {line['mfu']:.0%}"
    return f"{line['tokens_per_second']:,.0f} tokens/s{mfu}  {line['memory_gib']:.1f} GiB"
