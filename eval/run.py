"""A run: a model answers the questions of a corpus, in a folder that can be gone on with.

DIR/
  run.json        what is asked of which model, and how; a folder is of one run
  answers.jsonl   the answers, appended as they come
  scores.jsonl    a line for each question: right or wrong, and why
  results.json    accuracies with intervals, and what went wrong
  report.html     the same to look at, with figures/
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rfft.rules.corpus import gguf
from rfft.rules.corpus.templates import read as read_template
from rfft.tracer.commands import disk

from . import answers, backends, rolling
from .backends import Answer, Model
from .errors import EvalRejected, RunFailed
from .questions import Questions

FILE = "run.json"
_SAMPLE = 1 << 20  # bytes of a large file of weights that are looked at in three places


def about(model: Model, questions: Questions, limit: int | None) -> dict[str, Any]:
    """Return what tells runs apart, as JSON data."""
    kind = backends.kind(model.backend)
    return {
        "model": {
            "name": model.name,
            "backend": model.backend,
            "fingerprint": _fingerprint(gguf.source(model.name) or Path(model.name))
            if kind.local
            else None,
        },
        "corpus": {
            "name": questions.corpus.resolve().name,
            "hash": questions.hash,
            "plan": questions.plan.hash,
            "rows": len(questions.all),
            "limit": limit,
            "tasks": sorted({question.task for question in questions.all}),
            "side": questions.plan.settings.side,
            **({"lengths": list(questions.lengths)} if questions.lengths else {}),
        },
        "style": questions.style,
        "shots": questions.shots,
        "decoding": {
            "greedy": True,
            "max_factor": model.factor,
            "batching": model.batching if "batching" in kind.options else None,
            "template": _template(model.template),
            "system": model.system,
            "template_args": dict(model.template_args),
            "options": dict(model.options),
        },
    }


def _template(source: str | None) -> str:
    """Return what tells one template from another; that of the model is among its files."""
    if source in (None, "none", "model"):
        return source or "model"
    return hashlib.sha256(read_template(source).encode()).hexdigest()[:32]


def answer(
    folder: Path,
    model: Model,
    questions: Questions,
    limit: int | None = None,
    *,
    begun: Callable[[int, int], None] = lambda there, wanted: None,
    done: Callable[[Answer], None] = lambda answer: None,
) -> dict[str, Answer]:
    """Have a model answer what has no answer yet; return the answers to all questions.

    Of runs that are asked step by step, the answers to all steps are among them. `begun` is told
    how many are there and how many are wanted, `done` of each answer. Raises
    EvalRejected if the folder is of another run, and RunFailed.
    """
    said = about(model, questions, limit)
    with locked(folder):
        known = _claim(folder, said)
        found = answers.read(folder)
        stepwise = questions.plan.by_steps
        left = [question for question in questions.all if question.id not in found]
        going = rolling.left(questions.all, found) if stepwise else []
        wanted = sum(len(question.steps) or 1 for question in questions.all)
        begun(len(found), wanted)
        if not (going if stepwise else left):
            return _all(questions, found)
        backend = backends.load(model)
        versions = {"meta-rfft": version("meta-rfft"), **backend.versions}
        if known is None:
            _write(folder, {**said, "server": model.server, "versions": versions})
        elif found and known["versions"] != versions:
            name = next(n for n in {**known["versions"], **versions}
                        if known["versions"].get(n) != versions.get(n))  # fmt: skip
            before, after = known["versions"].get(name), versions.get(name)
            raise EvalRejected(f"{folder}: was begun with {name} {before}, not {after}")
        try:
            with answers.Appended(folder) as file:
                asked = rolling.roll(backend, going) if stepwise else backend.answers(left)
                for made in asked:
                    file.add(made)
                    found[made.id] = made
                    done(made)
        except RunFailed as failed:
            raise RunFailed(
                f"{failed}; {len(found):,} answers of {wanted:,} are kept, the same command goes on"
            ) from None
    return _all(questions, found)


def _all(questions: Questions, found: dict[str, Answer]) -> dict[str, Answer]:
    """Return what is found, and the answers to questions that are asked step by step."""
    if not questions.plan.by_steps:
        return found
    return {**found, **rolling.whole(questions.all, found)}


def read(folder: Path) -> dict[str, Any]:
    """Return what a run is about. Raises EvalRejected."""
    path = folder / FILE
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise EvalRejected(f"{folder}: is no run, there is no {FILE}") from None
    except (OSError, ValueError) as error:
        raise EvalRejected(f"{path}: cannot be read: {error}") from None
    if not isinstance(said, dict) or not {"model", "corpus", "versions"} <= said.keys():
        raise EvalRejected(f"{path}: is damaged")
    return said


def locked(folder: Path) -> AbstractContextManager[None]:
    """Keep other runs out of a folder, which is made if need be. Raises Refused, Failed."""
    return disk.locked(folder / disk.WORK / "lock", f"{folder}: another run is at work there")


def _claim(folder: Path, said: dict[str, Any]) -> dict[str, Any] | None:
    """Return what the folder's run is about, or None for a new one. Raises EvalRejected."""
    if not (folder / FILE).exists():
        others = [path.name for path in folder.iterdir() if path.name != disk.WORK]
        if others:
            raise EvalRejected(f"{folder}: is no run and has {others[0]} in it; take a new folder")
        return None
    known = read(folder)
    for part, value in said.items():
        before = known.get(part)
        if before == value:
            continue
        if isinstance(value, dict) and isinstance(before, dict):
            name = next(n for n in value if before.get(n) != value[n])
            part, before, value = f"{part} {name}", before.get(name), value[name]
        raise EvalRejected(f"{folder}: is of another run: {part} {before}, not {value}")
    return known


def _write(folder: Path, said: dict[str, Any]) -> None:
    write(folder, FILE, (json.dumps(said, indent=1) + "\n").encode())


def write(folder: Path, name: str, data: bytes) -> None:
    """Put a file in place, whole or not at all. Raises RunFailed."""
    try:
        disk.put(folder / name, data, folder / disk.WORK)
    except OSError as error:
        raise RunFailed(f"{folder / name}: cannot be written: {error.strerror or error}") from None


def _fingerprint(model: Path) -> str | None:
    """Return what tells the files of a checkpoint from others; None if it is on a hub."""
    files = [model] if model.is_file() else model.iterdir() if model.is_dir() else ()
    if not files:
        return None
    digest = hashlib.sha256()
    for path in sorted(path for path in files if path.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.name} {size}\n".encode())
        with path.open("rb") as file:
            for place in (0, size // 2, max(0, size - _SAMPLE)):
                file.seek(place)
                digest.update(file.read(_SAMPLE))
    return digest.hexdigest()[:32]
