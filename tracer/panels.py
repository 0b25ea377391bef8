"""How a trace looks on a terminal."""

import re
from typing import TYPE_CHECKING, Any

from .records import Record
from .values.characters import visible

if TYPE_CHECKING:
    from rich.panel import Panel
    from rich.text import Text

_MOST = 300  # lines of a text that a notebook keeps beside a page

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


def panels(record: Record, only: str | None = None) -> "list[Panel]":
    """Return the panels of prompt and response, or `only` one of them."""
    from rich.text import Text

    found = []
    for name in ("prompt", "response"):
        content = visible(record[name]).rstrip("\n")
        if content and only in (None, name):
            text = Text(content)
            if name == "response":
                text = _highlighted(content, record["rule"]["source"])
            found.append(panel(text, name.capitalize()))
    return found


def panel(text: "Text", title: str) -> "Panel":
    """Return a text with a title and a frame around it."""
    from rich.box import ROUNDED
    from rich.panel import Panel

    return Panel(text, title=title, title_align="left", box=ROUNDED)


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


def pretty(thing: Any, printer: Any) -> None:
    """Show a thing at a prompt of IPython: on a terminal as it looks there, elsewhere as text.

    `printer` is IPython's `RepresentationPrinter`.
    """
    import sys

    if len(printer.stack) > 1:  # in a list, say
        printer.text(repr(thing))
    elif sys.stdout.isatty():
        from rich.console import Console

        console = Console(highlight=False)
        with console.capture() as capture:
            console.print(thing)
        printer.text(capture.get().rstrip("\n"))
    else:
        lines = str(thing).split("\n")
        if len(lines) > _MOST:
            lines[_MOST:] = [f"... {len(lines) - _MOST:,} more lines; print() shows all"]
        printer.text("\n".join(lines))
