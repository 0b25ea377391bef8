"""Files for verl: its rows, and a module with the reward.

`extra_info` carries what the reward needs: the rule, its arguments, the style and the true
response. The module is a line; `rfft.eval.verl` says what the reward is.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from ..rows import Row, talk
from . import Contents, Target

_REWARD = '''"""The reward of verl for these rows; needs the package meta-rfft."""

from rfft.eval.verl import compute_score

__all__ = ["compute_score"]
'''
_LATER = ("direction", "output")  # which some corpora have; null in others
_TEXTS = ("id", "task", "style", "completion", "rule")


class Verl(Target):
    """Parquet with a prompt of one message."""

    scores = True
    files: ClassVar = {side: f"{side}.parquet" for side in ("train", "validation", "test")}

    def row(self, row: Row, side: str, number: int) -> dict[str, Any]:
        said = {name: row[name] for name in (*_TEXTS, "length", "arguments")}
        said |= {name: row.get(name) for name in _LATER}
        return {
            "data_source": f"rfft/{row['task']}",
            "prompt": talk(row)[:1],
            "ability": "rule following",
            "reward_model": {"style": "rule", "ground_truth": row["answer"]},
            "extra_info": {"split": side, "index": number, **said},
        }

    def schema(self, pa: Any) -> Any:
        text = pa.string()
        message = pa.struct([("role", text), ("content", text)])
        extra = [
            ("split", text),
            ("index", pa.int64()),
            *((name, text) for name in (*_TEXTS, *_LATER)),
        ]
        extra += [("length", pa.int32()), ("arguments", pa.list_(text))]
        return pa.schema([
            ("data_source", text),
            ("prompt", pa.list_(message)),
            ("ability", text),
            ("reward_model", pa.struct([("style", text), ("ground_truth", text)])),
            ("extra_info", pa.struct(extra)),
        ])  # fmt: skip

    def beside(self, name: str, contents: Contents) -> Mapping[str, str]:
        return {"reward.py": _REWARD}

    def use(self, folder: Path, contents: Contents) -> list[str]:
        held = next((s for s in ("validation", "test") if s in contents.rows), "train")
        command = (
            f"python -m verl.trainer.main_ppo data.train_files={folder / self.files['train']} "
            f"data.val_files={folder / self.files[held]} "
            f"reward.custom_reward_function.path={folder / 'reward.py'} "
            "reward.custom_reward_function.name=compute_score"
        )
        if not any(style.endswith(".py") for style in contents.styles):
            return [command]
        return [command, "the style is a file, which is not loaded there: the answer alone counts"]
