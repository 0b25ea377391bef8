"""The reward in TRL's own trainer: one step of GRPO on a tiny model made from nothing."""

import pytest

from rfft.tracer import Rule, grpo_reward, trace

from ..examples import EXAMPLES

pytest.importorskip("trl")
pytest.importorskip("torch")


@pytest.fixture
def model():
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=300, hidden_size=16, intermediate_size=16, num_hidden_layers=1,
        num_attention_heads=2, max_position_embeddings=2048, bos_token_id=257, eos_token_id=258,
        pad_token_id=256,
    )  # fmt: skip
    return LlamaForCausalLM(config)


@pytest.fixture
def tokenizer():
    """Return a tokenizer of bytes, with an end and a filling token."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = ["<pad>", "<bos>", "<eos>"]
    bytes_ = Tokenizer(models.BPE(vocab={t: n for n, t in enumerate(letters + special)}, merges=[]))
    bytes_.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bytes_.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=bytes_, pad_token="<pad>", bos_token="<bos>", eos_token="<eos>"
    )


def test_one_step(model, tokenizer, tmp_path):
    from datasets import Dataset
    from trl import GRPOConfig, GRPOTrainer

    source = (EXAMPLES / "add_digits.py").read_text()
    prompt = trace(Rule.from_source(source), 15).prompt(question="Add up the digits.")
    columns = {"rule": source, "task": "leetcode_258", "length": 2, "answer": "6"}
    rows = [{"prompt": prompt, "arguments": [str(n)], **columns} for n in (15, 95)]
    seen: list[float] = []

    def reward(**columns):
        rewards = grpo_reward(**columns)
        seen.extend(rewards)
        return rewards

    settings = GRPOConfig(
        output_dir=str(tmp_path), max_steps=1, per_device_train_batch_size=2, num_generations=2,
        max_completion_length=8, report_to=[], save_strategy="no", use_cpu=True, bf16=False,
        disable_tqdm=True, logging_strategy="no",
    )  # fmt: skip
    trainer = GRPOTrainer(
        model=model, reward_funcs=reward, args=settings, train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
    )  # fmt: skip
    trainer.train()
    assert len(seen) == 2
    assert all(0 <= value < 0.5 for value in seen)
