"""Writes corpora into one folder, in the form that another program takes.

Rows are read and written one after the other. The folder is put in place when all of it is there.
"""

import itertools
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rfft.tracer import SourceRejected
from rfft.tracer.commands import disk
from rfft.tracer.commands.extras import need

from . import plan, reading, sources
from .errors import BuildFailed, CorpusRejected
from .export import Contents, Target
from .plan import Plan
from .records import Record
from .rows import Row

_GROUP = 1000  # rows that are written together


def export(
    corpora: Sequence[Path],
    target: Target,
    folder: Path,
    *,
    share: float = 0.0,
    begun: Callable[[int], None] = lambda rows: None,
    done: Callable[[int], None] = lambda rows: None,
) -> Contents:
    """Write the rows of corpora into a folder, which must be new or empty; return what is in it.

    Rows of a corpus go to the files of its side. Of training instances, a `share` goes to
    validation: a hash of the instance says which, so that none is in both, in whatever styles it
    is there. `begun` is told how many rows there are, `done` how many more are written. Raises
    CorpusRejected, BuildFailed, and Refused while another export into the folder is at work.
    """
    found = [(plan.read(corpus), corpus) for corpus in corpora]
    _fitting(found, target, share)
    whole = [(of, corpus, reading.whole(of, corpus)) for of, corpus in found]
    counts = {corpus: sum(record["rows"] for record in records) for _, corpus, records in whole}
    for corpus, count in counts.items():
        if not count:
            raise CorpusRejected(f"{corpus}: has no rows")
    if any(name.endswith(".parquet") for name in target.files.values()):
        need("corpus", "pyarrow")
    begun(sum(counts.values()))
    place = folder.resolve()
    made = place.with_name(f".{place.name}.tmp")
    lock = made / ".lock"
    try:
        _empty(folder)
        with disk.locked(lock, f"{folder}: another export is at work there"):
            try:
                _clear(made, lock)
                contents = _write(whole, target, made, share, done)
                for name, text in target.beside(place.name, contents).items():
                    (made / name).write_text(text, encoding="utf-8")
                lock.unlink()
                disk.put_folder(made, place)
            except BaseException:
                shutil.rmtree(made, ignore_errors=True)
                raise
    except OSError as error:
        raise BuildFailed(f"{folder}: cannot be written: {error.strerror or error}") from None
    return contents


def _fitting(found: Sequence[tuple[Plan, Path]], target: Target, share: float) -> None:
    """Raise CorpusRejected if these corpora cannot stand together, or not for this target."""
    seen: dict[str, Path] = {}
    for of, corpus in found:
        side = of.settings.split
        if of.hash in seen:
            raise CorpusRejected(f"{corpus}: has the same rows as {seen[of.hash]}")
        seen[of.hash] = corpus
        if target.scores and of.by_steps:
            raise CorpusRejected(
                f"{corpus}: is of unit step, whose rows have no answer to score one by one; "
                "rfft eval rolls it"
            )
        if side not in target.files:
            sides = " or ".join(target.files)
            raise CorpusRejected(
                f"{corpus}: is of side {side}; this takes rows of side {sides}, "
                "which --side of rfft corpus build chooses"
            )
    if share and not any(of.settings.split == "train" for of, _ in found):
        raise CorpusRejected("a share for validation is one of training rows, and there are none")


def _empty(folder: Path) -> None:
    """Raise CorpusRejected unless a folder is new or empty, OSError if it cannot be read."""
    if folder.exists():
        if not folder.is_dir():
            raise CorpusRejected(f"{folder}: is no folder; take a new one")
        for path in folder.iterdir():
            raise CorpusRejected(f"{folder}: has {path.name} in it; take a new folder")


def _clear(made: Path, lock: Path) -> None:
    """Remove what a killed export has left behind."""
    for path in made.iterdir():
        if path != lock:
            path.unlink()


def _write(
    whole: Sequence[tuple[Plan, Path, Sequence[Record]]],
    target: Target,
    folder: Path,
    share: float,
    done: Callable[[int], None],
) -> Contents:
    """Write the files of all sides. Raises CorpusRejected, OSError."""
    contents = Contents()
    writers: dict[str, _Jsonl | _Parquet] = {}
    try:
        for of, corpus, records in whole:
            rows = itertools.chain.from_iterable(
                reading.rows(of, corpus, record["shard"]) for record in records
            )
            for batch in _batches(rows):
                for side, some in _sides(of, batch, share, corpus).items():
                    if side not in writers:
                        writers[side] = _writer(folder / target.files[side], target)
                    first = contents.rows.get(side, 0)
                    writers[side].write([target.row(r, side, first + n)
                                         for n, r in enumerate(some)])  # fmt: skip
                    contents.add(side, some)
                done(len(batch))
    finally:
        for writer in writers.values():
            writer.close()
    if share and not {"train", "validation"} <= contents.rows.keys():
        lacking = "validation" if "train" in contents.rows else "training"
        raise CorpusRejected(f"a share of {share:g} leaves no row for {lacking}; take another")
    return contents


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(itertools.islice(rows, _GROUP)):
        yield batch


def _sides(of: Plan, rows: Sequence[Row], share: float, corpus: Path) -> dict[str, list[Row]]:
    """Return rows of a corpus by the side whose file they go to. Raises CorpusRejected."""
    side = of.settings.split
    if side != "train" or not share:
        return {side: list(rows)}
    found: dict[str, list[Row]] = {}
    for row in rows:
        try:
            key = sources.pair(row["rule"], of.apart(row), row["task"], row.get("variant_of", ""))
        except SourceRejected:
            raise CorpusRejected(
                f"{corpus}: is damaged: {row['id']}: its rule is no rule"
            ) from None
        # The key's other half has decided that it is a training instance.
        held = int.from_bytes(key[8:], "big") < share * (1 << 64)
        found.setdefault("validation" if held else "train", []).append(row)
    return found


class _Jsonl:
    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def write(self, rows: Sequence[dict[str, Any]]) -> None:
        self._file.writelines(f"{json.dumps(r, ensure_ascii=False)}\n".encode() for r in rows)

    def close(self) -> None:
        self._file.close()


class _Parquet:
    def __init__(self, path: Path, target: Target) -> None:
        import pyarrow.parquet

        self._schema = target.schema(pyarrow)
        self._table = pyarrow.Table.from_pylist
        self._writer = pyarrow.parquet.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, rows: Sequence[dict[str, Any]]) -> None:
        self._writer.write_table(self._table(list(rows), schema=self._schema))

    def close(self) -> None:
        self._writer.close()


def _writer(path: Path, target: Target) -> _Jsonl | _Parquet:
    return _Parquet(path, target) if path.suffix == ".parquet" else _Jsonl(path)
