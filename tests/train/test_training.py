"""What decides about a run, and when it stops."""

import json

import pytest
import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    GenerationConfig,
    LlamaConfig,
    LlamaForCausalLM,
    Qwen2Config,
)

from rfft.rules.corpus.encoding import encode_prompt
from rfft.rules.corpus.errors import CorpusRejected
from rfft.rules.corpus.templates import choose_for
from rfft.train import speed, tokens
from rfft.train.curve import draw
from rfft.train.errors import TrainingRejected
from rfft.train.models import make_model
from rfft.train.training import train

from .small import CHAT, TURNS, byte_tokenizer, plan_for
from .test_resume import losses


def test_the_same_seed_has_the_same_losses_and_another_has_others(corpus, tmp_path):
    runs = [
        plan_for(tmp_path / str(n), corpus, "tiny", max_steps=2, seed=seed, batch=2)
        for n, seed in enumerate((1, 1, 2))
    ]
    for plan in runs:
        train(plan)
    first, again, other = (losses(plan.out) for plan in runs)
    assert first == again
    assert first[0] != other[0]


def test_gradient_checkpointing_leaves_the_losses(corpus, model, tmp_path):
    plain = plan_for(tmp_path / "plain", corpus, model, max_steps=2)
    other = plan_for(tmp_path / "other", corpus, model, max_steps=2, gradient_checkpointing=True)
    for plan in (plain, other):
        train(plan)
    for one, two in zip(losses(plain.out), losses(other.out), strict=True):
        assert two[2] == pytest.approx(one[2], rel=1e-5)


def test_training_stops_where_the_validation_loss_does_not_fall(corpus, held_out, model, tmp_path):
    plan = plan_for(
        tmp_path, corpus, model, validation=held_out, max_steps=40, epochs=9, evaluate_every=2,
        patience=2, learning_rate=1.5, schedule="constant", save_every=100,
    )  # fmt: skip
    done = train(plan)
    found = [(step, loss) for step, name, loss in losses(plan.out) if name == "eval_loss"]
    best = min(found, key=lambda v: v[1])
    assert done["steps"] < 40
    assert done["kept_step"] == best[0] == done["steps"] - 4
    assert done["validation_loss"] == best[1]
    kept = {path.name for path in (plan.out / "checkpoints").iterdir()}
    assert kept == {f"checkpoint-{best[0]}", f"checkpoint-{done['steps']}"}
    saved = AutoModelForCausalLM.from_pretrained(plan.out / "checkpoints" / f"checkpoint-{best[0]}")
    loaded = AutoModelForCausalLM.from_pretrained(plan.out)
    ids = torch.arange(5, 30)[None]
    assert torch.equal(saved(ids).logits, loaded(ids).logits)


@pytest.fixture
def chat(tmp_path):
    """A model with a chat template in which the end of a turn is not the end of texts."""
    config = LlamaConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, vocab_size=270,
        intermediate_size=16, max_position_embeddings=2048,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(tmp_path / "chat")
    byte_tokenizer(turns=True).save_pretrained(tmp_path / "chat")
    return tmp_path / "chat"


def trained(folder, corpus, chat, **changes):
    """Train a step; return the plan and the text of the first sample."""
    plan = plan_for(folder, corpus, chat, max_steps=1, context=2000, micro_tokens=4000, **changes)
    train(plan)
    (cached,) = plan.cache.iterdir()
    return plan, byte_tokenizer(turns=True).decode(tokens.Tokens(cached).ids(0).tolist())


def test_a_chat_template_is_used_and_kept(corpus, chat, tmp_path):
    plan, text = trained(tmp_path / "x", corpus, chat)
    assert text.startswith("<|im_start|>user\nF")
    assert text.endswith("<|im_end|>")
    assert AutoTokenizer.from_pretrained(plan.out).chat_template == TURNS
    ends = GenerationConfig.from_pretrained(plan.out).eos_token_id
    assert byte_tokenizer(turns=True).convert_tokens_to_ids("<|im_end|>") in ends


def test_system_and_arguments_are_written_down(corpus, chat, tmp_path):
    changes = {"system": "Be brief.", "template_args": {"hurry": True}}
    plan, text = trained(tmp_path / "x", corpus, chat, **changes)
    assert text.startswith("<|im_start|>system\nBe brief.<|im_end|>\n")
    assert "<|im_start|>assistant\n<hurry>1" in text
    said = json.loads((plan.out / "run.json").read_text())["configuration"]
    assert {name: said[name] for name in changes} == changes
    other = plan_for(tmp_path / "x", corpus, chat, max_steps=1, context=2000, micro_tokens=4000)
    with pytest.raises(TrainingRejected, match=r"it has system Be brief\. and not None"):
        train(other)


def test_a_run_is_asked_by_the_template_that_it_was_trained_under(corpus, chat, tmp_path):
    (tmp_path / "own.jinja").write_text(CHAT + "\n")
    for source, begins, left in (
        ("none", "<bos>F", None),
        (str(tmp_path / "own.jinja"), "<user>F", CHAT + "\n"),
    ):
        plan, text = trained(tmp_path / (left or "none")[:4] / "x", corpus, chat, template=source)
        assert text.startswith(begins)
        tokenizer = AutoTokenizer.from_pretrained(plan.out)
        assert tokenizer.chat_template == left
        asked = choose_for(str(plan.out), tokenizer, None, None, {})
        assert encode_prompt(tokenizer, "F", asked)[:8] == encode_prompt(tokenizer, "F")[:8]
        with pytest.raises(CorpusRejected, match="was trained with --template "):
            choose_for(str(plan.out), byte_tokenizer(turns=True), None, None, {})


def test_the_work_of_a_known_shape():
    # Qwen2.5-0.5B: 24 layers of 896, 14 heads of 64, 2 of them for keys and values.
    config = Qwen2Config(
        hidden_size=896, num_hidden_layers=24, num_attention_heads=14, num_key_value_heads=2,
        intermediate_size=4864, vocab_size=151_936, tie_word_embeddings=True,
    )  # fmt: skip
    with torch.device("meta"):
        from transformers import Qwen2ForCausalLM

        work = speed.Work.of(Qwen2ForCausalLM(config))
    assert work is not None
    layer = 896 * (896 + 128 + 128) + 896 * 896 + 3 * 896 * 4864
    attention = 24 * 12 * 896 * (4096 * 4097 / 2)
    expected = 6 * (24 * layer * 4096 + 896 * 151_936 * 4000) + attention
    assert work.step([4096], 4000) == pytest.approx(expected)
    assert work.step([], 0) == 0


def test_windows_and_frozen_weights_take_less_work():
    made = make_model("tiny", seed=0)
    work = speed.Work.of(made)
    assert work is not None
    assert work.attention == ((128, 256), (128, 256), (128, None), (128, 256))
    for weight in made.parameters():
        weight.requires_grad = False
    frozen = speed.Work.of(made)
    assert frozen is not None
    assert frozen.body == pytest.approx(work.body * 2 / 3)


def test_the_peak_of_an_unknown_device_is_measured():
    assert speed.peak(torch.device("cpu"), "fp32") > 1e8


def test_a_picture_of_a_run_without_validation(corpus, model, tmp_path):
    plan = plan_for(tmp_path, corpus, model, max_steps=1)
    train(plan)
    (plan.out / "curve.png").unlink()
    from rfft.train.run import Run

    said = json.loads((plan.out / "run.json").read_text())
    draw(Run(plan.out, said["configuration"]))
    assert (plan.out / "curve.png").stat().st_size > 1000
