"""A look before the start: true figures, a sample with its loss mask, and nothing left behind."""

import contextlib
import html
import json
import os
import pty
import re
import subprocess
import sys

import pytest
import torch

from rfft.train import loading, memory, ready
from rfft.train.batching import Micro
from rfft.train.look import look
from rfft.train.looks import CLOSE, OPEN
from rfft.train.loss import response_loss
from rfft.train.memory import _Live as Live
from rfft.train.training import train

from .small import plan_for
from .test_cli import _cache, options, refused, run

__all__ = ["_cache", "options"]
pytestmark = pytest.mark.usefixtures("_cache")


@pytest.fixture
def plan(tmp_path, corpus, held_out, model):
    return plan_for(tmp_path / "plan", corpus, model, validation=held_out, evaluate_every=2)


def test_its_figures_are_those_of_the_run(plan):
    found = look(plan)
    assert not plan.out.exists()
    train(plan)
    lines = [json.loads(line) for line in (plan.out / "metrics.jsonl").read_text().splitlines()]
    steps = [line for line in lines if "loss" in line]
    assert found.steps == len(steps)
    assert found.tokens == sum(line["tokens"] for line in steps)
    assert found.validations == found.steps // 2
    assert found.speed is None
    loaded = loading.weights(str(plan.out), "fp32")
    assert found.parameters == found.trained == sum(p.numel() for p in loaded.parameters())
    taken = sum(p.stat().st_size for p in plan.out.rglob("*") if p.is_file())
    assert taken < found.room < taken + (64 << 20)


@pytest.mark.parametrize("changes", [{}, {"gradient_checkpointing": True}, {"pissa_rank": 8}])
def test_the_memory_is_what_real_tensors_take(changes, plan, tmp_path):
    from dataclasses import replace

    from rfft.train import adapters

    recipe = replace(plan.recipe, **changes)
    tokenizer = loading.tokenizer(plan.model)
    shape = (4, 200)
    micro = Micro(torch.zeros(shape, dtype=torch.long), torch.full(shape, 7))
    with torch.device("meta"):
        made = loading.skeleton(plan.model, recipe, tokenizer)
        made = adapters.add(made, 8, None) if recipe.pissa_rank else made
    told = memory.estimate(made, recipe, micro, torch.device("cpu"))
    real = loading.model(plan.model, recipe, tokenizer)
    real = adapters.add(real, 8, None) if recipe.pissa_rank else real
    if recipe.gradient_checkpointing:
        loading.checkpoint_gradients(real)
    real.train()
    weights = list(real.parameters())
    for weight in weights:
        weight.grad = torch.zeros_like(weight) if weight.requires_grad else None
    with Live([*weights, *(w.grad for w in weights if w.grad is not None)]) as live:
        response_loss(real, micro).backward()
    assert told.activations == pytest.approx(live.most, rel=0.05)
    assert told.weights == sum(w.nbytes for w in weights)
    assert told.gradients == sum(w.nbytes for w in weights if w.requires_grad)
    assert told.optimiser == 2 * told.gradients


def test_it_is_plain_in_a_pipe_with_marks_around_the_loss(options, tmp_path, capsys, corpus):
    assert run(options, "--dry-run") == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert re.search(r"^steps +2 of 8 samples: 0\.22 epochs of 73 samples$", out, re.MULTILINE)
    assert re.search(
        r"^memory +about .* of .*: weights .*, gradients .*, optimiser .*, act", out, re.MULTILINE
    )
    assert re.search(r"^time +not measured; --measure", out, re.MULTILINE)
    given, _, rest = out.partition(":\n\n")[2].partition(OPEN)
    learnt, _, after = rest.partition(CLOSE)
    assert after == "\n"
    assert given.startswith("Follow the given rule")
    assert "So the answer is" in learnt
    assert "So the answer is" not in given
    assert not (tmp_path / "run").exists()


def test_three_steps_are_measured_if_asked(options, tmp_path, capsys):
    assert run(options, "--dry-run", "--measure", "--format=json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["speed"]["seconds"] > 0
    assert said["seconds"] == pytest.approx(said["tokens"] / said["speed"]["tokens_per_second"])
    assert [part["learnt"] for part in said["parts"]] == [False, True]
    assert said["memory"]["total"] == sum(
        said["memory"][n] for n in ("weights", "gradients", "optimiser", "activations")
    )
    assert not (tmp_path / "run").exists()
    assert run(options, "--dry-run", "--measure") == 0
    assert re.search(r"^time +about 0:00:\d\d: .* tokens/s", capsys.readouterr().out, re.MULTILINE)
    assert "--measure is for --dry-run" in refused(options, capsys, "--measure")


def test_a_page_marks_the_loss(options, capsys):
    assert run(options, "--dry-run", "--format=html") == 0
    page = capsys.readouterr().out
    assert page.startswith("<!doctype html>")
    (learnt,) = re.findall(r'<mark class="learnt">(1\. .*?)</mark>', page, re.DOTALL)
    assert "So the answer is" in html.unescape(learnt)
    assert "http" not in page


def test_on_a_terminal_the_loss_is_in_colour(options):
    ours, theirs = pty.openpty()
    code = "import sys; from rfft.tracer.commands.trace import main; sys.exit(main(sys.argv[1:]))"
    asked = ["train", *(f"--{name}={value}" for name, value in options.items()), "--dry-run"]
    environment = {n: v for n, v in os.environ.items() if n != "NO_COLOR"}
    process = subprocess.Popen(
        [sys.executable, "-c", code, *asked], stdout=theirs, env={**environment, "TERM": "xterm"}
    )
    os.close(theirs)
    said = b""
    with contextlib.suppress(OSError):  # how a terminal says that nobody writes any more
        while part := os.read(ours, 4096):
            said += part
    assert process.wait() == 0
    text = said.decode()
    assert OPEN not in text
    coloured = [line for line in text.splitlines() if line.startswith("\x1b[1;32m")]
    assert any("So the answer is" in line for line in coloured)
    assert not any("Follow the given rule" in line for line in coloured)


def test_a_look_refuses_what_training_refuses(options, tmp_path, capsys):
    line = refused({**options, "context": 300}, capsys, "--dry-run")
    assert "tokens and the context only 300" in line
    assert "no tracker 'x'" in refused(options, capsys, "--dry-run", "--tracker=x")
    assert not (tmp_path / "run").exists()


def test_a_recipe_for_a_gpu_is_looked_at_without_one(plan):
    from dataclasses import replace

    found = look(replace(plan, recipe=replace(plan.recipe, precision="bf16", pissa_rank=4)))
    assert found.memory is not None
    assert found.memory.activations
    assert found.trained is not None
    assert found.memory.weights == 2 * (found.parameters - found.trained) + 4 * found.trained


def test_a_model_that_fake_tensors_cannot_go_through(plan, monkeypatch):
    from transformers import SmolLM3ForCausalLM

    forward = SmolLM3ForCausalLM.forward

    def looks(self, input_ids, logits_to_keep=0, **more):
        assert int(input_ids.sum()) >= 0
        return forward(self, input_ids, logits_to_keep=logits_to_keep, **more)

    monkeypatch.setattr(SmolLM3ForCausalLM, "forward", looks)
    found = look(plan)
    assert found.memory is not None
    assert found.memory.activations is None
    from rfft.train.looks import to_text

    assert "activations unknown" in to_text(found)
    assert ready.default_cache().name == "tokens"
