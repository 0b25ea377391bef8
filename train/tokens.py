"""A corpus as token ids: made once for each corpus and tokenizer, then read from the disk.

A folder of the cache is named by a hash of what is in it, so it is never out of date. It holds::

    ids.bin      the token ids of all samples, one after another, int32
    ends.npy     where each sample ends in it, int64 [samples]
    prompts.npy  how many of a sample's tokens are its prompt, int64 [samples]
    rows.txt     the ids of the rows, a line each
"""

import functools
import itertools
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rfft.rules.corpus import encoding, reading, records
from rfft.rules.corpus.plan import Plan
from rfft.rules.corpus.plan import read as read_plan
from rfft.rules.corpus.templates import Template, own
from rfft.tracer.commands import disk

from .errors import TrainingFailed, TrainingRejected

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_BATCH = 512  # rows that are encoded together
_FORM = 2  # to be raised when the same texts get other ids, or other files


class Corpus:
    """A complete corpus whose files are as its records say.

    Raises CorpusRejected, TrainingRejected; both name the file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plan: Plan = read_plan(folder)
        self.records = reading.built(self.plan, folder)
        path = folder / records.MANIFEST
        if not path.exists():
            raise TrainingRejected(
                f"{path}: is missing, {len(self.records)} of {len(self.plan.shards)} shards are "
                f"built; rfft corpus build --output {folder} goes on"
            )
        manifest = records.read_manifest(folder)
        if manifest is None or manifest != records.manifest(self.plan, self.records):
            raise TrainingRejected(f"{path}: is damaged: it does not list what the records list")
        for record in self.records:
            problem = records.problem(folder, record)
            if problem:
                raise TrainingRejected(f"{folder}: is damaged: {problem}")
        if not self.rows:
            raise TrainingRejected(
                f"{folder}: is a corpus without a sample; rfft corpus stats {folder} says how many "
                "were left out"
            )
        self.hash = sha256(path.read_bytes()).hexdigest()
        """The sha256 of the manifest, which holds those of all files."""

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(record["rows"] for record in self.records)


class Tokens:
    """The samples of a corpus as token ids. `lengths` are their numbers of tokens, int64."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        ends = np.load(folder / "ends.npy")
        self._starts: NDArray[np.int64] = np.concatenate(([0], ends))
        self.prompts: NDArray[np.int64] = np.load(folder / "prompts.npy")
        self.lengths: NDArray[np.int64] = np.diff(self._starts)
        self._ids = np.memmap(folder / "ids.bin", dtype=np.int32, mode="r")

    def __len__(self) -> int:
        return len(self.lengths)

    def ids(self, sample: int) -> NDArray[np.int32]:
        """Return the token ids of a sample, prompt and completion."""
        return self._ids[self._starts[sample] : self._starts[sample + 1]]

    @functools.cached_property
    def rows(self) -> list[str]:
        """The ids of the rows."""
        return (self._folder / "rows.txt").read_text(encoding="utf-8").splitlines()


def load(
    corpus: Corpus,
    tokenizer: "PreTrainedTokenizerBase",
    cache: Path,
    done: Callable[[int], None] = lambda rows: None,
    template: Template | None = None,
) -> Tokens:
    """Return the samples of a corpus from the cache, where they are put if they are not there.

    `done` is told how many rows are encoded; `template` is by default the tokenizer's own.
    Raises CorpusRejected, TrainingRejected, TrainingFailed.
    """
    form = template or own(tokenizer)
    said = {"form": _FORM, "corpus": corpus.hash, "tokenizer": identity(tokenizer), **form.said()}
    folder = cache / sha256(json.dumps(said).encode()).hexdigest()[:32]
    if not folder.exists():
        temporary = cache / f".{folder.name}.{os.getpid()}.tmp"
        try:
            temporary.mkdir(parents=True)
            write(temporary, _encoded(corpus, tokenizer, form), done)
            _put(temporary, folder)
        except OSError as error:
            raise TrainingFailed(
                f"{folder}: cannot be written: {error.strerror or error}"
            ) from None
        except ValueError as error:
            raise TrainingRejected(str(error)) from None
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return Tokens(folder)


def identity(tokenizer: "PreTrainedTokenizerBase") -> str:
    """Return a hash of all that decides which ids a text gets."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    made: Any = json.loads(backend.to_str()) if backend else sorted(tokenizer.get_vocab().items())
    if backend:  # what the last call has asked for
        made = {k: v for k, v in made.items() if k not in ("truncation", "padding")}
    said = [type(tokenizer).__name__, made, tokenizer.chat_template, tokenizer.eos_token_id]
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def write(
    folder: Path,
    batches: Iterable[tuple[list[str], list[encoding.Sample]]],
    done: Callable[[int], None] = lambda rows: None,
) -> None:
    """Write samples, with the ids of their rows, into a folder for `Tokens`."""
    ends, prompts, names = [], [], []
    end = 0
    with (folder / "ids.bin").open("wb") as file:
        for rows, samples in batches:
            for sample in samples:
                ids = sample.input_ids
                file.write(np.asarray(ids, dtype=np.int32).tobytes())
                end += len(ids)
                ends.append(end)
                prompts.append(len(sample.prompt))
            names += rows
            done(len(names))
    np.save(folder / "ends.npy", np.asarray(ends, dtype=np.int64))
    np.save(folder / "prompts.npy", np.asarray(prompts, dtype=np.int64))
    (folder / "rows.txt").write_text("".join(f"{name}\n" for name in names), encoding="utf-8")


def _encoded(
    corpus: Corpus, tokenizer: "PreTrainedTokenizerBase", template: Template
) -> Iterator[tuple[list[str], list[encoding.Sample]]]:
    for record in corpus.records:
        rows = iter(reading.rows(corpus.plan, corpus.folder, record["shard"]))
        while batch := list(itertools.islice(rows, _BATCH)):
            yield [row["id"] for row in batch], encoding.encode_rows(tokenizer, batch, template)


def _put(temporary: Path, folder: Path) -> None:
    """Move a whole folder in place, unless another process has been quicker."""
    try:
        disk.put_folder(temporary, folder)
    except OSError:
        if not folder.exists():
            raise


def fitting(tokens: Tokens, where: Path, context: int, too_long: str) -> NDArray[np.int64]:
    """Return the numbers of the samples that are not longer than the context.

    Raises TrainingRejected if some are and `too_long` is not ``skip``, or if none is left.
    """
    fits = tokens.lengths <= context
    if not fits.all() and too_long != "skip":
        worst = int(tokens.lengths.argmax())
        raise TrainingRejected(
            f"{where}: row {tokens.rows[worst]} has {tokens.lengths[worst]:,} tokens and the "
            f"context only {context:,}; {int((~fits).sum()):,} of {len(tokens):,} rows are too "
            f"long: --context {tokens.lengths[worst]} holds all, --too-long skip leaves them out"
        )
    if not fits.any():
        raise TrainingRejected(f"{where}: has no row that a context of {context:,} tokens holds")
    return np.flatnonzero(fits)
