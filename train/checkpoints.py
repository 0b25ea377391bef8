"""Checkpoints: written elsewhere, checked, and put in place by one rename.

A folder ``checkpoint-N`` has all that it takes to go on after step N to the same losses: weights,
optimiser, schedule, random states. `FILE`, written last, lists its files. The newest is kept, and
the one with the lowest loss on the validation corpus.
"""

import json
import re
import shutil
from pathlib import Path

from rfft.tracer.commands import disk

FILE = "complete.json"


def put(made: Path, folder: Path) -> Path:
    """Move a checkpoint that is written into the folder of checkpoints; return its path."""
    sizes = {
        path.relative_to(made).as_posix(): path.stat().st_size
        for path in sorted(made.rglob("*"))
        if path.is_file()
    }
    (made / FILE).write_text(json.dumps(sizes, indent=1) + "\n", encoding="utf-8")
    target = folder / made.name
    folder.mkdir(exist_ok=True)
    if target.exists():  # of a step that is done once more, and passed over as damaged
        shutil.rmtree(target)
    disk.put_folder(made, target)
    return target


def whole(folder: Path) -> list[Path]:
    """Return the checkpoints that are whole, by their steps."""
    found = [p for p in folder.glob("checkpoint-*") if re.fullmatch(r"checkpoint-\d+", p.name)]
    return sorted((p for p in found if _whole(p)), key=step)


def step(path: Path) -> int:
    """Return the number of steps that were done at a checkpoint."""
    return int(path.name.rpartition("-")[2])


def _whole(path: Path) -> bool:
    try:
        sizes = json.loads((path / FILE).read_text(encoding="utf-8"))
        return all((path / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, AttributeError):
        return False


def keep(folder: Path, steps: set[int], work: Path) -> None:
    """Remove the other checkpoints; none is ever there in part under its name."""
    for path in folder.glob("checkpoint-*"):
        if path not in {folder / f"checkpoint-{n}" for n in steps}:
            aside = work / f"old-{path.name}"
            path.rename(aside)
            shutil.rmtree(aside)
