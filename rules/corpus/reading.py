"""Reads a corpus that is built: its rows, all or one."""

from collections.abc import Iterator
from pathlib import Path

from . import files
from .errors import CorpusRejected
from .plan import Plan
from .records import Record, problem, read_manifest
from .records import read as read_record
from .rows import Row, canonical, parse_id

_COLUMNS = {
    **dict.fromkeys(("id", "task", "style", "prompt", "completion", "answer", "rule"), str),
    "length": int,
    "arguments": list,
}


def config_read(plan: Plan) -> str:
    """Return the config whose rows are read: that of texts, if it is there."""
    found = plan.settings.configs
    return "prompt_completion" if "prompt_completion" in found else found[0]


def rows(plan: Plan, folder: Path, shard: int) -> Iterator[Row]:
    """Yield the rows of a shard, the same from whichever config. Raises CorpusRejected.

    Prompt and completion are texts. Rows that are older than the column `style` are of the plan's.
    """
    config = config_read(plan)
    path = folder / files.name(config, shard, plan.settings.format)
    for number, row in enumerate(files.read(path), 1):
        try:
            whole = canonical(row)
            whole.setdefault("style", plan.settings.style)
            good = all(type(whole[name]) is kind for name, kind in _COLUMNS.items())
        except (LookupError, TypeError, ValueError):
            good = False
        if not good or not all(type(text) is str for text in whole["arguments"]):
            raise CorpusRejected(f"{path}: row {number} is damaged")
        yield whole


def style(plan: Plan, folder: Path) -> str:
    """Return the style of the rows of a corpus, as the first one says. Raises CorpusRejected."""
    for record in built(plan, folder):
        for row in rows(plan, folder, record["shard"]):
            return str(row["style"])
    return plan.settings.style


def find(plan: Plan, folder: Path, row_id: str) -> Row:
    """Return the row with this id. Raises CorpusRejected."""
    task, length, _ = parse_id(row_id)
    numbers = plan.shards_of(task, length)
    if not numbers:
        raise CorpusRejected(f"the plan has no task {task!r} at length {length}")
    missing = 0
    for number in numbers:
        if read_record(plan, folder, number) is None:
            missing += 1
            continue
        for row in rows(plan, folder, number):
            if row["id"] == row_id:
                return row
    why = f"; {missing} of its shards are not built yet" if missing else ""
    raise CorpusRejected(f"{folder}: has no row {row_id}{why}")


def built(plan: Plan, folder: Path) -> list[Record]:
    """Return the records of the shards that are there; for their checksums see `verify`."""
    found = [read_record(plan, folder, number) for number in range(len(plan.shards))]
    return [record for record in found if record is not None]


def whole(plan: Plan, folder: Path) -> list[Record]:
    """Return the records of a corpus that is complete and whose files are all as they say.

    Raises CorpusRejected.
    """
    found = built(plan, folder)
    if read_manifest(folder) is None or len(found) < len(plan.shards):
        raise CorpusRejected(
            f"{folder}: is not complete; rfft corpus build --output {folder} goes on"
        )
    for record in found:
        if wrong := problem(folder, record):
            raise CorpusRejected(f"{folder}: is damaged: {wrong}; build it again")
    return found
