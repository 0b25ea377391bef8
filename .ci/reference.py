"""Writes the pages of the documentation that the code says by itself into a folder.

The help of each command, the public names of Python for mkdocstrings, the grammar of each style.
"""

import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from typer.main import get_command

from rfft.tracer.commands import trace
from rfft.tracer.styles import loading

MODULES = ["rfft.tracer", "rfft.tracer.instrument", "rfft.tracer.sandbox", "rfft.tracer.styles",
           "rfft.tracer.page", "rfft.rules"]  # fmt: skip


def helps(command: click.Command, context: click.Context) -> Iterator[str]:
    """Yield the help of a command and of those below it, each below its name."""
    yield f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from helps(below, click.Context(below, context, name, **WIDTH))


def names() -> Iterator[str]:
    """Yield what mkdocstrings needs for each public name."""
    for module in MODULES:
        loaded = importlib.import_module(module)
        about = (inspect.getdoc(loaded) or "").partition("\n\n")[0]
        yield f"## {module}\n\n{about}\n"
        for name in getattr(loaded, "__all__", ()):
            found = getattr(loaded, name)
            if inspect.isfunction(found) or inspect.isclass(found):
                yield f"::: {found.__module__}.{found.__qualname__}\n"


def grammars() -> Iterator[str]:
    """Yield what the file of each style says at its top."""
    for name in loading.names():
        module = inspect.getmodule(type(loading.load(name)))
        yield f"## {name}\n\n```text\n{inspect.getdoc(module)}\n```\n"


WIDTH = {"terminal_width": 100, "max_content_width": 100}
PAGES = {
    "commands.md": ("Commands", lambda: helps(TOP, click.Context(TOP, None, "rfft", **WIDTH))),
    "api.md": ("Names in Python", names),
    "grammars.md": ("Grammar of each style", grammars),
}
TOP = get_command(trace._umbrella)

for page, (title, parts) in PAGES.items():
    Path(sys.argv[1], page).write_text(f"# {title}\n\n" + "\n".join(parts()))
