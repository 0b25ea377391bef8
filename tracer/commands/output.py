"""Where a command writes, and records in the formats of a trace."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import Refused
from ..records import Record
from . import disk
from .app import ClosedOutput, NobodyReads, Part, TraceFormat

_SUFFIXES = {
    ".html": TraceFormat.html,
    ".htm": TraceFormat.html,
    ".json": TraceFormat.json,
    ".jsonl": TraceFormat.json,
}


class Output:
    """Bytes for standard output, at once, or for a file, which is replaced when all are there."""

    def __init__(self, name: str | None) -> None:
        self._file = None if name in (None, "-") else Path(name or "")
        self._parts: list[bytes] = []
        if self._file is not None:
            # Better said now than after a long run.
            if self._file.is_dir():
                raise Refused(f"{self._file}: is a folder, not a file")
            if self._file.exists() and not self._file.is_file():
                raise Refused(f"{self._file}: is not a regular file; it would be replaced")
            if not self._file.parent.is_dir():
                raise Refused(f"{self._file.parent}: no such folder")
        elif sys.stdout is None or isinstance(sys.stdout, ClosedOutput):
            raise Refused("standard output is closed")

    @property
    def terminal(self) -> bool:
        """Tell whether somebody looks at what is written."""
        return self._file is None and sys.stdout.isatty()

    def format(self, asked: TraceFormat | None) -> TraceFormat:
        """Return the format asked for, or the one that the suffix of the file stands for."""
        if asked is None and self._file is not None:
            asked = _SUFFIXES.get(self._file.suffix.lower())
        if asked is TraceFormat.html and self.terminal:
            raise Refused("a page is nothing for a terminal; give a file with --output")
        return asked or TraceFormat.text

    def write(self, text: str) -> None:
        """Write a text; for a file, keep it until `close`."""
        # A lone surrogate has no bytes; its escape is what JSON and Python write for it.
        data = text.encode("utf-8", "backslashreplace")
        if self._file is not None:
            self._parts.append(data)
            return
        try:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except BrokenPipeError:  # a kind of OSError that typer would take for itself
            raise NobodyReads from None

    def close(self) -> None:
        """Replace the file by what was written; leave it as it is if that was nothing."""
        if self._file is None or not self._parts:
            return
        try:
            # Through a link, the file that it leads to is replaced, not the link.
            disk.put(self._file.resolve(), self._parts)
        except OSError as error:
            raise Refused(f"{self._file}: {error.strerror or error}") from None


class Writer:
    """Writes records, to standard output or to a file, in a format.

    The format is the one asked for, or that of the file's suffix; `only` names a part of the text.
    """

    def __init__(self, output: str | None, asked: TraceFormat | None, only: Part | None) -> None:
        self._output = Output(output)
        self.format = self._output.format(asked)
        if only and self.format is not TraceFormat.text:
            raise Refused(f"--only goes with --format text; {self.format} has all the parts")
        self._only = only.value if only else None
        self._views: list[dict[str, Any]] = []  # of a page
        self._empty = True

    def write(
        self, record: Record, text: str | None = None, verdict: Mapping[str, Any] | None = None
    ) -> None:
        """Write a record; on a page, a model's text and the verdict on it beside the trace."""
        import json

        from . import display

        if self.format is TraceFormat.html:
            from ..page import view

            self._views.append(view(record, text=text, verdict=verdict))
        elif self.format is TraceFormat.json:
            self._output.write(json.dumps(record, ensure_ascii=False) + "\n")
        elif self._output.terminal:
            display.show_panels(record, sys.stdout, self._only)
        elif plain := display.plain(record, self._only):
            self._output.write(plain if self._empty else f"\n{plain}")
            self._empty = False

    def close(self) -> None:
        """Write what is written only when all is there: a page, and any file."""
        if self._views:
            from ..page import document

            self._output.write(document(self._views))
            self._views = []
        self._output.close()
