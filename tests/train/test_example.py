"""A small model made from nothing learns, as the worked example says."""

import json
import re
import shlex
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the extra `train`")

from rfft.tracer.commands.trace import main

README = Path(__file__).parents[2] / "examples" / "train" / "README.md"
COMMANDS = re.findall(r"^    rfft (.*)$", README.read_text(), re.MULTILINE)


def run(*lines):
    for line in lines:
        assert main(shlex.split(line)) == 0


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_the_loss_falls():
    corpus, _, train, _ = COMMANDS
    run(corpus, f"{train} --max-steps 30 --warmup 10")
    lines = Path("run/metrics.jsonl").read_text().splitlines()
    losses = [json.loads(line)["loss"] for line in lines]
    assert losses[0] > 5
    assert sum(losses[-5:]) / 5 < 1


@pytest.mark.slow
def test_the_model_has_learnt_the_trained_lengths():
    run(*COMMANDS)
    results = json.loads(Path("results/results.json").read_text())
    assert results["headline"]["in_distribution"]["value"] > 0.9
