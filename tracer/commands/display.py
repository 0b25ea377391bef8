"""How a record looks: plain text for files and pipes, panels on a terminal, one line on stderr."""

import re
from typing import TextIO

from ..panels import panels
from ..records import Limits, Record

EXIT_CODES = {
    "ok": 0,
    "rule_error": 1,
    "blocked": 1,
    "crashed": 1,
    "tainted": 1,
    "rejected_source": 2,
    "rejected_input": 2,
    "limit_steps": 3,
    "limit_time": 3,
    "limit_memory": 3,
    "limit_output": 3,
    "limit_depth": 3,
}
"""The exit code of the command for each ``status`` of a record."""


def plain(record: Record, only: str | None = None) -> str:
    """Return prompt, blank line and response, or `only` one of them; both end with a newline.

    The text is empty if there is no trace.
    """
    if only is not None:
        text: str = record[only]
        return text
    return "\n".join(part for part in (record["prompt"], record["response"]) if part)


def show_panels(record: Record, terminal: TextIO, only: str | None = None) -> None:
    """Write a record to a terminal as panels, in colour unless ``NO_COLOR`` is set."""
    from rich.console import Console

    console = Console(file=terminal, highlight=False)
    for panel in panels(record, only):
        console.print(panel)


def complaint(record: Record, limits: Limits) -> str | None:
    """Return the line that says why a run did not end well, or None if it did."""
    exception = record["exception"] or {"type": "", "message": ""}
    message: str = exception["message"]
    match record["status"]:
        case "ok":
            return None
        case "rule_error":
            raised = f"{exception['type']}: {message}" if message else exception["type"]
            hint = " (see --allow)" if exception["type"] == "ModuleNotFoundError" else ""
            return f"the rule raised {raised}{hint}"
        case "limit_steps":
            return f"stopped after {limits.steps:,} steps (see --max-steps)"
        case "limit_time":
            if limits.cpu < limits.seconds:
                return f"stopped after {limits.cpu:g} s of CPU time (see --max-cpu)"
            return f"stopped after {limits.seconds:g} s (see --timeout)"
        case "limit_memory":
            return f"stopped: more than {limits.memory:,} MiB of memory (see --memory)"
        case "limit_output":
            return f"stopped: more than {limits.output:,} MiB of trace (see --max-output)"
        case "limit_depth":
            return f"stopped: the rule calls itself too deep ({message}; see --max-depth)"
        case "tainted":
            return f"not to be trusted: {'; '.join(record['tainted'])}"
    # A refused source is shown on a line below the reason.
    return re.sub(r"\n\s*", ": ", message, count=1) or str(record["status"])
