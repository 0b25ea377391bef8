"""The tracer on Python 3.14, by Pyodide under Node: the same semantics and the same texts."""

import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import astor
import pytest

ROOT = Path(__file__).parents[3]
PYODIDE = os.environ.get("RFFT_PYODIDE", "")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
@pytest.mark.skipif(
    not PYODIDE, reason="RFFT_PYODIDE names no folder of Pyodide (npm install pyodide@314.0.7)"
)
def test_forms_and_golden_texts(tmp_path):
    archive = tmp_path / "under-test.zip"
    folders = {
        ROOT / "tracer": "rfft/tracer",
        Path(astor.__file__).parent: "astor",
        ROOT / "tests" / "tracer": "tests/tracer",
    }
    with zipfile.ZipFile(archive, "w") as packed:
        for folder, name in folders.items():
            for path in folder.rglob("*"):
                if path.is_file() and "__pycache__" not in path.parts:
                    packed.write(path, f"{name}/{path.relative_to(folder).as_posix()}")
    ran = subprocess.run(
        ["node", str(Path(__file__).with_name("run.mjs")), PYODIDE, str(archive)],
        capture_output=True, text=True, timeout=1200,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-3000:]
    assert [line for line in ran.stdout.splitlines() if line.startswith("differs")] == []
    assert re.search(r"^\d{3,} texts on 3\.14$", ran.stdout, re.MULTILINE)
    assert re.search(r"^\d{4,} forms$", ran.stdout, re.MULTILINE)
