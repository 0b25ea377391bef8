"""How fast a build goes."""

import time
from collections.abc import Callable, Sequence

from .rows import Row


class Pace:
    """How fast a build goes, in samples and in tokens, or characters, a second.

    Tokens are estimated: by `tokens`, which counts those of a text, from one row of each batch.
    """

    def __init__(self, tokens: Callable[[str], int] | None = None) -> None:
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
            self._counted += sum(map(self._tokens, texts))

    def __str__(self) -> str:
        seconds = max(time.monotonic() - self._start, 1e-9)
        amount, unit = self._characters / seconds, "characters"
        if self._looked_at:
            amount, unit = amount * self._counted / self._looked_at, "tokens"
        return f"{self._samples / seconds:,.0f} samples/s, {amount / 1e6:.2f} M {unit}/s"
