"""What other programs want of a corpus. A file in this folder is one of them, and needs no other.

The name of the file, with ``-`` for ``_``, is what ``rfft corpus export --to`` takes, and in it is
one subclass of `Target`. What it writes comes from rows alone: it never runs their rules.
"""

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from ..errors import CorpusRejected
from ..rows import Row


@dataclass
class Contents:
    """What an export holds.

    `rows` counts rows by side; `lengths` and `styles` are those of all rows; `longest` and
    `longest_completion` are the bytes of the longest sample and of the longest response.
    """

    rows: dict[str, int] = field(default_factory=dict)
    lengths: set[int] = field(default_factory=set)
    styles: set[str] = field(default_factory=set)
    longest: int = 0
    longest_completion: int = 0

    def add(self, side: str, rows: Sequence[Row]) -> None:
        """Count rows of a side."""
        self.rows[side] = self.rows.get(side, 0) + len(rows)
        for row in rows:
            self.lengths.add(row["length"])
            self.styles.add(row["style"])
            completion = len(row["completion"].encode())
            self.longest = max(self.longest, len(row["prompt"].encode()) + completion)
            self.longest_completion = max(self.longest_completion, completion)


class Target(ABC):
    """A program that takes a corpus in a form of its own.

    `files` are the names of the files with rows, by side; a corpus of another side is refused. With
    a suffix ``.parquet`` they have the columns of `schema`, else they are JSONL. One that `scores`
    each row by its answer takes whole runs only.
    """

    files: ClassVar[Mapping[str, str]]
    scores: ClassVar[bool] = False

    @abstractmethod
    def row(self, row: Row, side: str, number: int) -> dict[str, Any]:
        """Return how the `number`-th row of a side is written."""

    def schema(self, pa: Any) -> Any:
        """Return the schema of Parquet files, made by the module pyarrow."""
        raise NotImplementedError

    def beside(self, name: str, contents: Contents) -> Mapping[str, str]:
        """Return the texts of other files by name; `name` is that of the folder."""
        return {}

    @abstractmethod
    def use(self, folder: Path, contents: Contents) -> list[str]:
        """Return lines that say how the folder is used."""


def names() -> list[str]:
    """Return the names of the targets."""
    return [module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__)]


def load(name: str) -> Target:
    """Return a target by its name. Raises CorpusRejected."""
    if name not in names():
        raise CorpusRejected(f"--to takes {', '.join(names())}, and not {name!r}")
    module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    (made,) = (c for c in Target.__subclasses__() if c.__module__ == module.__name__)
    return made()
