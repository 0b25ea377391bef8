"""Where tasks are found, and by which names."""

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from rfft.rules import TaskNotFound, TaskRejected, catalog, discovery, load

from .files import write


def test_folders_are_searched_with_what_is_below(tmp_path: Path) -> None:
    for name in ("a.py", "deep/er/b.py", "_c.py", "_d/e.py", ".f/g.py", "h.txt"):
        write(tmp_path / name)
    found = catalog([tmp_path])
    assert {"a", "b"} <= found.keys()
    assert found.keys().isdisjoint({"_c", "e", "g", "h"})
    assert found["b"].path == tmp_path / "deep/er/b.py"


def test_a_file_may_stand_for_a_folder(tmp_path: Path) -> None:
    assert "_a" in catalog([write(tmp_path / "_a.py")])


def test_names_are_unique(tmp_path: Path) -> None:
    one, other = write(tmp_path / "x/a.py"), write(tmp_path / "y/a.py")
    with pytest.raises(TaskRejected, match=f"two tasks are named a: {one} and {other}"):
        catalog([tmp_path])
    assert "a" in catalog([one, one, tmp_path / "x"])


def test_load(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.py")
    assert load(path).id == load(str(path)).id == load("mine", [tmp_path]).id == "mine"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("min", "no task 'min'; did you mean mine?"),
        ("zzz", "no task 'zzz'; rfft rules list shows all"),
        ("zzz.py", r"zzz\.py: no such file"),
        ("zzz/mine", "zzz/mine: no such file"),
    ],
)
def test_names_that_are_none(tmp_path: Path, name: str, line: str) -> None:
    write(tmp_path / "mine.py")
    with pytest.raises(TaskNotFound, match=line):
        load(name, [tmp_path])


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TaskNotFound, match="nowhere: no such folder"):
        catalog([tmp_path / "nowhere"])


def test_no_other_file_is_read_to_load_a_task(tmp_path: Path) -> None:
    write(tmp_path / "broken.py", "def (")
    write(tmp_path / "fine.py")
    assert load("fine", [tmp_path]).id == "fine"
    with pytest.raises(TaskRejected, match=r"broken\.py: syntax error"):
        catalog([tmp_path])


# Installed packages


@pytest.mark.parametrize(
    ("value", "names"),
    [("pack", {"a", "b"}), ("pack.sub", {"b"}), ("pack.a", {"a"}), ("alone", {"alone"})],
)
def test_a_package_offers_tasks_and_is_not_imported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str, names: set[str]
) -> None:
    for name in (
        "pack/__init__.py",
        "pack/a.py",
        "pack/sub/__init__.py",
        "pack/sub/b.py",
        "alone.py",
    ):
        write(tmp_path / name)
    (tmp_path / "pack/__init__.py").write_text("1 / 0")
    _offer(monkeypatch, tmp_path, value)
    assert names <= catalog().keys()
    assert "pack" not in sys.modules


@pytest.mark.parametrize("value", ["nowhere", "alone.sub", "nowhere.at.all"])
def test_a_package_whose_tasks_are_not_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str
) -> None:
    write(tmp_path / "alone.py")
    _offer(monkeypatch, tmp_path, value)
    with pytest.raises(
        TaskNotFound, match=f"tasks of the entry point mine = {value} are not there"
    ):
        catalog()


def _offer(monkeypatch: pytest.MonkeyPatch, folder: Path, value: str) -> None:
    monkeypatch.syspath_prepend(folder)
    entry = EntryPoint("mine", value, "rfft.rules")

    def entry_points(group: str) -> list[EntryPoint]:
        return [entry] if group == "rfft.rules" else []

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)
    assert discovery.find
