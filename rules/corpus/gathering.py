"""From the options of a command to the set of programs that a plan is made of."""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rfft.tracer.commands import disk
from rfft.tracer.commands.progress import Bar

from ..programs.collect import Asked, collect
from ..programs.stored import ProgramSet
from ..programs.varying import vary
from . import programs, split
from .errors import BuildFailed, CorpusRejected
from .settings import Settings


@dataclass(frozen=True)
class Gathering:
    """A set that is to be read: its file, its fields (None: guessed), a file with a given split.

    What is made of it is written into `folder`.
    """

    file: Path
    fields: str | None
    split: Path | None
    folder: Path
    unprotected: bool = False

    def collect(self, settings: Settings) -> ProgramSet:
        """Read the set and return what of it is asked for. Raises CorpusRejected, SetRejected."""
        side = programs.by_hash if self.split is None else programs.given(self.split, settings.side)
        wanted = None if settings.side == split.ALL else settings.side
        asked = Asked(
            self.fields, side, wanted, settings.lengths, settings.shard_rows, self.split is not None
        )
        with Bar("reading programs", 1000) as bar:
            found = collect(self.file, self.folder, asked, bar.at)
        if not settings.vary:
            return found
        with Bar("varying programs", found.programs) as bar:
            return vary(
                found, self.folder, settings.vary, settings.seed, settings.shard_rows,
                self.unprotected, bar.add,
            )  # fmt: skip


@contextlib.contextmanager
def gathering(
    file: Path | None,
    fields: str | None,
    given: Path | None,
    out: Path | None,
    unprotected: bool = False,
) -> Iterator[Gathering | None]:
    """Lend the means to read a set, if there is one, for a corpus in the folder `out`."""
    if file is None:
        for name, value in (("fields", fields), ("split", given)):
            if value is not None:
                raise CorpusRejected(f"--{name} goes with --programs FILE")
        yield None
        return
    try:
        if out is not None:
            (out / disk.WORK).mkdir(parents=True, exist_ok=True)
        made = tempfile.TemporaryDirectory(
            prefix="programs-", dir=None if out is None else out / disk.WORK
        )
    except OSError as error:
        raise BuildFailed(f"{error.filename}: {error.strerror or error}") from None
    with made as folder:
        yield Gathering(file, fields, given, Path(folder), unprotected)
