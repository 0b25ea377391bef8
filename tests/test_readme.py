"""What the README shows is what happens."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
# An indented command, and the output shown right below it, if any.
COMMANDS = re.findall(
    r"^    (rfft(?:-trace| rules) [^\n]*)\n(?:\n```text\n(.*?)```\n)?",
    README,
    re.MULTILINE | re.DOTALL,
)
PYTHON = re.findall(r"^```python\n(.*?)```", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("command", "output"), COMMANDS)
def test_command(command: str, output: str, tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "count_even.py").write_text(PYTHON[0])
    (tmp_path / "my_tasks").mkdir()
    (tmp_path / "my_tasks" / "count_vowels.py").write_text(PYTHON[1])
    program, *arguments = shlex.split(command)
    run = [str(Path(sys.executable).parent / program), *arguments]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    if "--output" in arguments:
        assert (tmp_path / arguments[-1]).stat().st_size
    else:
        assert program == "rfft" or "So the answer is " in done.stdout
    assert output in ("", done.stdout)


def test_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    script = tmp_path / "script.py"
    block = next(text for text in PYTHON if "import Rule, trace" in text)
    script.write_text(block)  # in a file, as `trace` reads the source of a function
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.rstrip().endswith("So the answer is '102'")
