"""What has come of a set of programs: how many were traced and, of all else, why not."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..programs.collect import STATUSES
from ..programs.stored import UNREAD
from . import files
from .plan import Plan
from .records import Record

LEFT_OUT = "left_out.jsonl"
"""The file with whatever is in no row: id, status and reason of programs and of inputs."""

_TOLD = {
    **STATUSES,
    "other_output": "the answer is not the one that the set states",
    "no_arguments": "the program takes no input that could be asked for",
    "rule_error": "the program raised an exception",
    "limit_steps": "more than 50,000 steps",
    "limit_time": "more than 30 seconds",
    "limit_memory": "more than 512 MiB",
    "limit_output": "a trace of more than 16 MiB",
    "limit_depth": "calls more than 1,000 deep",
    "blocked": "it was stopped from reaching outside",
    "crashed": "its process has ended",
    "tainted": "it tampers with the tracer, or does not do the same again",
    "unwritable": "a text that no file can hold",
}


def summary(plan: Plan, records: Sequence[Record]) -> list[str]:
    """Return the lines that say how many programs there are, and were traced."""
    assert plan.programs is not None
    kept, cells = plan.programs, [cell for record in records for cell in record["cells"]]
    traced = sum(cell.get("programs", 0) for cell in cells)
    rows = sum(cell["rows"] for cell in cells)
    lines = [
        f"programs: {traced:,} of {kept.programs:,} traced, on {rows:,} of {kept.inputs:,} inputs"
    ]
    if kept.varied is not None:
        said = kept.varied
        lines[0] = lines[0].replace("programs:", "variants:")
        lines.append(
            f"programs: {said['programs']:,}, of which {said['fewer']:,} have fewer variants than "
            f"{plan.settings.vary}; {said['refused']:,} variants ran differently and were dropped"
        )
    more = [
        f"{kept.merged:,} are the same as another one up to names" if kept.merged else "",
        f"{kept.others:,} are of another side" if kept.others else "",
        f"{kept.again:,} inputs are there twice" if kept.again else "",
    ]
    told = "; ".join([f"{kept.rows:,}, fields {kept.fields}", *filter(None, more)])
    return [*lines, f"rows of the set: {told}"]


def reasons(plan: Plan, records: Sequence[Record]) -> list[tuple[str, str, int]]:
    """Return, for each reason why something is in no row, its name, its meaning and a count."""
    assert plan.programs is not None
    counts = Counter(dict(plan.programs.unread))
    for one in _left_out(records):
        counts[_kind(one["status"], one["reason"])] += 1
    return [(k, _TOLD.get(k.partition(":")[0], ""), count) for k, count in counts.most_common()]


def _kind(status: str, reason: str) -> str:
    """Return the name of a reason: of an exception with its type."""
    kind = reason.partition(":")[0]
    return f"{status}: {kind}" if status == "rule_error" and kind.isidentifier() else status


def _left_out(records: Sequence[Record]) -> Iterator[dict[str, str]]:
    for record in records:
        for cell in record["cells"]:
            yield from cell.get("left_out", ())


def write(plan: Plan, folder: Path, records: Sequence[Record]) -> None:
    """Write the file with what is in no row. Raises BuildFailed."""

    def lines() -> Iterator[bytes]:
        with (folder / UNREAD).open("rb") as unread:
            yield from unread
        for one in _left_out(records):
            yield (json.dumps(one) + "\n").encode()

    files.write(folder, LEFT_OUT, lines())
