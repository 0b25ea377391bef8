"""Reads a corpus that is built: its rows, all or one."""

from collections.abc import Iterator
from pathlib import Path

from . import files
from .errors import CorpusRejected
from .plan import Plan
from .records import Record, problem, read_manifest
from .records import read as read_record
from .rows import Row, parse_id

_COLUMNS = {
    **dict.fromkeys(("id", "task", "style", "prompt", "completion", "answer", "rule"), str),
    "length": int,
    "arguments": list,
}


def config_with_ids(plan: Plan) -> str:
    """Return the first config whose rows can be told by their ids. Raises CorpusRejected."""
    found = [c for c in plan.settings.configs if c != "openai"]
    if not found:
        raise CorpusRejected("rows of config openai have no ids; build with another config, too")
    return found[0]


def rows(plan: Plan, folder: Path, shard: int) -> Iterator[Row]:
    """Yield the rows of a shard, as in the config prompt_completion. Raises CorpusRejected.

    Rows that are older than the column `style` are of the plan's.
    """
    config = config_with_ids(plan)
    path = folder / files.name(config, shard, plan.settings.format)
    for number, row in enumerate(files.read(path), 1):
        try:
            whole = {**row}
            whole.setdefault("style", plan.settings.style)
            if "prompt" not in whole:
                whole = _from_messages(whole)
            good = all(type(whole[name]) is kind for name, kind in _COLUMNS.items())
        except (LookupError, TypeError):
            good = False
        if not good or not all(type(text) is str for text in whole["arguments"]):
            raise CorpusRejected(f"{path}: row {number} is damaged")
        yield whole


def style(plan: Plan, folder: Path) -> str:
    """Return the style of the rows of a corpus, as the first one says. Raises CorpusRejected."""
    has_ids = any(config != "openai" for config in plan.settings.configs)
    for record in built(plan, folder) if has_ids else ():
        for row in rows(plan, folder, record["shard"]):
            return str(row["style"])
    return plan.settings.style


def _from_messages(row: Row) -> Row:
    """Return the row that a conversation was made from."""
    said = {m["role"]: m["content"] + "\n" for m in row["messages"]}
    rest = {k: v for k, v in row.items() if k != "messages"}
    return {**rest, "prompt": said["user"], "completion": said["assistant"]}


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
        raise CorpusRejected(f"{folder}: is not complete; rfft corpus build --out {folder} goes on")
    for record in found:
        if wrong := problem(folder, record):
            raise CorpusRejected(f"{folder}: is damaged: {wrong}; build it again")
    return found
