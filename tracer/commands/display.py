"""How a record looks: plain text for files and pipes, panels on a terminal, one line on stderr."""

import re
from typing import TYPE_CHECKING, TextIO

from ..records import Limits, Record
from ..values.characters import visible

if TYPE_CHECKING:
    from rich.text import Text

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

# How the lines of a response look on a terminal; the first pattern that fits counts. A line of the
# rule looks like none of them (see `_highlighted`), and any other line is a fixed phrase.
_RECITED = "cyan"
_LOOKS = (
    (re.compile(r"\d+(\.\d+)* \S.*|\d+\. \S.*"), "bold"),
    (re.compile(r"So the answer is .*"), "bold green"),
    (re.compile(r"The rule raises .*"), "bold red"),
    (re.compile(r".* = .*"), ""),
    (re.compile(r".*"), "dim"),
)


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
    from rich.box import ROUNDED
    from rich.console import Console
    from rich.panel import Panel
    from rich.text import Text

    console = Console(file=terminal, highlight=False)
    for name in ("prompt", "response"):
        content = visible(record[name]).rstrip("\n")
        if content and only in (None, name):
            text = Text(content)
            if name == "response":
                text = _highlighted(content, record["rule"]["source"])
            title = name.capitalize()
            console.print(Panel(text, title=title, title_align="left", box=ROUNDED))


def _highlighted(response: str, source: str) -> "Text":
    """Return a response with recited lines, titles, fixed phrases and the answer told apart."""
    from rich.text import Text

    recited = {visible(line.strip()) for line in source.splitlines()}
    text = Text()
    for line in response.split("\n"):
        if line.strip() in recited:
            look = _RECITED
        else:
            look = next(look for pattern, look in _LOOKS if pattern.fullmatch(line))
        text.append(f"{line}\n", look)
    text.rstrip()
    return text


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
