"""The commands of the page of corpora build small ones, one after the other."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from .small import run

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/corpora.md").read_text()
PYTHON = re.findall(r"^```python\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = re.findall(r"^    rfft corpus ([^\n]*)\n", PAGE, re.MULTILINE)


def test_commands(tmp_path: Path):
    assert len(COMMANDS) > 3
    for command in COMMANDS:
        small = " --lengths 1-3 --per-length 4" if command.startswith("build") else ""
        done = run(*shlex.split(command + small), cwd=tmp_path)
        assert done.returncode == 0, (command, done.stderr)
    pytest.importorskip("datasets")
    block = next(text for text in PYTHON if "load_dataset" in text)
    script = f"{block}\nprint(rows.column_names, len(rows), len(talks))"
    here = {**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    shown = subprocess.check_output(
        [sys.executable, "-c", script], cwd=tmp_path, env=here, text=True
    )
    assert shown.endswith(" 12 12\n")


def test_the_script_for_slurm_builds_a_part(tmp_path: Path):
    script = (ROOT / "examples/cluster/corpus.sbatch").read_text()
    command = script[script.index("rfft corpus ") + len("rfft corpus ") :].replace("\\\n", "")
    values = {"PRESET": "adapt", "OUT": "out", "SLURM_ARRAY_TASK_ID": "1",
              "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_CPUS_PER_TASK": "1"}  # fmt: skip
    for name, value in values.items():
        command = command.replace(f"${name}", value)
    small = " --task leetcode_283 --lengths 1-3 --per-length 4 --shard-rows 4"
    done = run(*shlex.split(command + small), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "part 1 of 2" in done.stdout
