"""The command ``rfft site``."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from rfft.tracer.commands.grammar import OUTPUT, App
from rfft.tracer.errors import Refused

_HELP = """Make a static site of the library, with a playground that needs no server.

Each task has a page to step through it, in every style and at several lengths. The playground
traces a rule of the visitor's own in the browser, by Pyodide. Any web server will do for it:

\b
  rfft site --output site
  python -m http.server --directory site
"""
PYODIDE = "https://cdn.jsdelivr.net/npm/pyodide@314.0.7/"

app = App()


@app.command("site", help=_HELP, short_help="Make a static site with a playground.")
def _site(
    output: Annotated[
        Path, typer.Option(*OUTPUT, metavar="DIR", help="A new folder for the site.")
    ],
    pyodide: Annotated[
        str,
        typer.Option(
            metavar="URL|DIR",
            help="Where the playground gets Pyodide from; a folder is copied into the site, which "
            "then needs no network. npm install pyodide@314.0.7 makes node_modules/pyodide.",
        ),
    ] = PYODIDE,
    rules: Annotated[
        list[Path] | None,
        typer.Option("--rules", metavar="DIR", help="A folder with more tasks; may be repeated."),
    ] = None,
    trust: Annotated[
        bool,
        typer.Option(
            "--trust", help="Code of task files is your own: run it here, not in the sandbox."
        ),
    ] = False,
) -> None:
    from rfft.tracer.commands import disk
    from rfft.tracer.commands.progress import Bar

    from ..discovery import catalog
    from ..sandboxed import guarded
    from .build import pyodide_files, write_playground, write_tasks

    if output.exists():
        raise Refused(f"{output}: is there already; name a new folder")
    copied = pyodide_files(pyodide)
    tasks = [guarded(task, trust) for task in catalog(rules or ()).values()]
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.name}-") as work:
            made = Path(work) / "site"
            made.mkdir()
            write_playground(made, copied or pyodide)
            with Bar("tasks", len(tasks)) as bar:
                write_tasks(made, tasks, done=bar.add)
            disk.put_folder(made, output)
    except OSError as error:
        raise Refused(f"{output}: {error.strerror or error}") from None
    print(f"{output}: {len(tasks)} tasks; try: python -m http.server --directory {output}")
