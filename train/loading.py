"""Models and tokenizers by name: those of the hub, of a folder, or made from nothing."""

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import models
from .corpus import files
from .errors import TrainingRejected
from .recipe import Recipe

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def identity(name: str) -> str | None:
    """Return a hash of the files of a model in a folder; None for other models."""
    folder = Path(name)
    if name in models.SIZES or not folder.is_dir():
        return None
    kinds = ("*.json", "*.safetensors", "*.bin", "*.model")
    found = {path.name: files.digest(path) for kind in kinds for path in folder.glob(kind)
             if path.name not in ("run.json",)}  # fmt: skip
    return sha256(repr(sorted(found.items())).encode()).hexdigest()
