"""Where tasks are found: the library, folders of the user, installed packages.

A task is a Python file; its name is the file's name without ``.py``. Folders are searched with
what is below them; files and folders whose names begin with ``_`` or ``.`` are left out. An
installed package offers tasks by an entry point of the group ``rfft.rules`` whose value is the
package (or module) that holds the task files; it is not imported.
"""

import importlib.util
import re
from collections.abc import Iterable, Sequence
from importlib.metadata import EntryPoint
from pathlib import Path

from rfft.tracer.errors import nearest

from .errors import TaskNotFound, TaskRejected
from .task import Task, split_path

LIBRARY = Path(__file__).parent / "library"


def load(task: str | Path, rules: Sequence[str | Path] = ()) -> Task:
    """Return a task by its name or title, or from the path of its file, which may be FILE.py::NAME.

    `rules` are folders (or files) with more tasks. Raises TaskNotFound, TaskRejected.
    """
    path = Path(task)
    if isinstance(task, Path) or re.search(r"\.py($|::)", task) or len(path.parts) > 1:
        if not split_path(path)[0].is_file():
            raise TaskNotFound(f"{path}: no such file")
        return Task.from_file(path)
    found = find(rules)
    if task in found:
        return Task.from_file(found[task])
    titled: dict[str, list[Task]] = {}
    for one in map(_readable, found.values()):
        if one is not None:
            titled.setdefault(_plain(one.title), []).append(one)
    tasks = titled.get(_plain(task), [])
    if len(tasks) > 1:
        raise TaskNotFound(f"{task}: is the title of {', '.join(one.id for one in tasks)}")
    if not tasks:
        known = [*found, *titled]
        raise TaskNotFound(f"no task {task!r}{nearest(task, known, '; rfft rules list shows all')}")
    return tasks[0]


def _plain(title: str) -> str:
    """Return a title as it is compared: `Move Zeroes` is `move_zeroes`."""
    return "_".join(re.findall(r"\w+", title.lower()))


def _readable(path: Path) -> Task | None:
    """Return the task in a file; one that is none has no title."""
    try:
        return Task.from_file(path)
    except TaskRejected:
        return None


def catalog(rules: Sequence[str | Path] = ()) -> dict[str, Task]:
    """Return all tasks by name: those of the library, of packages and of the folders `rules`.

    Their files are read and not run. Raises TaskNotFound, TaskRejected.
    """
    return {name: Task.from_file(path) for name, path in find(rules).items()}


def find(rules: Sequence[str | Path] = (), *, library: bool = True) -> dict[str, Path]:
    """Return the files of all tasks by name, or of those of `rules` alone.

    Two files of one name raise a TaskRejected that names both.
    """
    places = [Path(place) for place in rules]
    if library:
        places = [LIBRARY, *_installed(), *places]
    found: dict[str, Path] = {}
    for path in (path for place in places for path in _files(place)):
        known = found.setdefault(path.stem, path)
        if known is not path and known.resolve() != path.resolve():
            raise TaskRejected(f"two tasks are named {path.stem}: {known} and {path}")
    return found


def _files(place: Path) -> Iterable[Path]:
    if place.is_file():
        return [place]
    if not place.is_dir():
        if place == LIBRARY:
            return []
        raise TaskNotFound(f"{place}: no such folder")
    files = sorted(place.rglob("*.py"))
    return [f for f in files if not any(p[0] in "_." for p in f.relative_to(place).parts)]


def _installed() -> list[Path]:
    """Return the folders and files that installed packages offer."""
    from importlib.metadata import entry_points

    return [_place(entry) for entry in sorted(entry_points(group="rfft.rules"))]


def _place(entry: EntryPoint) -> Path:
    """Return where a package is, without running anything of it."""
    top, *rest = entry.value.strip().split(".")
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        spec = None
    roots = [] if spec is None else list(spec.submodule_search_locations or ())
    if spec is not None and spec.origin and not roots and not rest:
        return Path(spec.origin)
    for root in roots:
        place = Path(root, *rest)
        if place.is_dir():
            return place
        if place.with_suffix(".py").is_file():
            return place.with_suffix(".py")
    raise TaskNotFound(f"the tasks of the entry point {entry.name} = {entry.value} are not there")
