"""Rows as files: their formats, writing and reading."""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from rfft.tracer.commands import disk
from rfft.tracer.commands.extras import installing

from .errors import BuildFailed, CorpusRejected
from .rows import CONFIGS, Row

FORMATS = ("parquet", "jsonl")
_GROUP = 1000  # rows that are read together
_REPEATED = ["task", "length", "style", "rule"]  # columns with few values


def check(form: str, configs: Sequence[str]) -> None:
    """Raise CorpusRejected if a format or config does not exist, or cannot be written here."""
    if form not in FORMATS:
        raise CorpusRejected(f"no format {form!r}; there are {', '.join(FORMATS)}")
    unknown = [c for c in configs if c not in CONFIGS]
    if unknown or not configs:
        what = f"no config {unknown[0]!r}" if unknown else "a corpus needs a config"
        raise CorpusRejected(f"{what}; there are {', '.join(CONFIGS)}")
    if form == "parquet":
        _arrow()


def _arrow() -> Any:
    try:
        import pyarrow.parquet
    except ImportError:
        raise CorpusRejected(
            f"Parquet needs pyarrow: {installing('corpus')}, or take --shard-format jsonl"
        ) from None
    return pyarrow


def name(config: str, shard: int, form: str) -> str:
    """Return the name of a shard's file in the folder of the corpus."""
    return f"{config}/{shard:06}.{form}"


def encode(config: str, form: str, rows: Sequence[Row], more: Sequence[str] = ()) -> bytes:
    """Return the bytes of a file with these rows, which have `more` columns than the usual ones."""
    form_row = CONFIGS[config]
    if form == "jsonl":
        return "".join(json.dumps(form_row(r), ensure_ascii=False) + "\n" for r in rows).encode()
    pa = _arrow()
    schema, target = _schema(pa, config, more), io.BytesIO()
    # Long texts are no two the same: a dictionary of them, or their order, says nothing.
    writer = pa.parquet.ParquetWriter(
        target, schema, compression="zstd", use_dictionary=_REPEATED, write_statistics=_REPEATED
    )
    with writer:
        # Group by group, so that memory is used again.
        for start in range(0, len(rows), _GROUP):
            made = [form_row(row) for row in rows[start : start + _GROUP]]
            columns = {name: [row[name] for row in made] for name in schema.names}
            writer.write_table(pa.Table.from_pydict(columns, schema=schema))
    return target.getvalue()


def _schema(pa: Any, config: str, more: Sequence[str]) -> Any:
    text = pa.string()
    talk = pa.list_(pa.struct([("role", text), ("content", text)]))
    said = [("prompt", text), ("completion", text)]
    if config == "conversational":
        said = [("prompt", talk), ("completion", talk)]
    rest = [("answer", text), ("rule", text), ("arguments", pa.list_(text))]
    rest += [(name, text) for name in more]
    where = [("task", text), ("length", pa.int32()), ("style", text)]
    if config == "messages":
        return pa.schema([("id", text), ("messages", talk), *where, *rest])
    return pa.schema([("id", text), *where, *said, *rest])


def read(path: Path) -> Iterator[Row]:
    """Yield the rows of a file. Raises CorpusRejected where it cannot be read."""
    try:
        if path.suffix == ".jsonl":
            with path.open(encoding="utf-8") as file:
                for line in file:
                    yield json.loads(line)
            return
        pa = _arrow()
        with pa.parquet.ParquetFile(path) as table:
            for batch in table.iter_batches(batch_size=_GROUP):
                yield from batch.to_pylist()
    except (OSError, ValueError) as error:
        raise CorpusRejected(f"{path}: cannot be read: {error}") from None


def write(folder: Path, file: str, data: bytes | Iterable[bytes]) -> None:
    """Put a file in place. It has all of `data`, also after a power cut, or is not there.

    Raises BuildFailed.
    """
    target = folder / file
    try:
        disk.put(target, data, folder / disk.WORK)
    except OSError as error:
        raise BuildFailed(
            f"{target}: cannot be written: {error.strerror or error}; "
            "what is complete stays, the same command goes on from there"
        ) from None


def take(folder: Path, file: str, made: Path) -> None:
    """Put a file in place that has been written in another folder. Raises BuildFailed."""

    def blocks() -> Iterator[bytes]:
        with made.open("rb") as source:
            while block := source.read(1 << 20):
                yield block

    write(folder, file, blocks())


def digest(path: Path) -> str:
    """Return the sha256 of a file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        found = sha256()
        while block := file.read(1 << 20):
            found.update(block)
        return found.hexdigest()
