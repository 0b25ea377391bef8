"""Counts the characters and, given a tokenizer, the tokens of a corpus."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rfft.tracer.commands.extras import installing

from . import gguf, reading
from .encoding import encode_prompts, encode_responses
from .errors import CorpusRejected
from .plan import Plan
from .records import Record
from .templates import Template

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_BATCH = 256
_SETTINGS = ("tokenizer_config.json", "config.json")  # of a folder that says which class to take


def load_tokenizer(name: str) -> "PreTrainedTokenizerBase":
    """Return a tokenizer: of a tokenizer.json, of a folder, or of the Hugging Face hub.

    Raises CorpusRejected.
    """
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")  # that there is no torch
    try:
        from transformers import AutoTokenizer, PreTrainedTokenizerFast
        from transformers.utils import logging
    except ImportError:
        raise CorpusRejected(
            f"counting tokens needs transformers: {installing('corpus')}"
        ) from None
    logging.set_verbosity_error()
    name = gguf.folder(name)
    path = Path(name)
    alone = path.is_file() or not any((path / file).exists() for file in _SETTINGS)
    file = path / "tokenizer.json" if path.is_dir() else path
    try:
        if alone and file.is_file():
            return PreTrainedTokenizerFast(tokenizer_file=str(file))
        made: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(name)
    except Exception as error:  # the libraries raise plain Exception
        raise CorpusRejected(f"no tokenizer {name}: {' '.join(str(error).split())[:200]}") from None
    return made


def tokens(
    plan: Plan,
    folder: Path,
    records: Sequence[Record],
    tokenizer: "PreTrainedTokenizerBase",
    template: Template,
    done: Callable[[int], None] = lambda rows: None,
) -> dict[tuple[str, int], tuple[int, int]]:
    """Return, by task and length, the tokens of all samples and of the longest one.

    A sample's are those of prompt and completion under the template, as trainers write it: with all
    that comes behind the end of a turn.
    """
    found: dict[tuple[str, int], tuple[int, int]] = {}
    waiting: list[dict[str, Any]] = []
    behind = template.closing(tokenizer)

    def add() -> None:
        prompts = encode_prompts(tokenizer, [row["prompt"] for row in waiting], template)
        answers = encode_responses(tokenizer, [row["completion"] for row in waiting], template)
        for row, prompt, answer in zip(waiting, prompts, answers, strict=True):
            n = len(prompt) + len(answer) + 1 + behind.more
            place = plan.place(row)
            total, most = found.get(place, (0, 0))
            found[place] = (total + n, max(most, n))
        done(len(waiting))
        waiting.clear()

    for record in records:
        for row in reading.rows(plan, folder, record["shard"]):
            waiting.append(row)
            if len(waiting) == _BATCH:
                add()
    if waiting:
        add()
    return found


def summary(
    records: Sequence[Record],
    style: str,
    counted: dict[tuple[str, int], tuple[int, int]] | None = None,
) -> list[dict[str, Any]]:
    """Return one object for each task and length, with tokens where they are `counted`."""
    merged: dict[tuple[str, int], dict[str, Any]] = {}
    for cell in (cell for record in records for cell in record["cells"]):
        place = (cell["task"], cell["length"])
        row = merged.setdefault(
            place,
            {"task": place[0], "length": place[1], "style": style, "wanted": 0, "samples": 0,
             "left_out": 0, "exhausted": False, "characters": 0, "most_characters": 0},
        )  # fmt: skip
        sizes = cell["characters"]
        row["wanted"] += cell["wanted"]
        row["samples"] += cell["rows"]
        row["left_out"] += len(cell.get("left_out", ()))
        row["exhausted"] |= cell["exhausted"]
        row["characters"] += sizes["prompts"] + sizes["completions"]
        row["most_characters"] = max(row["most_characters"], sizes["longest"])
        if counted is not None:  # a cell of which nothing is left has none
            row["tokens"], row["most_tokens"] = counted.get(place, (0, 0))
    return list(merged.values())
