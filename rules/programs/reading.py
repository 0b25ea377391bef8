"""Reads the rows of a set one by one, however large the file is."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rfft.tracer.commands.extras import installing

from .errors import SetRejected

LONGEST = 16 << 20
"""The longest row of a .jsonl file that is read, in bytes."""

_GROUP = 64  # rows of Parquet that are in memory together


def rows(path: Path, done: Callable[[int], None] = lambda share: None) -> Iterator[tuple[int, Any]]:
    """Yield rows with their numbers, from 1; a row that cannot be read is a text that says why.

    `done` is told now and then how far the reading is, in thousandths. Raises SetRejected.
    """
    kinds = {".jsonl": _jsonl, ".parquet": _parquet}
    if path.suffix not in kinds:
        raise SetRejected(f"{path}: a set of programs is a file .jsonl or .parquet")
    try:
        yield from kinds[path.suffix](path, done)
    except OSError as error:
        raise SetRejected(f"{path}: {error.strerror or error}") from None


def _jsonl(path: Path, done: Callable[[int], None]) -> Iterator[tuple[int, Any]]:
    whole = max(path.stat().st_size, 1)
    with path.open("rb") as file:
        number = at = 0
        while line := file.readline(LONGEST + 1):
            number += 1
            if long := len(line) > LONGEST:
                while line and not line.endswith(b"\n"):
                    at += len(line)
                    line = file.readline(LONGEST)
            at += len(line)
            if number % 100 == 0:
                done(at * 1000 // whole)
            if long:
                yield number, f"a row of more than {LONGEST:,} bytes"
            elif line.strip():
                yield number, _read(line)


def _read(line: bytes) -> Any:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"no JSON: {' '.join(str(error).split())}"
    return row if isinstance(row, dict) else "no object"


def _parquet(path: Path, done: Callable[[int], None]) -> Iterator[tuple[int, Any]]:
    try:
        import pyarrow.parquet
    except ImportError:
        raise SetRejected(f"{path}: Parquet needs pyarrow: {installing('corpus')}") from None
    try:
        with pyarrow.parquet.ParquetFile(path) as table:
            whole, number = max(table.metadata.num_rows, 1), 0
            for batch in table.iter_batches(batch_size=_GROUP):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
                done(number * 1000 // whole)
    except (pyarrow.ArrowException, ValueError) as error:
        raise SetRejected(f"{path}: cannot be read: {' '.join(str(error).split())[:200]}") from None
