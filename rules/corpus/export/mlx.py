"""Files for MLX-LM: conversations, of which it trains on the last message alone when told so.

It is told so by `lora.yaml`, as no file of rows can. That file also sets `max_seq_length`, beyond
which MLX-LM cuts: to the bytes of the longest sample, which no tokenizer makes more tokens of, and
room for what a chat template adds. Batches are padded to what they need, so it costs nothing.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from ..rows import Row, talk
from . import Contents, Target

_TEMPLATE = 1024  # tokens that a chat template may add


class MLX(Target):
    """JSONL with a conversation a line, under the names that MLX-LM looks for."""

    files: ClassVar = {"train": "train.jsonl", "validation": "valid.jsonl", "test": "test.jsonl"}

    def row(self, row: Row, side: str, number: int) -> dict[str, Any]:
        return {"messages": talk(row)}

    def beside(self, name: str, contents: Contents) -> Mapping[str, str]:
        longest = contents.longest + _TEMPLATE
        return {"lora.yaml": f"mask_prompt: true\nmax_seq_length: {longest}\n"}

    def use(self, folder: Path, contents: Contents) -> list[str]:
        wanted = "".join(f" --{n}" for n in ("train", "test") if n in contents.rows)
        settings = folder / "lora.yaml"
        return [f"mlx_lm.lora --model MODEL --data {folder} --config {settings}{wanted}"]
