"""The worked example does what its page says."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "examples" / "train" / "README.md").read_text()
COMMANDS = re.findall(r"^ {4}((?:rfft|python) .*)$", PAGE, re.MULTILINE)


@pytest.mark.slow
def test_a_model_made_from_nothing_learns_a_task(tmp_path):
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for command in COMMANDS:
        done = subprocess.run(
            command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    (share,) = re.findall(r"^all: (.*)%$", done.stdout, re.MULTILINE)
    assert float(share) > 90
    lines = (tmp_path / "digits-run" / "metrics.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["loss"] < 0.1 * json.loads(lines[0])["loss"]
