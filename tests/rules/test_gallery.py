"""The page that shows the tasks."""

from pathlib import Path

import pytest

from rfft.rules import Task
from rfft.rules.gallery import page
from rfft.tracer.commands import trace as cli

from .files import COUNT, task, write

FENCED = 'def f(a: str):\n    """Is "{a}" a ``` fence?"""\n    return a\n'


def test_page() -> None:
    tasks = [
        task(COUNT, "x_10"),
        task(COUNT, "x_9"),
        task("SOURCE = 'B'\nMAX_LENGTH = 2\n" + FENCED),
    ]
    text = page(tasks)
    headings = [line for line in text.splitlines() if line.startswith("#") and "(" not in line]
    assert headings == [
        "# The tasks",
        "## B",
        "### rule rule",
        "## own",
        "### x_9 x 9",
        "### x_10 x 10",
    ]
    assert "- [x 9](#x_9-x-9) (x_9, pretrain)\n" in text
    assert "Length: length of the list. Here it is 3.\n" in text
    assert "Length: characters of a, at most 2. Here it is 2.\n" in text
    assert '\n````text\nIs "' in text
    assert "\n[... " in text
    assert text.count("So the answer is ") == 3
    assert text.endswith("```\n")
    assert page(reversed(tasks)) == text


def test_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = write(tmp_path / "tasks/count_even.py")
    monkeypatch.setattr("rfft.rules.discovery.LIBRARY", tmp_path / "none")
    call = ["rules", "gallery", "--rules", str(path.parent)]
    assert cli.main(call) == 0
    printed = capsys.readouterr().out
    assert printed == page([Task.from_file(path)])
    assert cli.main([*call, "--output", str(tmp_path / "page.md")]) == 0
    assert capsys.readouterr().out == ""
    assert (tmp_path / "page.md").read_text() == printed
