"""Room on the disk: what a run will take of it, and whether that is there."""

import errno
import shutil
from pathlib import Path

import torch

from rfft.tracer.commands import disk

from .batching import Order
from .errors import TrainingRejected
from .recipe import Recipe

_LITTLE = 32 << 20  # bytes: tokenizers, curves, pages and logs


def needed(
    model: torch.nn.Module, recipe: Recipe, steps: int, save_every: int, held_out: Order | None
) -> int:
    """Return the bytes that a run takes at most, about; `model` may be without its weights.

    A checkpoint has what is trained, in float32, and two moments of it; a new one is written before
    the old one is removed, and with a validation corpus the best is kept besides.
    """
    trained = 4 * sum(p.numel() for p in model.parameters() if p.requires_grad)
    adapters = trained if recipe.pissa_rank else 0
    whole = sum(p.numel() for p in model.parameters()) - adapters // 4
    made = whole * (2 if recipe.precision == "bf16" else 4) + 3 * adapters
    kept = 1 if held_out is None else 2
    saves = -(-steps // save_every) + (
        0 if held_out is None else -(-steps // recipe.evaluate_every)
    )
    checkpoint = 3 * trained
    return max(min(saves, kept + 1) * checkpoint, min(saves, kept) * checkpoint + made) + _LITTLE


def free(folder: Path) -> int:
    """Return the bytes that a run in a folder may take, those that it has taken so far included."""
    there = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    own = (folder / "checkpoints", folder / disk.WORK, folder / "model.safetensors")
    taken = sum(
        path.stat().st_size
        for place in own
        for path in (place, *place.rglob("*"))
        if path.is_file()
    )
    return shutil.disk_usage(there).free + taken


def check(folder: Path, wanted: int) -> None:
    """Raise TrainingRejected if a run in this folder will not find room."""
    there = free(folder)
    if wanted > there:
        raise TrainingRejected(
            f"{folder}: checkpoints and model will take {size(wanted)}, and there is room for "
            f"{size(there)}; make room, or take a folder on another disk"
        )


def size(count: float) -> str:
    """Return a number of bytes as GiB, or in a smaller unit where it is small."""
    for unit, one in (("GiB", 2**30), ("MiB", 2**20)):
        if count >= one:
            return f"{count / one:,.1f} {unit}"
    return f"{count / 2**10:,.1f} KiB"


def why(folder: Path, error: Exception) -> str:
    """Say why a library could not write into a folder, whose own words may not tell."""
    if shutil.disk_usage(folder).free < 1 << 20 or f"os error {errno.ENOSPC}" in str(error):
        return "No space left on device"
    return " ".join(str(error).split())[:200]
