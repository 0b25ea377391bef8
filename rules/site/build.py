"""The files of the site."""

import base64
import html
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from rfft.tracer.errors import Refused
from rfft.tracer.page import View, document, view
from rfft.tracer.sandbox import run
from rfft.tracer.styles.loading import built_in
from rfft.tracer.tracing import Trace
from rfft.tracer.values.show import show

from ..errors import TaskRejected
from ..sandboxed import SandboxedTask
from ..task import Task

_LENGTHS = (2, 5, 10)
_PYODIDE = (
    "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json",
)  # fmt: skip


def pyodide_files(place: str) -> list[Path]:
    """Return the files of Pyodide in a folder; none for a URL. Raises Refused."""
    if re.match(r"https?://", place):
        return []
    found = [Path(place) / name for name in _PYODIDE]
    missing = [path.name for path in found if not path.is_file()]
    if missing:
        raise Refused(
            f"--pyodide {place}: neither a URL nor a folder of Pyodide: {missing[0]} is missing; "
            "npm install pyodide@314.0.7 makes node_modules/pyodide"
        )
    return found


def write_playground(folder: Path, pyodide: str | Sequence[Path]) -> None:
    """Write the playground; `pyodide` is its URL, or the files to be copied."""
    if not isinstance(pyodide, str):
        (folder / "pyodide").mkdir()
        for path in pyodide:
            shutil.copyfile(path, folder / "pyodide" / path.name)
        pyodide = "pyodide/"
    styles = "".join(f"<option>{name}</option>" for name in built_in())
    address = html.escape(pyodide if pyodide.endswith("/") else f"{pyodide}/")
    _write(folder / "playground.html", pyodide=address, styles=styles)
    for name in ("playground.js", "worker.js", "site.css"):
        (folder / name).write_text(_part(name), encoding="utf-8")
    with zipfile.ZipFile(folder / "tracer.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for package in ("rfft.tracer", "astor"):
            for name, file in _tree(files(package), package.replace(".", "/")):
                archive.writestr(zipfile.ZipInfo(name), file.read_bytes(), zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo("playground.py"), _part("inside.py"))


def _tree(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.is_dir() and file.name != "__pycache__":
            yield from _tree(file, f"{path}/{file.name}")
        elif file.is_file():
            yield f"{path}/{file.name}", file


def write_tasks(
    folder: Path, tasks: Sequence[Task], *, done: Callable[[int], None] = lambda more: None
) -> None:
    """Write the page of each task, and the one that lists them. Raises TaskRejected."""
    (folder / "tasks").mkdir()
    rows = []
    for task in sorted(tasks, key=lambda task: (task.source, task.title)):
        views = list(_views(task))
        place = f"tasks/{task.id}.html"
        (folder / place).write_text(document(views, task.title), encoding="utf-8")
        rows.append(_row(task, place))
        done(1)
    _write(folder / "index.html", rows="\n".join(rows), count=str(len(rows)))


def _lengths(task: Task) -> list[int]:
    most = max(_LENGTHS) if task.max_length is None else task.max_length
    return sorted({max(task.min_length, min(length, most)) for length in _LENGTHS})


def _views(task: Task) -> Iterator[View]:
    """Yield what is shown of a task: each style at several lengths."""
    instances = [(length, task.arguments(length)) for length in _lengths(task)]
    for style in built_in():
        for length, arguments in instances:
            record = _record(task, arguments, style)
            yield view(record, style=style, title=f"{style}, length {length}")


def _record(task: Task, arguments: tuple[Any, ...], style: str) -> dict[str, Any]:
    question = task.question(*arguments)
    given = ", ".join(map(show, arguments))
    if not isinstance(task, SandboxedTask):
        # The rule may change its arguments: each run gets new ones.
        from rfft.tracer.inputs import parse_input

        fresh, _ = parse_input(given)
        return Trace(task.rule, fresh).run().to_json(style, question)
    rule = task.rule
    record = run(rule.source, given, function=rule.function, style=style, question=question)
    if record["status"] != "ok":
        raise TaskRejected(f"{task.where}: the rule ends with {record['status']}")
    return record


def _row(task: Task, place: str) -> str:
    """Return the row of a task in the list."""
    arguments = task.arguments(_lengths(task)[0])
    given = ", ".join(map(show, arguments))
    asked = {"rule": task.rule.source.strip() + "\n", "input": given, "style": "rfft"}
    asked["function"] = task.rule.function
    title, question, rule = map(
        html.escape, (task.title, task.question(*arguments), task.rule.text)
    )
    return (
        f'<tr><td><a href="{html.escape(place)}">{title}</a></td><td>{html.escape(task.source)}'
        f"</td><td>{html.escape(question)}<details><summary>rule</summary><pre>{rule}</pre>"
        f'</details></td><td><a href="playground.html#{fragment(asked)}">play</a></td></tr>'
    )


def fragment(asked: dict[str, str]) -> str:
    """Return what the playground is asked, as it stands behind the # of its address."""
    return base64.urlsafe_b64encode(json.dumps(asked).encode()).decode().rstrip("=")


def _write(path: Path, **parts: str) -> None:
    text = re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], _part(path.name))
    path.write_text(text, encoding="utf-8")


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
