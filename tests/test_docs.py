"""What the pages say to type works, and what they show is what comes out.

In a page, an indented line is a command, a block ```text below it its output, and a block ```python
a script, or a file if its first line is a comment with a name. They are run in the order of the
page, in a folder that has the examples. What stands in other blocks is not run.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
BLOCK = re.compile(r"(?ms)^    (rfft[^\n]*)\n(?:\n```text\n(.*?)```\n)?|^```python\n(.*?)```\n")
NAME = re.compile(r"# (\S+\.py)\n")
QUICK = ["README.md", *(f"docs/{name}.md" for name in
         "checking json pages python rules safety styles tasks".split())]  # fmt: skip
SLOW = [("docs/corpora.md",), ("docs/training.md", "docs/evaluation.md"), ("docs/tutorial.md",)]


def blocks(page: str) -> Iterator[tuple[str, str, str]]:
    """Yield each command of a page with its output, or each block of Python."""
    yield from BLOCK.findall((ROOT / page).read_text())


def follow(pages: Sequence[str], folder: Path) -> int:
    """Do what the pages say, one after the other; return how many commands and scripts ran."""
    (folder / "examples").symlink_to(ROOT / "examples")
    done = 0
    for command, output, code in (block for page in pages for block in blocks(page)):
        if name := NAME.match(code):
            file = folder / name[1]
            file.parent.mkdir(exist_ok=True)
            file.write_text(code)
            continue
        script = folder / "script.py"
        script.write_text(code)  # in a file, as `trace` reads the source of a function
        ran = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {command}" if command else "python script.py"],
            cwd=folder,
            env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        wrong = int(command.startswith("rfft-check"))  # what it is shown with is a wrong text
        assert ran.returncode == wrong, (command or code, ran.stderr)
        assert output in ("", ran.stdout), command
        done += 1
    return done


@pytest.mark.parametrize("page", QUICK)
def test_page(page: str, tmp_path: Path) -> None:
    commands = sum(not NAME.match(code) for _, _, code in blocks(page))
    assert follow([page], tmp_path) == commands


@pytest.mark.slow
@pytest.mark.parametrize("pages", SLOW, ids=lambda pages: Path(pages[-1]).stem)
def test_long_pages(pages: Sequence[str], tmp_path: Path) -> None:
    assert follow(pages, tmp_path)


def test_each_page_with_commands_is_followed() -> None:
    pages = {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}
    followed = {*QUICK, *(page for pages in SLOW for page in pages)}
    assert {page for page in pages - followed if any(blocks(page))} == set()


def test_the_readme_shows_the_begin_of_what_it_prints(tmp_path: Path) -> None:
    shown = re.findall(r"(?ms)^```text\n(.*?)```", (ROOT / "README.md").read_text())
    command = [BIN / "rfft-trace", ROOT / "examples/add_digits.py", "--input", "15"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert shown
    assert all(text in ran.stdout for text in shown)


@pytest.mark.parametrize(
    ("rule", "inputs", "codes"),
    [
        ("examples/roman.py", ['"XIV"'], 0),
        ("examples/fibonacci.py", ["4", "'a'", "[", "-1"], 2),
        ("examples/process_list.py", ["[3], [50, 31]"], 0),
        ("examples/nowhere.py", ["1"], 2),
    ],
)
def test_records_are_as_the_schema_says(rule: str, inputs: list[str], codes: int) -> None:
    schema = json.loads((ROOT / "docs/record.schema.json").read_text())
    options = [part for text in inputs for part in ("--input", text)]
    command = [BIN / "rfft-trace", rule, *options, "--format", "json"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    records = [json.loads(line) for line in ran.stdout.splitlines()]
    assert (ran.returncode, len(records)) == (codes, len(inputs))
    for record in records:
        jsonschema.validate(record, schema)
