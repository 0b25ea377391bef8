"""PiSSA: what is trained, saved, merged and loaded is the same model."""

import json

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from rfft.train import adapters, checkpoints
from rfft.train.training import train

from .small import plan_for

IDS = torch.arange(5, 45)[None]


def logits(model: torch.nn.Module) -> torch.Tensor:
    with torch.no_grad():
        return model.eval()(IDS).logits


@pytest.fixture(scope="module")
def run(tmp_path_factory, corpus, model):
    folder = tmp_path_factory.mktemp("pissa")
    plan = plan_for(folder, corpus, model, pissa_rank=4, max_steps=3, learning_rate=0.02, warmup=0)
    train(plan)
    return plan.out


def test_adapters_leave_the_model_as_it_was_before_training(model, tmp_path):
    expected = logits(AutoModelForCausalLM.from_pretrained(model))
    made = adapters.add(AutoModelForCausalLM.from_pretrained(model), 4, tmp_path / "first")
    torch.testing.assert_close(logits(made), expected, rtol=1e-4, atol=1e-5)


def test_adapters_begin_as_the_largest_singular_values(model, tmp_path):
    weight = AutoModelForCausalLM.from_pretrained(model).model.layers[0].mlp.up_proj.weight
    adapters.add(AutoModelForCausalLM.from_pretrained(model), 4, tmp_path / "first")
    saved = load_file(tmp_path / "first" / "adapter_model.safetensors")
    a, b = (saved[f"base_model.model.model.layers.0.mlp.up_proj.lora_{x}.weight"] for x in "AB")
    found = torch.linalg.svdvals(b @ a)[:4]
    torch.testing.assert_close(found, torch.linalg.svdvals(weight.detach())[:4])


def test_a_run_that_goes_on_has_the_very_same_weights(model, tmp_path):
    first, again = (
        adapters.add(AutoModelForCausalLM.from_pretrained(model), 4, tmp_path / "first")
        for _ in range(2)
    )
    weights = dict(again.named_parameters())
    for name, value in first.named_parameters():
        assert torch.equal(weights[name], value), name
        assert weights[name].requires_grad == value.requires_grad == ("lora_" in name)


def test_the_saved_model_and_the_adapter_have_the_trained_logits(run, model, tmp_path):
    trained = adapters.add(AutoModelForCausalLM.from_pretrained(model), 4, run / "first_adapter")
    (*_, last) = checkpoints.whole(run / "checkpoints")
    trained.load_adapter(last, "default")
    expected = logits(trained)
    base = logits(AutoModelForCausalLM.from_pretrained(model))
    assert (expected - base).abs().max() > 0.01
    merged = AutoModelForCausalLM.from_pretrained(run)
    torch.testing.assert_close(logits(merged), expected, rtol=1e-4, atol=1e-4)
    adapted = PeftModel.from_pretrained(
        AutoModelForCausalLM.from_pretrained(model), run / "adapter"
    )
    torch.testing.assert_close(logits(adapted), expected, rtol=1e-4, atol=1e-4)
    said = json.loads((run / "adapter" / "adapter_config.json").read_text())
    assert said["base_model_name_or_path"] == str(model)


def test_the_second_stage_begins_with_what_the_first_has_made(run, corpus, tmp_path):
    plan = plan_for(tmp_path, corpus, run, pissa_rank=2, max_steps=1)
    train(plan)
    assert AutoModelForCausalLM.from_pretrained(plan.out).config.num_hidden_layers == 2
