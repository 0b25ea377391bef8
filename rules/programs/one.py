"""One program of a published set, by its id: what stands for a file of a rule as FILE.jsonl#ID."""

from collections.abc import Mapping
from pathlib import Path

from . import layouts, reading
from .collect import LeftOut, given_by, id_of
from .errors import SetRejected


def find(name: str) -> layouts.Given:
    """Return what the row of a program gives, for a set's file and an id. Raises SetRejected."""
    file, _, wanted = name.partition("#")
    path = Path(file)
    layout: layouts.Layout | None = None
    for number, row in reading.rows(path):
        if not isinstance(row, Mapping):
            continue
        layout = layout or layouts.layout(None, row, file)
        try:
            if id_of(row, layout, number) == wanted:
                return given_by(row, layout)
        except LeftOut as problem:
            if problem.status != "no_id":
                raise SetRejected(f"{name}: {problem.reason}") from None
    raise SetRejected(f"{file}: has no program {wanted!r}")
