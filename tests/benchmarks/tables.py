"""Tables of figures: for reading, and as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A column: its key in the rows, its title, and how its numbers are written."""

    key: str
    title: str
    form: str = ""


@dataclass
class Table:
    """Rows of figures under a title.

    A row that has a ``target`` says how large its figure in the column `aimed` may be. Rows with
    the same ``group`` are printed together, without a rule between them.
    """

    key: str
    title: str
    columns: Sequence[Column]
    aimed: str = ""
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """Return the table as plain data."""
        rows = [{k: v for k, v in row.items() if k != "group"} for row in self.rows]
        return {"title": self.title, "rows": rows, "notes": self.notes}

    def print(self, console: Console) -> None:
        """Print the title, the rows and the notes."""
        console.print()
        console.print(Text(self.title, style="bold"))
        if self.rows:
            console.print(self._as_rich())
        for note in self.notes:
            console.print(Text(note))

    def _as_rich(self) -> RichTable:
        table = RichTable(box=box.SIMPLE_HEAD, pad_edge=False)
        for column in self.columns:
            number = bool(column.form)
            table.add_column(column.title, justify="right" if number else "left", no_wrap=True)
        if self.aimed:
            table.add_column("target", no_wrap=True)
        following = [*self.rows, {}][1:]
        for row, after in zip(self.rows, following, strict=True):
            cells = [self._cell(row, column) for column in self.columns]
            if self.aimed:
                cells.append(_target(row, self.aimed))
            table.add_row(*cells, end_section=row.get("group") != after.get("group"))
        return table

    def _cell(self, row: Row, column: Column) -> Text:
        value = row.get(column.key)
        if value is None:
            return Text("")
        text = format(value, column.form) if column.form else str(value)
        style = _verdict(row, self.aimed)[0] if column.key == self.aimed else ""
        return Text(text, style=style)


def _verdict(row: Row, aimed: str) -> tuple[str, str]:
    """Return the colour for a figure that has a target, and the word for it."""
    if "target" not in row:
        return "", ""
    return ("green", "met") if row[aimed] <= row["target"] else ("red", "missed")


def _target(row: Row, aimed: str) -> Text:
    style, word = _verdict(row, aimed)
    return Text(f"≤ {row['target']:g} {word}" if word else "", style=style)
