"""Presets: what a corpus is made of, in small files that a person can read and copy."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rfft.tracer.commands.settings import SettingsFiles

from .errors import CorpusRejected
from .split import ALL, SHARES


@dataclass(frozen=True)
class Settings:
    """What a corpus is made of.

    `tasks` is a split (all its tasks) or a list of names; `lengths` are the first and the last;
    `per_length` is the number of samples for each task and length. `side` says which instances
    (`rfft.rules.corpus.split`). With `example`, each prompt has a worked example in front.
    `synthetic` is the number of samples, over all lengths, that have a rule drawn for each.
    `shard_rows` is how many rows a shard has, about. A row is a whole `run`, or a `step` of one
    (`rfft.rules.corpus.steps`). With `vary`, each task or program is there in so many variants, and
    not as it stands. `direction` says what is asked for: the answer, or an input that gives it.
    """

    preset: str
    tasks: str | tuple[str, ...]
    lengths: tuple[int, int]
    per_length: int
    side: str
    style: str
    seed: int = 0
    example: bool = False
    synthetic: int = 0
    synthetic_kind: str = "snippets"
    shard_rows: int = 4000
    format: str = "parquet"
    configs: tuple[str, ...] = ("conversational", "prompt_completion")
    unit: str = "run"
    vary: int = 0
    direction: str = "forward"

    def __post_init__(self) -> None:
        if self.side not in (*SHARES, ALL):
            raise CorpusRejected(f"no side {self.side!r}; there are {', '.join(SHARES)}")
        if self.direction not in ("forward", "backward"):
            raise CorpusRejected(f"no direction {self.direction!r}; there are forward, backward")
        if self.vary and self.synthetic:
            raise CorpusRejected("--vary goes without rules that are drawn, of which none is twice")
        if self.backward and self.example:
            raise CorpusRejected("--direction backward goes without worked examples")
        if self.backward and self.unit == STEP:
            raise CorpusRejected(f"--direction backward goes without --unit {STEP}")
        for name, (least, most) in _BOUNDS.items():
            if getattr(self, name) < least:
                raise CorpusRejected(f"{name} must be {least} or more, not {getattr(self, name)}")
            if getattr(self, name) > most:
                raise CorpusRejected(f"{name} must be {most:,} or less")
        if not 0 <= self.lengths[0] <= self.lengths[1] <= LONGEST:
            raise CorpusRejected(f"lengths go from 0 to {LONGEST:,}, the smaller one first")
        if self.unit not in UNITS:
            raise CorpusRejected(f"no unit {self.unit!r}; there are {', '.join(UNITS)}")
        if self.unit == STEP and self.example:
            raise CorpusRejected(f"unit {STEP} goes without worked examples: --no-example")
        if self.synthetic and self.lengths[1] > 999:
            raise CorpusRejected("synthetic rules have lengths up to 999")

    @property
    def backward(self) -> bool:
        """Whether an input is asked for, and not the answer."""
        return self.direction == "backward"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that rows have besides the usual ones."""
        return (*(("direction", "output") if self.backward else ()),
                *(("variant_of",) if self.vary else ()))  # fmt: skip

    @property
    def split(self) -> str:
        """What the rows are for: training, if they are of all sides."""
        return "train" if self.side == ALL else self.side


STEP = "step"
UNITS = ("run", STEP)

LONGEST = 1_000_000
"""The longest instances: the text of longer ones is not read, whatever they are made of."""

_BOUNDS = {"per_length": (0, 10**9), "synthetic": (0, 10**9), "shard_rows": (1, 1_000_000),
           "vary": (0, 100)}  # fmt: skip


def lengths(text: str) -> tuple[int, int]:
    """Return the first and the last of ``A-B`` or of one length. Raises CorpusRejected."""
    match = re.fullmatch(r"\s*(\d{1,9})(?:\s*-\s*(\d{1,9}))?\s*", text)
    if match:
        first, last = int(match[1]), int(match[2] or match[1])
        if first <= last:
            return first, last
    raise CorpusRejected(f"lengths are given as 1-15 or 31, not {text!r}")


FILES = SettingsFiles(
    "preset",
    Path(__file__).resolve().parent / "presets",
    Settings,
    CorpusRejected,
    {"lengths": lengths},
)


def load(preset: str, **changes: Any) -> Settings:
    """Return a preset by its name or the path of its file, with changes that are not None.

    Raises CorpusRejected.
    """
    return FILES.load(preset, changes)
