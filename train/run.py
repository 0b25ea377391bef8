"""The folder of a run: what was asked for, how far it is, and what has come out.

::

    RUN/
      run.json          the whole configuration, versions, what has come out
      metrics.jsonl     a line for each step and for each validation
      curve.png         a picture of it
      checkpoints/      from which the same command goes on
      first_adapter/    PiSSA: the adapters as they were at the start
      adapter/          PiSSA: what training has changed, as an adapter for the model as it came
      logs/             what trackers write
      README.md         the model card
      config.json, model.safetensors, tokenizer.json ...   the model, when training is over

Files are put in place whole. What is in `.work` is not whole yet.
"""

import dataclasses
import json
import shutil
from contextlib import AbstractContextManager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rfft.tracer.commands import disk

from .errors import TrainingFailed, TrainingRejected
from .recipe import COMPUTED, Recipe

FILE = "run.json"
_PACKAGES = ("meta-rfft", "torch", "transformers", "accelerate", "peft", "tokenizers", "numpy")


class Run:
    """The folder of a run. `configuration` is all that decides about the result.

    Raises TrainingRejected if the folder has a run of another configuration, or something else.
    """

    def __init__(self, folder: Path, configuration: dict[str, Any]) -> None:
        self.folder = folder
        self.work = folder / disk.WORK
        self.checkpoints = folder / "checkpoints"
        self.metrics = folder / "metrics.jsonl"
        self.first_adapter = folder / "first_adapter"
        self.said: dict[str, Any] = {"configuration": configuration}
        path = folder / FILE
        if path.exists():
            there = _read(path)
            differs = difference(there["configuration"], configuration)
            self.said = {**there, **self.said}
            if differs:
                raise TrainingRejected(
                    f"{folder}: is a run of another configuration: it has {differs}; "
                    "take another folder, or remove it"
                )
        elif folder.exists():
            others = [p.name for p in folder.iterdir() if p.name != disk.WORK]
            if others:
                raise TrainingRejected(f"{folder}: is not empty and no run; it has {others[0]}")

    @property
    def finished(self) -> dict[str, Any] | None:
        """What has come out, once training is over."""
        found: dict[str, Any] | None = self.said.get("finished")
        return found

    def claim(self) -> None:
        """Write down what is asked for, and by which versions; remove what is not whole."""
        for path in self.work.iterdir():
            if path.name != "lock":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        begun = self.said.setdefault("versions", [])
        now = {name: version(name) for name in _PACKAGES}
        if not begun or begun[-1] != now:
            begun.append(now)  # a run that goes on may do so with others
        self._write()

    def note(self, **facts: Any) -> None:
        """Write down facts, such as sizes, that follow from the configuration."""
        self.said.update(facts)
        self._write()

    def _write(self) -> None:
        text = json.dumps(self.said, indent=1, ensure_ascii=False) + "\n"
        self.write(FILE, text.encode())

    def write(self, name: str, data: bytes) -> None:
        """Put a file in place. Raises TrainingFailed."""
        try:
            disk.put(self.folder / name, data, self.work)
        except OSError as error:
            raise TrainingFailed(
                f"{self.folder / name}: cannot be written: {error.strerror or error}"
            ) from None

    def put(self, made: Path) -> None:
        """Move the files of a model in place, `config.json` last: with it, the model loads."""
        for path in sorted(made.iterdir(), key=lambda p: p.name == "config.json"):
            target = self.folder / path.name
            if path.is_dir():
                shutil.rmtree(target, ignore_errors=True)
            path.rename(target)

    def locked(self) -> AbstractContextManager[None]:
        """Keep other trainings out of the folder. Raises Refused, Failed."""
        return disk.locked(self.work / "lock", f"{self.folder}: another training is at work")


def configuration(recipe: Recipe, **hashes: Any) -> dict[str, Any]:
    """Return all that decides about the result: the recipe, and what tells the inputs apart."""
    return {**dataclasses.asdict(recipe), **hashes}


def difference(one: dict[str, Any], other: dict[str, Any]) -> str:
    """Say in what two configurations differ, in a few words; empty if they come to the same."""
    same = ("recipe", *COMPUTED)
    names = [n for n in {**one, **other} if n not in same and one.get(n) != other.get(n)]
    return "; ".join(f"{n} {one.get(n)} and not {other.get(n)}" for n in names[:3])


def _read(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(said["configuration"], dict):
            raise ValueError("there is no configuration")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingRejected(f"{path}: is damaged: {error}") from None
    return dict(said)
