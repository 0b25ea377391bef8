"""What trainers make of a corpus: run by the interpreter of an environment that has the trainer.

python trainers.py TRAINER CORPUS CONFIG TOKENIZER OUT

OUT is JSON: for each row the token ids, and how they are learnt (`-100`: not at all).
"""

import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

os.environ |= {"HF_HUB_OFFLINE": "1", "WANDB_DISABLED": "true", "AXOLOTL_DO_NOT_TRACK": "1"}
Samples = list[tuple[list[int], list[int]]]
LONGEST = 100_000
ROWS = 4


def main(trainer: str, corpus: str, config: str, tokenizer: str, out: str) -> None:
    """Write the samples of a trainer."""
    from transformers import AutoTokenizer

    os.environ["HF_DATASETS_CACHE"] = str(Path(out).parent / "datasets")
    found = TRAINERS[trainer](corpus, config, AutoTokenizer.from_pretrained(tokenizer), tokenizer)
    Path(out).write_text(json.dumps(found))


def _rows(corpus: str, config: str) -> Any:
    from datasets import load_dataset

    return load_dataset(corpus, config, split="train")


def _model(tokenizer: Any) -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, vocab_size=len(tokenizer),
        intermediate_size=16, max_position_embeddings=8192, eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id, bos_token_id=None,
    )  # fmt: skip
    return LlamaForCausalLM(config)


def sft(corpus: str, config: str, tokenizer: Any, _: str) -> Samples:
    """Train a step with TRL's SFTTrainer."""
    from trl import SFTConfig, SFTTrainer

    arguments = SFTConfig(
        output_dir=str(Path(os.environ["HF_DATASETS_CACHE"]) / "out"), max_length=LONGEST,
        max_steps=1, per_device_train_batch_size=1, report_to=[], use_cpu=True, bf16=False,
        save_strategy="no",
    )  # fmt: skip
    trainer = SFTTrainer(
        model=_model(tokenizer), args=arguments, train_dataset=_rows(corpus, config),
        processing_class=tokenizer,
    )  # fmt: skip
    trainer.train()
    return [(row["input_ids"], row["labels"]) for row in trainer.train_dataset]


def grpo(corpus: str, config: str, tokenizer: Any, _: str) -> Samples:
    """Train a step with TRL's GRPOTrainer and our reward; return the prompts that it generates on.

    Rewards are looked at, too: each must be one that `grpo_reward` has given.
    """
    from trl import GRPOConfig, GRPOTrainer

    from rfft.tracer import grpo_reward

    rewards: list[float] = []

    def reward(**given: Any) -> list[float]:
        rewards.extend(grpo_reward(**given))
        return rewards[-len(given["prompts"]) :]

    arguments = GRPOConfig(
        output_dir=str(Path(os.environ["HF_DATASETS_CACHE"]) / "out"), max_steps=ROWS,
        num_generations=2, per_device_train_batch_size=2, max_completion_length=4, report_to=[],
        use_cpu=True, bf16=False, save_strategy="no", shuffle_dataset=False,
    )  # fmt: skip
    model = _model(tokenizer)
    trainer = GRPOTrainer(
        model=model, reward_funcs=reward, args=arguments, train_dataset=_rows(corpus, config),
        processing_class=tokenizer,
    )  # fmt: skip
    found: Samples = []
    generate = trainer.model.generate

    def watched(*given: Any, **named: Any) -> Any:
        ids, seen = named["input_ids"], named["attention_mask"]
        for row, mask in zip(ids.tolist(), seen.tolist(), strict=True):
            prompt = [n for n, real in zip(row, mask, strict=True) if real]
            found.append((prompt, [-100] * len(prompt)))
        return generate(*given, **named)

    trainer.model.generate = watched
    trainer.train()
    assert len(rewards) == len(found)
    assert all(0 <= value < 1 for value in rewards)
    return found[::2]


def axolotl(corpus: str, config: str, tokenizer: Any, _: str) -> Samples:
    """Encode by axolotl's strategy for data sets of type chat_template."""
    from axolotl.prompt_strategies.chat_template import load
    from axolotl.utils.dict import DictDefault

    settings = DictDefault({"sequence_len": LONGEST, "train_on_inputs": False})
    said = {"path": corpus, "name": config, "split": "train", "type": "chat_template",
            "field_messages": "messages"}  # fmt: skip
    strategy = load(tokenizer, settings, DictDefault(said))
    rows = [strategy.tokenize_prompt(row) for row in _rows(corpus, config)]
    return [(row["input_ids"], row["labels"]) for row in rows]


def llama_factory(corpus: str, config: str, tokenizer: Any, name: str) -> Samples:
    """Encode by LLaMA-Factory, from its dataset_info.json on."""
    from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
    from llamafactory.hparams import get_train_args

    model, data, training, *_ = get_train_args(
        {
            "stage": "sft", "do_train": True, "model_name_or_path": name, "dataset_dir": corpus,
            "dataset": f"rfft_{config}", "cutoff_len": LONGEST, "use_cpu": True, "bf16": False,
            "output_dir": str(Path(os.environ["HF_DATASETS_CACHE"]) / "out"), "report_to": "none",
            "overwrite_cache": True,
        }
    )  # fmt: skip
    template = get_template_and_fix_tokenizer(tokenizer, data)
    made = get_dataset(template, model, data, training, stage="sft", tokenizer=tokenizer)
    return [(row["input_ids"], row["labels"]) for row in made["train_dataset"]]


def mlx(corpus: str, config: str, tokenizer: Any, _: str) -> Samples:
    """Encode by MLX-LM, with its `mask_prompt`."""
    from mlx_lm.tuner.datasets import create_dataset

    rows = list(_rows(corpus, config))
    data = create_dataset(rows, tokenizer, SimpleNamespace(mask_prompt=True))
    pairs = [data.process(row) for row in rows]
    return [(list(ids), [-100] * start + list(ids[start:])) for ids, start in pairs]


TRAINERS = {"sft": sft, "grpo": grpo, "axolotl": axolotl, "llama_factory": llama_factory,
            "mlx": mlx}  # fmt: skip

if __name__ == "__main__":
    main(*sys.argv[1:])
