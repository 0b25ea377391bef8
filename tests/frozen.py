"""Frozen texts: hashes of what the library's tasks and synthetic rules say, in `frozen.txt`.

A line holds a task, or ``synthetic-KIND``, and for each style that the first line names a hash of
its prompts and responses at the lengths below. The texts of a release do not change by accident,
nor while code is moved. When they change by intention, or there is a new style, write the file
anew, and say why in the commit:

    python tests/frozen.py
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from rfft.rules import TaskRejected, catalog
from rfft.rules.synthetic import KINDS, draw
from rfft.tracer import Trace, trace
from rfft.tracer.styles import built_in

FILE = Path(__file__).with_name("frozen.txt")
LENGTHS = (1, 5, 15, 30)
DRAWN = 50  # rules of each kind


def _of_task(name: str) -> Iterator[Trace]:
    task = catalog()[name]
    for length in LENGTHS:
        if task.min_length <= length <= (task.max_length or length):
            yield trace(task.rule, *task.arguments(length, seed=7))


def _of_kind(kind: str) -> Iterator[Trace]:
    for number in range(DRAWN):
        rule = draw(7, number, kind=kind)
        try:
            arguments = rule.arguments(1 + number % 15, 7)
        except TaskRejected:  # none was found on which the rule ends
            continue
        yield trace(rule.rule, *arguments)


def line(name: str, styles: Sequence[str]) -> str:
    """Return the line of a task or of a kind of synthetic rules."""
    kind = name.removeprefix("synthetic-")
    hashes = {style: sha256() for style in styles}
    for made in _of_kind(kind) if kind != name else _of_task(name):
        for style, hashed in hashes.items():
            hashed.update(f"{made.prompt(style)}\0{made.response(style)}\0".encode())
    return " ".join([name, *(hashed.hexdigest()[:16] for hashed in hashes.values())])


def names() -> list[str]:
    """Return what has a line: the tasks of the library and the kinds of synthetic rules."""
    tasks = [name for name, task in catalog().items() if task.path]
    return [*sorted(tasks), *(f"synthetic-{kind}" for kind in KINDS)]


if __name__ == "__main__":
    styles = built_in()
    lines = [" ".join(["task", *styles]), *(line(name, styles) for name in names())]
    FILE.write_text("\n".join(lines) + "\n")
