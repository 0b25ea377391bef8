"""Completion records: what a shard holds and the checksums of its files, one small file a shard.

A shard is complete when its record is there and its files are as the record says.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from . import files
from .errors import CorpusRejected
from .plan import Plan
from .programs import PROGRAMS
from .tracing import Cell, Shard

FOLDER = "records"
MANIFEST = "manifest.json"
Record = dict[str, Any]


def name(shard: int) -> str:
    """Return the name of a shard's record in the folder of the corpus."""
    return f"{FOLDER}/{shard:06}.json"


def file_names(plan: Plan, shard: int) -> list[str]:
    """Return the names of a shard's files."""
    settings = plan.settings
    return [files.name(config, shard, settings.format) for config in settings.configs]


def write_shard(plan: Plan, folder: Path, shard: Shard) -> Record:
    """Write the files of a shard, then its record; return that. Raises BuildFailed."""
    settings = plan.settings
    rows = shard.rows
    written: dict[str, dict[str, Any]] = {}
    for config in settings.configs:
        data = files.encode(config, settings.format, rows, settings.columns)
        file = files.name(config, shard.number, settings.format)
        files.write(folder, file, data)
        written[file] = {"bytes": len(data), "sha256": sha256(data).hexdigest()}
    record = {
        "plan": plan.hash,
        "shard": shard.number,
        "rows": len(rows),
        "files": written,
        "cells": [_cell(cell) for cell in shard.cells],
    }
    files.write(folder, name(shard.number), _text(record))
    return record


def _cell(cell: Cell) -> dict[str, Any]:
    said = {
        "task": cell.slice.task,
        "length": cell.slice.length,
        "slice": [cell.slice.slice, cell.slice.slices],
        "wanted": cell.slice.count,
        "rows": len(cell.rows),
        "exhausted": cell.drawn.exhausted,
        "characters": _sizes(cell),
    }
    if cell.slice.task == PROGRAMS:
        said["programs"] = len({row["task"] for row in cell.rows})
    if cell.left_out:
        said["left_out"] = [
            {"id": i, "status": status, "reason": reason} for i, status, reason in cell.left_out
        ]
    return said


def _sizes(cell: Cell) -> dict[str, int]:
    prompts = [len(row["prompt"]) for row in cell.rows]
    completions = [len(row["completion"]) for row in cell.rows]
    return {
        "prompts": sum(prompts),
        "completions": sum(completions),
        "longest": max(map(sum, zip(prompts, completions, strict=True)), default=0),
    }


def _text(data: Record) -> bytes:
    return (json.dumps(data, indent=1) + "\n").encode()


def read(plan: Plan, folder: Path, shard: int) -> Record | None:
    """Return the record of a shard, or None if there is none that can be believed.

    Raises CorpusRejected if it is of another plan.
    """
    try:
        record: Record = json.loads((folder / name(shard)).read_text(encoding="utf-8"))
        known = set(record["files"]) == set(file_names(plan, shard))
        if not known or record["shard"] != shard or not _is_whole(record):
            return None
        of = record["plan"]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    if of != plan.hash:
        raise CorpusRejected(f"{folder / name(shard)}: is of another plan")
    return record


def _is_whole(record: Record) -> bool:
    """Tell whether what is said of files and cells has the form that `write_shard` gives it."""
    numbers = [record["rows"], *(said["bytes"] for said in record["files"].values())]
    texts = [said["sha256"] for said in record["files"].values()]
    for cell in record["cells"]:
        sizes = cell["characters"]
        numbers += [cell["length"], cell["rows"], cell["wanted"], *cell["slice"], *sizes.values()]
        texts.append(cell["task"])
        if sizes.keys() != _NO_SIZES.keys() or type(cell["exhausted"]) is not bool:
            return False
        numbers.append(cell.get("programs", 0))
        for one in cell.get("left_out", ()):
            texts += [one["id"], one["status"], one["reason"]]
    return all(type(n) is int and n >= 0 for n in numbers) and all(type(t) is str for t in texts)


_NO_SIZES = {"prompts": 0, "completions": 0, "longest": 0}


def problem(folder: Path, record: Record) -> str:
    """Say which file is not as a record says, and how; nothing if all are."""
    for file, said in record["files"].items():
        path = folder / file
        try:
            if path.stat().st_size != said["bytes"]:
                return f"{file} has {path.stat().st_size:,} bytes in place of {said['bytes']:,}"
            if files.digest(path) != said["sha256"]:
                return f"{file} has other contents than when it was written"
        except OSError as error:
            return f"{file}: {error.strerror or error}"
    return ""


def complete(plan: Plan, folder: Path, shard: int) -> Record | None:
    """Return the record of a shard that is complete, or None."""
    record = read(plan, folder, shard)
    return record if record is not None and not problem(folder, record) else None


def manifest(plan: Plan, records: Sequence[Record]) -> Record:
    """Return what is in a corpus that is complete, as JSON data."""
    cells = [cell for record in records for cell in record["cells"]]
    return {
        "plan": plan.hash,
        "rows": sum(record["rows"] for record in records),
        "wanted": plan.samples,
        "exhausted": sorted({f"{c['task']}:{c['length']}" for c in cells if c["exhausted"]}),
        "left_out": [one for cell in cells for one in cell.get("left_out", ())],
        "files": {file: said for record in records for file, said in record["files"].items()},
    }


def manifest_hash(made: Record) -> str:
    """Return the sha256 of a manifest as a file: what tells complete corpora apart."""
    return sha256(_text(made)).hexdigest()


def write_manifest(plan: Plan, folder: Path, records: Sequence[Record]) -> Record:
    """Write the manifest, which says that the corpus is complete. Raises BuildFailed."""
    made = manifest(plan, records)
    files.write(folder, MANIFEST, _text(made))
    return made


def read_manifest(folder: Path) -> Record | None:
    """Return the manifest of a corpus, or None if there is none that can be read."""
    try:
        made: Record = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return made
