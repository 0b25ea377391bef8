"""Counts the characters and, given a tokenizer, the tokens of a corpus."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from . import reading
from .errors import CorpusRejected
from .plan import Plan
from .records import Record

_BATCH = 256


def load_tokenizer(name: str) -> Callable[[list[str]], list[int]]:
    """Return what counts the tokens of texts. Raises CorpusRejected.

    `name` is a tokenizer.json, its folder, or a name on the Hugging Face hub.
    """
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise CorpusRejected(
            "counting tokens needs tokenizers: pip install 'meta-rfft[corpus]'"
        ) from None
    path = Path(name)
    path = path / "tokenizer.json" if path.is_dir() else path
    try:
        tokenizer = Tokenizer.from_file(str(path)) if path.is_file() else _from_hub(name)
    except Exception as error:  # the library raises plain Exception
        raise CorpusRejected(f"no tokenizer {name}: {' '.join(str(error).split())[:200]}") from None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda texts: [len(one.ids) for one in tokenizer.encode_batch_fast(texts)]


def _from_hub(name: str) -> Any:
    from tokenizers import Tokenizer

    return Tokenizer.from_pretrained(name)


def tokens(
    plan: Plan,
    folder: Path,
    records: Sequence[Record],
    count: Callable[[list[str]], list[int]],
    done: Callable[[int], None] = lambda rows: None,
) -> dict[tuple[str, int], tuple[int, int]]:
    """Return, by task and length, the tokens of all samples and of the longest one.

    A sample's are those of its prompt and completion written together, and one for its end.
    """
    found: dict[tuple[str, int], tuple[int, int]] = {}
    waiting: list[dict[str, Any]] = []

    def add() -> None:
        counts = count([row["prompt"] + row["completion"] for row in waiting])
        for row, n in zip(waiting, counts, strict=True):
            place = plan.place(row)
            total, most = found.get(place, (0, 0))
            found[place] = (total + n + 1, max(most, n + 1))
        done(len(waiting))
        waiting.clear()

    for record in records:
        for row in reading.rows(plan, folder, record["shard"]):
            waiting.append(row)
            if len(waiting) == _BATCH:
                add()
    add()
    return found


def summary(
    records: Sequence[Record], style: str, counted: dict[tuple[str, int], tuple[int, int]]
) -> list[dict[str, Any]]:
    """Return one object for each task and length."""
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
        if place in counted:
            row["tokens"], row["most_tokens"] = counted[place]
    return list(merged.values())
