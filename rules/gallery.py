"""A page that shows each task: its question, its rule and a short trace."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from rfft.tracer.sandbox import run
from rfft.tracer.values.show import show

from .errors import TaskRejected
from .sandboxed import SandboxedTask
from .task import Task

_HEAD = """\
# The tasks

This page is made by `rfft rules gallery`. Each task has an instance of a small length: its
question, its rule, and the response in the style `rfft`, cut in the middle where it is long.
"""

_LINES = 30  # of a response that are shown
_LAST = 4  # of them, from its end
_LENGTH = 3


def page(tasks: Iterable[Task]) -> str:
    """Return the page, Markdown. Raises TaskRejected."""
    ordered = sorted(tasks, key=lambda task: (task.source, _natural(task.id)))
    parts = [_HEAD]
    for source, group in groupby(ordered, key=lambda task: task.source):
        members = list(group)
        links = (f"- [{t.title}](#{_anchor(t)}) ({t.id}, {t.split})" for t in members)
        parts.append(f"\n## {source}\n\n" + "\n".join(links) + "\n")
        parts += ["\n" + "\n".join(_entry(task)) + "\n" for task in members]
    return "".join(parts)


def _natural(name: str) -> tuple[str, int, str]:
    """Return what sorts names by the number at their end."""
    stem = name.rstrip("0123456789")
    number = name[len(stem) :]
    return (stem, int(number or 0), name)


def _anchor(task: Task) -> str:
    """Return the name that Markdown gives to a task's heading."""
    kept = (c for c in f"{task.id} {task.title}".lower() if c.isalnum() or c in " -_")
    return "".join(kept).replace(" ", "-")


def _entry(task: Task) -> Iterator[str]:
    longest = _LENGTH if task.max_length is None else min(_LENGTH, task.max_length)
    length = max(task.min_length, longest)
    arguments = task.arguments(length)
    yield f"### {task.id} {task.title}"
    yield ""
    most = "" if task.max_length is None else f", at most {task.max_length}"
    yield f"Length: {task.length}{most}. Here it is {length}."
    yield ""
    yield from _block(task.question(*arguments), "text")
    yield ""
    yield from _block(task.rule.text, "python")
    yield ""
    lines = _response(task, arguments).rstrip("\n").split("\n")
    if len(lines) > _LINES:
        left_out = len(lines) - _LINES
        lines[_LINES - _LAST : -_LAST] = [f"[... {left_out} lines ...]"]
    yield from _block("\n".join(lines), "text")


def _response(task: Task, arguments: tuple[Any, ...]) -> str:
    if not isinstance(task, SandboxedTask):
        return task.rule.writer("rfft")(*arguments).response
    given = ", ".join(map(show, arguments))
    record = run(task.rule.source, given, function=task.rule.function, question="-")
    if record["status"] != "ok":
        raise TaskRejected(f"{task.where}: the rule ends with {record['status']}")
    return str(record["response"])


def _block(text: str, language: str) -> Iterator[str]:
    """Yield a block of code, under a fence that is not in it."""
    fence = "```"
    while fence in text:
        fence += "`"
    yield f"{fence}{language}"
    yield text
    yield fence
