"""A task of lm-evaluation-harness: the questions of a corpus, scored as `rfft eval` scores them.

There are two, for models without and with a chat template: ``--apply_chat_template`` cannot be seen
from inside a task, and a message has no blank line behind it. The harness bounds all answers of a
task alike, so the bound is that of the longest true response: twice its tokens, two bytes being
taken for one, and 16 more.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from ..rows import Row, blank_line, talk
from . import Contents, Target

_UTILS = '''"""Questions and scores of this task; needs the package meta-rfft."""

from pathlib import Path

from datasets import load_dataset

from rfft.eval.lm_eval import process_results

__all__ = ["load", "process_results"]


def load(**_):
    """Return the questions, which stand beside this file."""
    files = {path.stem: str(path) for path in Path(__file__).parent.glob("*.jsonl")}
    return load_dataset("json", data_files=files)
'''
_ROOM = 16


class LmEval(Target):
    """JSONL with rows of a corpus whose prompts are as a model is given them."""

    scores = True
    files: ClassVar = {"validation": "validation.jsonl", "test": "test.jsonl"}

    def row(self, row: Row, side: str, number: int) -> dict[str, Any]:
        rest = {name: value for name, value in row.items() if name != "prompt"}
        asked = {"text": blank_line(row["prompt"]), "message": talk(row)[0]["content"]}
        return {**asked, **rest}

    def beside(self, name: str, contents: Contents) -> Mapping[str, str]:
        return {
            f"{task}.yaml": _task(task, column, contents)
            for task, column in zip(_names(name), ("text", "message"), strict=True)
        } | {"utils.py": _UTILS}

    def use(self, folder: Path, contents: Contents) -> list[str]:
        plain, chat = _names(folder.resolve().name)
        run = f"lm_eval run --model hf --model_args pretrained=MODEL --include_path {folder}"
        return [
            f"{run} --tasks {plain}",
            f"{run} --tasks {chat} --apply_chat_template  # for models with a template",
        ]


def _names(folder: str) -> tuple[str, str]:
    """Return the names of the two tasks, of characters that the harness can read in one."""
    name = "".join(c if c.isalnum() or c in "-." else "_" for c in folder)
    return f"rfft_{name}", f"rfft_{name}_chat"


def _task(name: str, column: str, contents: Contents) -> str:
    splits = [f"{side}_split: {side}" for side in LmEval.files if side in contents.rows]
    metrics = ["acc", *(f"acc_length_{length}" for length in sorted(contents.lengths))]
    return "\n".join([
        f'task: "{name}"',
        "custom_dataset: !function utils.load",
        *splits,
        "output_type: generate_until",
        f"doc_to_text: {column}",
        "doc_to_target: answer",
        "process_results: !function utils.process_results",
        "num_fewshot: 0",
        "generation_kwargs:",
        "  until: []",
        "  do_sample: false",
        f"  max_gen_toks: {contents.longest_completion + _ROOM}",
        "metric_list:",
        *(f"- {{metric: {m}, aggregation: mean, higher_is_better: true}}" for m in metrics),
        "metadata: {version: 1}",
        "",
    ])  # fmt: skip
