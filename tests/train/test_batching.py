"""How samples are put together leaves what is learnt as it is."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
)

from rfft.rules.corpus.encoding import IGNORED
from rfft.train import loading, tokens
from rfft.train.batching import Layout, Order, group, pack
from rfft.train.loss import response_loss
from rfft.train.models import make_model

from .small import byte_tokenizer, corpus_in

SIZES = {
    "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 300,
    "intermediate_size": 64, "max_position_embeddings": 4096,
}  # fmt: skip


def llama() -> torch.nn.Module:
    return LlamaForCausalLM(LlamaConfig(num_key_value_heads=2, **SIZES))


def qwen_with_windows() -> torch.nn.Module:
    kinds = ["sliding_attention", "full_attention"]
    config = Qwen2Config(
        num_key_value_heads=2, use_sliding_window=True, sliding_window=8, layer_types=kinds, **SIZES
    )
    return Qwen2ForCausalLM(config)


def gpt2() -> torch.nn.Module:  # learnt positions
    return GPT2LMHeadModel(GPT2Config(n_embd=32, n_layer=2, n_head=2, vocab_size=300))


def hybrid() -> torch.nn.Module:  # windows with rotary positions, and layers without any
    return make_model(
        "tiny", seed=0, hidden_size=32, num_hidden_layers=4, num_attention_heads=2, sliding_window=8
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> tokens.Tokens:
    folder = tmp_path_factory.mktemp("batching")
    short = tokens.Corpus(corpus_in(folder, style="direct"))
    return tokens.load(short, byte_tokenizer(), folder / "cache")


def losses(model: torch.nn.Module, layout: Layout, data: tokens.Tokens, samples) -> float:
    """Return the summed loss, with its gradients left in the model."""
    model.zero_grad()
    total = 0.0
    for rank in range(layout.world):
        part = Layout(layout.packed, layout.micro_tokens, rank, layout.world, layout.fixed)
        for micro in part.batch(data, samples).micros:
            loss = response_loss(model, micro)
            loss.backward()
            total += loss.item()
    return total


def gradient(model: torch.nn.Module) -> torch.Tensor:
    return torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])


@pytest.mark.parametrize("make", [llama, qwen_with_windows, gpt2, hybrid])
def test_layouts_have_the_losses_and_gradients_of_single_samples(make, data):
    torch.manual_seed(0)
    model = make().double().eval()
    short = np.argsort(data.lengths, kind="stable")[:9]
    alone = 0.0
    model.zero_grad()
    for sample in short:
        ids = torch.from_numpy(data.ids(sample).astype(np.int64))[None]
        labels = ids.clone()
        labels[:, : data.prompts[sample]] = IGNORED
        logits = model(ids, use_cache=False).logits[:, :-1]
        loss = torch.nn.functional.cross_entropy(
            logits.flatten(0, 1), labels[:, 1:].flatten(), ignore_index=IGNORED, reduction="sum"
        )
        loss.backward()
        alone += loss.item()
    wanted = gradient(model)
    for layout in (
        Layout(packed=True, micro_tokens=200),
        Layout(packed=True, micro_tokens=400, fixed=True),
        Layout(packed=True, micro_tokens=200, world=2),
        Layout(packed=False, micro_tokens=200),
        Layout(packed=False, micro_tokens=400, world=4),
    ):
        assert losses(model, layout, data, short) == pytest.approx(alone, rel=1e-6), layout
        torch.testing.assert_close(gradient(model), wanted, rtol=1e-3, atol=1e-4)


def test_many_logits_are_worked_out_a_part_at_a_time(data, monkeypatch):
    model = llama()
    samples = np.arange(6)
    layout = Layout(packed=True, micro_tokens=4096)
    expected = losses(model, layout, data, samples)
    wanted = gradient(model)
    monkeypatch.setattr("rfft.train.loss._CHUNK", 7 * 300)
    assert losses(model, layout, data, samples) == pytest.approx(expected, rel=1e-5)
    torch.testing.assert_close(gradient(model), wanted, rtol=1e-4, atol=1e-5)


LENGTHS = st.lists(st.integers(1, 50), min_size=0, max_size=40)


@settings(max_examples=100, deadline=None)
@given(LENGTHS, st.integers(50, 200), st.integers(1, 5))
def test_parts_hold_each_sample_once_within_the_limit(lengths, most, multiple):
    for cut, size in (
        (pack(lengths, most, multiple), sum),
        (group(lengths, most, multiple), lambda part: len(part) * max(part, default=0)),
    ):
        assert sorted(n for part in cut for n in part) == list(range(len(lengths)))
        assert len(cut) % multiple == 0
        assert max((size([lengths[n] for n in part]) for part in cut), default=0) <= most


@given(LENGTHS, st.integers(50, 10000))
def test_rows_below_each_other_are_about_as_long(lengths, most):
    for part in group(lengths, most, 1):
        assert min(lengths[n] for n in part) >= 0.7 * max(lengths[n] for n in part)


@given(st.integers(1, 30), st.integers(1, 12), st.integers(1, 4), st.integers(0, 3))
def test_each_epoch_sees_each_sample_once(count, batch, epochs, seed):
    order = Order(np.arange(count) * 2, batch, epochs, seed)
    stream = [n for step in range(order.steps) for n in order.step(step)]
    assert len(stream) == min(order.steps * batch, count * epochs)
    assert order.steps == max(1, count * epochs // batch)
    for epoch in range(epochs):
        seen = stream[epoch * count : (epoch + 1) * count]
        assert len(set(seen)) == len(seen)
        assert set(seen) <= set(range(0, 2 * count, 2))


def test_a_validation_sees_every_sample():
    order = Order(np.arange(10), 4, 1, 0, rest=True)
    assert sorted(n for step in range(order.steps) for n in order.step(step)) == list(range(10))


def test_epochs_and_seeds_have_other_orders():
    first = Order(np.arange(50), 50, 2, 0)
    other = Order(np.arange(50), 50, 2, 1)
    assert list(first.step(0)) != list(first.step(1))
    assert list(first.step(0)) != list(other.step(0))
    assert list(first.step(0)) == list(Order(np.arange(50), 50, 9, 0).step(0))


def test_a_fixed_row_has_the_width_of_the_limit(data):
    layout = Layout(packed=True, micro_tokens=400, fixed=True)
    widths = {m.input_ids.shape for m in layout.batch(data, np.arange(20)).micros}
    assert widths == {(1, 400)}


def test_processes_have_as_many_parts_each_even_if_there_are_too_few_samples(data):
    for packed in (True, False):
        parts = [Layout(packed, 400, rank, 4).batch(data, np.arange(2)).micros for rank in range(4)]
        assert [len(part) for part in parts] == [1, 1, 1, 1]
        model = llama()
        for part in parts:
            response_loss(model, part[0]).backward()
        assert torch.isfinite(gradient(model)).all()


def test_samples_stand_in_one_row_only_where_attention_knows_of_lengths():
    from rfft.train import recipe

    told = recipe.load("tiny-vanilla")
    model = llama()
    assert not loading.packed(model, told)
    assert loading.packed(model, recipe.load("tiny-vanilla", layout="packed"))
    model.set_attn_implementation("flex_attention")
    assert loading.packed(model, told)
