"""Presets: what a corpus is made of, in small files that a person can read and copy."""

import dataclasses
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import CorpusRejected
from .split import SHARES

FOLDER = Path(__file__).resolve().parent / "presets"


@dataclass(frozen=True)
class Settings:
    """What a corpus is made of.

    `tasks` is a split (all its tasks) or a list of names; `lengths` are the first and the last;
    `per_length` is the number of samples for each task and length. `side` says which instances
    (`rfft.rules.corpus.split`). With `example`, each prompt has a worked example in front.
    `synthetic` is the number of samples, over all lengths, that have a rule drawn for each.
    `shard_rows` is how many rows a shard has, about.
    """

    preset: str
    tasks: str | tuple[str, ...]
    lengths: tuple[int, int]
    per_length: int
    side: str
    style: str
    seed: int = 0
    example: bool = False
    synthetic: int = 0
    synthetic_kind: str = "snippets"
    shard_rows: int = 4000
    format: str = "parquet"
    configs: tuple[str, ...] = ("prompt_completion", "messages")

    def __post_init__(self) -> None:
        if self.side not in SHARES:
            raise CorpusRejected(f"no side {self.side!r}; there are {', '.join(SHARES)}")
        for name, least in _LEAST.items():
            if getattr(self, name) < least:
                raise CorpusRejected(f"{name} must be {least} or more, not {getattr(self, name)}")
        if self.synthetic and self.lengths[1] > 999:
            raise CorpusRejected("synthetic rules have lengths up to 999")


_LEAST = {"per_length": 0, "synthetic": 0, "shard_rows": 1}
_TYPES: dict[str, tuple[type, ...]] = {
    "tasks": (str, list),
    "lengths": (str, int),
    "per_length": (int,),
    "side": (str,),
    "style": (str,),
    "seed": (int,),
    "example": (bool,),
    "synthetic": (int,),
    "synthetic_kind": (str,),
    "shard_rows": (int,),
    "format": (str,),
}


def names() -> list[str]:
    """Return the names of the presets that come with the project."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(preset: str, **changes: Any) -> Settings:
    """Return a preset by its name or the path of its file, with changes that are not None.

    Raises CorpusRejected.
    """
    path = Path(preset) if preset.endswith(".toml") else FOLDER / f"{preset}.toml"
    if not path.is_file():
        raise CorpusRejected(f"no preset {preset!r}; there are {', '.join(names())}, or a .toml")
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise CorpusRejected(f"{path}: {error}") from None
    for name, value in said.items():
        if name not in _TYPES:
            raise CorpusRejected(f"{path}: there is no {name}; there are {', '.join(_TYPES)}")
        if type(value) not in _TYPES[name]:
            raise CorpusRejected(f"{path}: {name} cannot be {value!r}")
    missing = [n for n in ("tasks", "lengths", "per_length", "side", "style") if n not in said]
    if missing:
        raise CorpusRejected(f"{path}: says nothing of {', '.join(missing)}")
    values = {**said, "lengths": lengths(str(said["lengths"]))}
    if isinstance(values["tasks"], list):
        values["tasks"] = tuple(map(str, values["tasks"]))
    settings = Settings(preset=path.stem, **values)
    return dataclasses.replace(settings, **{k: v for k, v in changes.items() if v is not None})


def lengths(text: str) -> tuple[int, int]:
    """Return the first and the last of ``A-B`` or of one length. Raises CorpusRejected."""
    match = re.fullmatch(r"\s*(\d{1,9})(?:\s*-\s*(\d{1,9}))?\s*", text)
    if match:
        first, last = int(match[1]), int(match[2] or match[1])
        if first <= last:
            return first, last
    raise CorpusRejected(f"lengths are given as 1-15 or 31, not {text!r}")
