"""Tables for people: drawn on a terminal, aligned plain text in a pipe."""

import sys
from collections.abc import Sequence


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], right: str = "") -> None:
    """Print rows under their columns; those whose names are in `right` are numbers."""
    numbers = right.split()
    if sys.stdout.isatty():
        from rich.box import SIMPLE
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=SIMPLE, pad_edge=False)
        for column in columns:
            is_number = column in numbers
            table.add_column(column, justify="right" if is_number else "left", no_wrap=is_number)
        for row in rows:
            table.add_row(*(Text(cell, _LOOKS.get(cell, "")) for cell in row))
        Console().print(table)
        return
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    for row in (columns, *rows):
        cells = [
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for cell, column, width in zip(row, columns, widths, strict=True)
        ]
        print("  ".join(cells).rstrip())


_LOOKS = {"ok": "green", "FAILED": "bold red"}
