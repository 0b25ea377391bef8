"""Builds a corpus in a folder, or goes on with one."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rfft.tracer.commands import disk

from ..programs import stored as programs
from . import card, files, outcome, records
from . import plan as plans
from .errors import BuildFailed, CorpusRejected
from .plan import Plan
from .records import Record
from .rows import Row
from .tracing import Shard, Tracer


@dataclass(frozen=True)
class Built:
    """What a build has come to. `manifest` is there once all parts are complete."""

    shards: int  # built now
    kept: int  # complete already
    rows: int  # of the part
    left_out: int
    exhausted: int
    manifest: Record | None
    records: Sequence[Record]  # of the part
    protection: dict[str, Any]


def build(
    plan: Plan,
    folder: Path,
    *,
    part: tuple[int, int] = (1, 1),
    workers: int | None = None,
    unprotected: bool = False,
    begun: Callable[[int], None] = lambda done: None,
    done: Callable[[int, Sequence[Row]], None] = lambda samples, rows: None,
) -> Built:
    """Build the shards of a plan that are not complete in a folder; of part ``(k, n)`` alone.

    `begun` is told how many samples are done with already, `done` how many more, with their rows.
    Raises CorpusRejected, TaskRejected, BuildFailed, and Refused while another build is at work.
    """
    with locked(folder, part):
        claim(plan, folder)
        numbers = plan.part(*part)
        found = {n: record for n in numbers if (record := records.complete(plan, folder, n))}
        missing = [n for n in numbers if n not in found]
        kept = len(found)
        begun(sum(part.count for number in found for part in plan.shards[number]))
        protection: dict[str, Any] = {}
        if missing:
            _unfinish(folder)
            with _tracer(plan, workers, unprotected, done) as tracer:
                for shard in _shards(tracer, missing):
                    found[shard.number] = records.write_shard(plan, folder, shard)
                    done(sum(cell.slice.count - cell.drawn.rows for cell in shard.cells), ())
                protection = tracer.protection
        made = finish(plan, folder, found)
        if part[1] == 1:
            _tidy(folder)
    cells = [cell for record in found.values() for cell in record["cells"]]
    return Built(
        shards=len(missing),
        kept=kept,
        rows=sum(cell["rows"] for cell in cells),
        left_out=sum(len(cell.get("left_out", ())) for cell in cells),
        exhausted=sum(cell["exhausted"] for cell in cells),
        manifest=made,
        records=list(found.values()),
        protection=protection,
    )


def _tracer(
    plan: Plan, workers: int | None, unprotected: bool, done: Callable[[int, Sequence[Row]], None]
) -> Tracer:
    try:
        return Tracer(plan, workers, unprotected=unprotected, done=done)
    except OSError as error:
        raise BuildFailed(f"no process to trace in: {error.strerror or error}") from None


def _shards(tracer: Tracer, numbers: list[int]) -> Iterator[Shard]:
    try:
        yield from tracer.shards(numbers)
    except OSError as error:
        raise BuildFailed(f"no process to trace in: {error.strerror or error}") from None


def claim(plan: Plan, folder: Path) -> None:
    """Write the plan into a folder, or make sure that it is the plan of the folder."""
    path = folder / plans.FILE
    if not path.exists():
        known = (disk.WORK, programs.FILE, programs.UNREAD)  # of a build that was killed here
        others = [p.name for p in folder.iterdir() if p.name not in known]
        if others:
            raise CorpusRejected(f"{folder}: is not empty and no corpus; it has {others[0]}")
        if plan.programs is not None:
            for file in (programs.UNREAD, programs.FILE):
                files.take(folder, file, plan.programs.path.parent / file)
            plan.programs = plan.programs.at(folder)
        files.write(folder, plans.FILE, plan.text().encode())
        return
    there = plans.read(folder)
    differs = plans.difference(there, plan)
    if differs:
        raise CorpusRejected(
            f"{folder}: is of another plan: it has {differs}; take another folder, or remove it"
        )
    if plan.programs is not None:
        plan.programs = plan.programs.at(folder)
        plan.programs.check()


def _unfinish(folder: Path) -> None:
    """Take away what says that the corpus is complete, which it is not any more."""
    with contextlib.suppress(FileNotFoundError):
        (folder / records.MANIFEST).unlink()


def finish(plan: Plan, folder: Path, known: dict[int, Record]) -> Record | None:
    """Write the card and, last, the manifest if all shards are complete. Raises BuildFailed."""
    found: list[Record] = []
    for number in range(len(plan.shards)):
        record = known.get(number) or records.read(plan, folder, number)
        if record is None:
            return None
        found.append(record)
    if plan.programs is not None:
        outcome.write(plan, folder, found)
    card.write(plan, folder, found)
    return records.write_manifest(plan, folder, found)


def _tidy(folder: Path) -> None:
    """Remove what killed builds have left behind."""
    for path in (folder / disk.WORK).glob("*.tmp"):
        with contextlib.suppress(OSError):
            path.unlink()


@contextlib.contextmanager
def locked(folder: Path, part: tuple[int, int]) -> Iterator[None]:
    """Keep other builds out of a folder, or out of a part of it. Raises Refused, Failed."""
    work, busy = folder / disk.WORK, f"{folder}: another build is at work there"
    with contextlib.ExitStack() as held:
        held.enter_context(disk.locked(work / "lock", busy, shared=part[1] > 1))
        if part[1] > 1:
            held.enter_context(disk.locked(work / f"lock-{part[0]}-of-{part[1]}", busy))
        yield
