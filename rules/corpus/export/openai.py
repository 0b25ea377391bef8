"""Files for OpenAI's fine-tuning, and for others that take the same: messages and nothing else."""

from pathlib import Path
from typing import Any, ClassVar

from ..rows import Row, talk
from . import Contents, Target


class OpenAI(Target):
    """JSONL with a conversation a line."""

    files: ClassVar = {
        "train": "train.jsonl",
        "validation": "validation.jsonl",
        "test": "test.jsonl",
    }

    def row(self, row: Row, side: str, number: int) -> dict[str, Any]:
        return {"messages": talk(row)}

    def use(self, folder: Path, contents: Contents) -> list[str]:
        sides = [side for side in ("train", "validation") if side in contents.rows]
        made = " and ".join(str(folder / self.files[side]) for side in sides)
        return [f"upload {made} for the purpose fine-tune"] if made else []
