"""The hashes of the code cover what decides about bytes, and of that what it says."""

import shutil
from pathlib import Path

import pytest

from rfft.rules.corpus.versions import DECIDING, code_hashes

ROOT = Path(__file__).parents[3]
SILENT = {
    "tracer": "checking commands decorator errors loaded notebook page panels records sandbox "
    "verdict",
    "rules": "asked checks cli corpus discovery errors gallery library new same site synthetic_cli "
    "tables vary_cli",
    "corpus": "build card cli cluster encoding errors export export_cli exporting gathering gguf "
    "known looking options outcome pace presets reading records settings stats templates truth "
    "varying verify versions",
}
"""The parts that decide about no byte of a row."""


@pytest.fixture(scope="module")
def copied(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("code")
    for room in ("tracer", "rules"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("library"))
    return folder


def changed(copied: Path, file: str, old: str, new: str) -> list[str]:
    """Return the names of the hashes that change with a file."""
    code_hashes.cache_clear()
    before = dict(code_hashes(copied / "tracer", copied / "rules"))
    path = copied / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    code_hashes.cache_clear()
    after = dict(code_hashes(copied / "tracer", copied / "rules"))
    path.write_text(text)
    return [name for name in before if before[name] != after[name]]


@pytest.mark.parametrize("room", ["tracer", "rules", "corpus"])
def test_each_part_is_said_to_decide_or_not(room):
    folder = ROOT / room if room != "corpus" else ROOT / "rules/corpus"
    parts = {path.stem for path in folder.iterdir() if path.suffix in ("", ".py")}
    assert sorted(f"{DECIDING[room]} {SILENT[room]}".split()) == sorted(
        parts - {"__init__", "__pycache__"}
    )


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("tracer/page/view.py", "\n\n\n", "\n\n\n# A comment.\n"),
        ("tracer/page/view.py", "\n\n\n", "\n\n\nprint(1)\n"),
        ("tracer/commands/app.py", "\n\n\n", "\n\n\nprint(1)\n"),
        ("rules/corpus/cli.py", "\n\n\n", "\n\n\nprint(1)\n"),
        ("tracer/plan/planner.py", "\n\n\n", "\n\n\n# A comment.\n\n"),
        ("tracer/styles/rfft.py", '"""', '"""Another word. '),
        ("rules/corpus/draw.py", "(", "(\n"),
    ],
)
def test_what_changes_no_byte_changes_no_hash(copied, file, old, new):
    assert changed(copied, file, old, new) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "hashed"),
    [
        ("tracer/styles/rfft.py", "\n\n\n", "\n\n\nprint(1)\n", "tracer"),
        ("tracer/styles/rfft.py", '("no change"', '("no changes"', "tracer"),
        ("rules/makers.py", "\n\n\n", "\n\n\nx = 0\n", "rules"),
        ("rules/corpus/draw.py", "\n\n\n", "\n\n\nx = None\n", "corpus"),
    ],
)
def test_what_may_change_bytes_changes_a_hash(copied, file, old, new, hashed):
    assert changed(copied, file, old, new) == [hashed]
