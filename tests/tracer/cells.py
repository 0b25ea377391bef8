"""Cells as a notebook or a prompt runs them: executed in one namespace, their texts kept."""

import itertools
import linecache
from typing import Any

_numbers = itertools.count()


class Cells:
    """A namespace and the cells that were run in it."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"__name__": "__main__"}

    def run(self, text: str) -> str:
        """Run a cell; return the name that its code bears."""
        name = f"<cell {next(_numbers)}>"
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        exec(compile(text, name, "exec"), self.names)
        return name

    def __getitem__(self, name: str) -> Any:
        return self.names[name]
