"""Records of traces, written one by one, with what is to be said about them on stderr."""

import contextlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import InputRejected, Refused, SourceRejected
from ..records import Limits, Record, Task
from . import display
from .app import TraceFormat, note, say
from .output import Writer

if TYPE_CHECKING:
    from ..sandbox import Sandbox


def protection_of(sandbox: "Sandbox | None") -> dict[str, Any]:
    """Return the protection of a rule that has not been run, by a sandbox or in this process."""
    from ..sandbox.protection import UNSAFE

    if sandbox is None:
        return UNSAFE
    with contextlib.suppress(OSError):
        sandbox.start()
    return sandbox.protection()


class Reports:
    """Writes the records of a command; `worst` is the exit code that they call for so far.

    With `unsafe` the user has asked for a run without protection and needs not be told.
    """

    def __init__(self, writer: Writer, limits: Limits, *, unsafe: bool = False) -> None:
        self.worst = 0
        self._writer = writer
        self._limits = limits
        self._level_said = unsafe

    def add(
        self,
        record: Record,
        label: str,
        text: str | None = None,
        verdict: Mapping[str, Any] | None = None,
    ) -> None:
        """Write a record and say what went wrong.

        `text` is a model's, with the verdict on it if there is one.
        """
        self._writer.write(record, text, verdict)
        self.worst = max(self.worst, display.EXIT_CODES[record["status"]])
        line = display.complaint(record, self._limits)
        if line is not None:
            say(f"{label}: {line}")
        printed = record["stats"]["printed"]
        if printed:
            note(f"note: the rule printed {printed:,} characters, not part of the trace")
        if not self._level_said:
            from ..sandbox.protection import shortfall

            self._level_said = True
            if lacking := shortfall(record["protection"]):
                note(lacking)

    def refuse(
        self,
        status: str,
        problem: Refused,
        inputs: list[str],
        protection: Callable[[], dict[str, Any]],
    ) -> None:
        """Write, for programs, a record for each input of a rule that could not even be read."""
        if self._writer.format is TraceFormat.json:
            kind = SourceRejected if status == "rejected_source" else InputRejected
            record = Task("", ("",)).record(0, status, kind(str(problem)))
            self.add_alike({**record, "protection": protection(), "tainted": []}, inputs)
            self.close()

    def add_alike(self, record: Record, inputs: list[str]) -> None:
        """Write, for programs, a record for each of some inputs that share one fate."""
        if self._writer.format is TraceFormat.json:
            for arguments in inputs:
                self._writer.write({**record, "input": arguments})

    def close(self) -> int:
        """Write what is written only when all is there; return the exit code."""
        self._writer.close()
        return self.worst
