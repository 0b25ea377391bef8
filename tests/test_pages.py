"""The pages of the rooms tell what is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("tracer", "rules", "rules/corpus", "train", "eval")
PLAIN = {"__init__.py", "__pycache__/", "README.md", "cli.py", "errors.py", "py.typed"}
"""What is in every room and needs no word."""
FOLDERS = ("tracer", "rules", "train", "eval", "tests", "examples", "docs")
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for found in (ROOT.glob("*.md"), *((ROOT / folder).rglob("*.md") for folder in FOLDERS))
    for path in found
)


@pytest.mark.parametrize("room", ROOMS)
def test_the_table_of_a_room_names_its_files(room: str) -> None:
    text = (ROOT / room / "README.md").read_text()
    table = re.search(r"^\| (?:file|part) \|.*\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert table
    cells = [line.split("|")[1] for line in table[1].splitlines()]
    named = {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    there = {f"{path.name}/" if path.is_dir() else path.name for path in (ROOT / room).iterdir()}
    assert named - there == set()
    assert there - named - PLAIN == set()


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_links_to_is_there(page: str) -> None:
    folder = (ROOT / page).parent
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / page).read_text())
    assert [link for link in links if not (folder / link).exists()] == []


@pytest.mark.parametrize("page", [*(f"{room}/README.md" for room in ROOMS), "CONTRIBUTING.md"])
def test_files_that_a_page_names_are_there(page: str) -> None:
    folder = (ROOT / page).parent
    named = re.findall(r"`((?:[\w.]+/)+[\w.]+\.(?:py|md|txt|toml))`", (ROOT / page).read_text())
    assert [n for n in named if not (folder / n).exists() and not (ROOT / n).exists()] == []
