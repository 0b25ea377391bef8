"""Other trainers make the tokens of `rfft train` of a corpus, as far as the README says so.

Each runs in an environment of its own: this one, or one whose interpreter `RFFT_TRAINERS` names
(several as in PATH). Those that none of them has are skipped.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rfft.rules.corpus import reading
from rfft.rules.corpus.encoding import IGNORED, Sample, encode_rows
from rfft.rules.corpus.plan import read

from .small import byte_tokenizer, corpus_in

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("trainers.py")
CONFIGS = ("conversational", "prompt_completion", "messages")
MODULES = {"sft": "trl", "grpo": "trl", "axolotl": "axolotl", "llama_factory": "llamafactory",
           "mlx": "mlx_lm"}  # fmt: skip
NAMES = {"TRL `SFTTrainer`": "sft", "TRL `GRPOTrainer`": "grpo", "axolotl": "axolotl",
         "LLaMA-Factory": "llama_factory", "MLX-LM, `mask_prompt`": "mlx"}  # fmt: skip
ROW = re.compile(r"^\| (.+?) \| `(\w+)` \| (chat|plain) \| (.+?) \|$", re.MULTILINE)
SAID = ROW.findall((ROOT / "train/README.md").read_text())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A corpus in all configs, and two tokenizers."""
    made = tmp_path_factory.mktemp("trainers")
    corpus_in(made, per_length=2, configs=CONFIGS)
    tokenizers = {"chat": byte_tokenizer(turns=True, opening=False), "plain": byte_tokenizer()}
    tokenizers["chat"].eos_token = "<|im_end|>"
    for name, tokenizer in tokenizers.items():
        tokenizer.save_pretrained(made / name)
    plan = read(made / "corpus")
    shards = range(len(plan.shards))
    rows = [row for n in shards for row in reading.rows(plan, made / "corpus", n)]
    return made, {name: encode_rows(made_by, rows) for name, made_by in tokenizers.items()}


def interpreter(module: str) -> str:
    named = os.environ.get("RFFT_TRAINERS", "")
    for python in filter(None, [sys.executable, *named.split(os.pathsep)]):
        code = f"import importlib.util as u, sys; sys.exit(u.find_spec({module!r}) is None)"
        if subprocess.run([python, "-c", code], check=False).returncode == 0:
            return python
    pytest.skip(f"no environment has {module}; see RFFT_TRAINERS in tests/train/test_trainers.py")


def compared(samples: list[Sample], found: list[list[list[int]]], end: int) -> set[str]:
    return {
        _compared(sample, ids, labels, end)
        for sample, (ids, labels) in zip(samples, found, strict=False)
    }


def _compared(sample: Sample, ids: list[int], labels: list[int], end: int) -> str:
    """Say what a trainer does with a row."""
    ours, more = sample.input_ids, len(ids) - len(sample.input_ids)
    if ids == sample.prompt:
        return "yes: the prompts that are answered"
    if ids[: len(ours)] == ours and ids[len(ours) :] in ([], [end]):
        behind = [", then the line end, not learnt", ", then the line end, learnt"]
        learnt = labels[: len(ours)]
        if learnt == sample.labels:
            return "yes" + (behind[labels[-1] != IGNORED] if more else "")
        return "no: the prompt is learnt" if learnt == ours else "no: another loss"
    if [n for n in ids if n != end] == [n for n in ours if n != end]:
        return "no: other line ends"
    if ids == ours[:-1] or ids == ours[1:-1]:
        return "no: no token closes a response"
    return "no: another text"


def test_the_readme_has_every_trainer():
    assert {NAMES[name] for name, *_ in SAID} == set(MODULES)


@pytest.mark.parametrize(("name", "config", "model", "said"), SAID)
def test_the_tokens_of_a_trainer(folder, tmp_path, name, config, model, said):
    made, samples = folder
    python = interpreter(MODULES[NAMES[name]])
    command = [python, SCRIPT, NAMES[name], made / "corpus", config, made / model]
    done = subprocess.run(
        [*map(str, command), str(tmp_path / "out.json")],
        capture_output=True, text=True, check=False, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads((tmp_path / "out.json").read_text())
    assert len(found) == (4 if NAMES[name] == "grpo" else len(samples[model]))
    (line_end,) = byte_tokenizer().encode("\n", add_special_tokens=False)
    assert compared(samples[model], found, line_end) == {said}
