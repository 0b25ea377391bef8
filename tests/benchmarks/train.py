"""Measures training: `python tests/benchmarks/train.py [--shape 1.5b] [--steps N] [--json FILE]`.

The same samples are trained on in several ways, one after another in this process, each with a
new model of random weights: by plain `Trainer` with rows of a batch padded to the longest, and by
`rfft.train` with its layouts, compiled or not. Samples have the lengths of traces: many short ones,
few that fill the context; half of each is learnt.
"""

import argparse
import dataclasses
import gc
import importlib.util
import json
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from torch.nn.utils.rnn import pad_sequence
from transformers import (
    PreTrainedModel,
    PrinterCallback,
    Qwen2Config,
    Qwen2ForCausalLM,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)

from rfft.rules.corpus.encoding import IGNORED, Sample
from rfft.train import loading, recipe, speed, tokens
from rfft.train.batching import Layout, Order
from rfft.train.recipe import Recipe
from rfft.train.tokenizer import make_tokenizer
from rfft.train.trainer import Steps, StepTrainer

SHAPES: dict[str, dict[str, Any]] = {
    "tiny": {"hidden_size": 128, "num_hidden_layers": 4, "num_attention_heads": 4,
             "num_key_value_heads": 4, "intermediate_size": 384, "vocab_size": 1100},
    # Qwen2.5
    "0.5b": {"hidden_size": 896, "num_hidden_layers": 24, "num_attention_heads": 14,
             "num_key_value_heads": 2, "intermediate_size": 4864, "vocab_size": 151_936},
    "1.5b": {"hidden_size": 1536, "num_hidden_layers": 28, "num_attention_heads": 12,
             "num_key_value_heads": 2, "intermediate_size": 8960, "vocab_size": 151_936},
}  # fmt: skip
WARM_UP = 3  # steps that are not counted: compilation, memory


def samples(count: int, context: int, vocabulary: int) -> list[Sample]:
    """Return samples whose lengths fall off as the square root, between 1/32 and all of context."""
    rng = np.random.default_rng(0)
    lengths = np.maximum(context // 32, context * rng.random(count) ** 2).astype(int)
    ids = [rng.integers(10, vocabulary, n).tolist() for n in lengths]
    return [Sample(one[: len(one) // 2], one[len(one) // 2 :]) for one in ids]


DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def model_of(shape: str, told: Recipe, context: int, device: str = DEVICE) -> PreTrainedModel:
    torch.manual_seed(0)
    config = Qwen2Config(**SHAPES[shape], max_position_embeddings=context, tie_word_embeddings=True)
    with torch.device(device):
        model = Qwen2ForCausalLM(config)
    model.set_attn_implementation(told.attention)
    if told.gradient_checkpointing:
        loading.checkpoint_gradients(model)
    if told.compile:
        loading.compile_layers(model)
    return model


def arguments(told: Recipe, folder: str, steps: int, **more: Any) -> TrainingArguments:
    return TrainingArguments(
        output_dir=folder, max_steps=steps, learning_rate=1e-5, optim="adamw_torch_fused",
        logging_steps=1, save_strategy="no", report_to=[], disable_tqdm=True,
        remove_unused_columns=False, use_cpu=not torch.cuda.is_available(), **more,
    )  # fmt: skip


def ours(
    shape: str, told: Recipe, data: tokens.Tokens, steps: int, make: Callable[..., Any] = model_of
) -> list[dict[str, Any]]:
    """Train what `make` makes by `rfft.train`; return the figures of each step."""
    model = make(shape, told, told.context)
    layout = Layout(told.layout == "packed", told.micro_tokens, fixed=told.compile)
    order = Order(np.arange(len(data)), told.batch, 1, 0)
    with tempfile.TemporaryDirectory() as folder:
        trainer = StepTrainer(
            model, arguments(told, folder, steps, per_device_train_batch_size=1),
            Steps(data, order, layout), validation=None, work=speed.Work.of(model),
            dtype=torch.bfloat16 if told.precision == "bf16" else torch.float32,
            peak=speed.peak(torch.device(DEVICE), told.precision), tokenizer=make_tokenizer(),
            callbacks=[],
        )  # fmt: skip
        trainer.train()
        return [log for log in trainer.state.log_history if "loss" in log]


class Clock(TrainerCallback):
    """Takes the time of each step of a plain `Trainer`."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def on_step_begin(self, *_: Any, **__: Any) -> None:
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        self._begun = time.perf_counter()

    def on_step_end(self, *_: Any, **__: Any) -> None:
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        self.seconds.append(time.perf_counter() - self._begun)


def plain(
    shape: str, told: Recipe, data: tokens.Tokens, steps: int, rows: int
) -> list[dict[str, Any]]:
    """Train by plain `Trainer`, `rows` padded rows at a time; return the figures of each step."""
    model = model_of(shape, told, told.context)
    work = speed.Work.of(model)
    peak = speed.peak(torch.device(DEVICE), told.precision)
    order = Order(np.arange(len(data)), told.batch, 1, 0)
    chosen = np.concatenate([order.step(n) for n in range(steps)])

    def collate(numbers: list[int]) -> dict[str, torch.Tensor]:
        ids = [torch.from_numpy(data.ids(n).astype(np.int64)) for n in numbers]
        labels = [one.clone() for one in ids]
        for n, one in zip(numbers, labels, strict=True):
            one[: data.prompts[n]] = IGNORED
        return {
            "input_ids": pad_sequence(ids, batch_first=True),
            "labels": pad_sequence(labels, batch_first=True, padding_value=IGNORED),
            "attention_mask": pad_sequence([torch.ones_like(i) for i in ids], batch_first=True),
        }

    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            model,
            arguments(
                told,
                folder,
                steps,
                bf16=told.precision == "bf16",
                per_device_train_batch_size=rows,
                gradient_accumulation_steps=told.batch // rows,
            ),
            train_dataset=[int(n) for n in chosen],  # type: ignore[arg-type]
            data_collator=collate,
            callbacks=[clock],
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    found = []
    for number, seconds in enumerate(clock.seconds):
        part = chosen[number * told.batch : (number + 1) * told.batch]
        lengths = data.lengths[part].tolist()
        learnt = int((data.lengths[part] - data.prompts[part]).sum())
        done = work.step(lengths, learnt) if work else 0.0
        found.append({
            "tokens_per_second": sum(lengths) / seconds, "mfu": done / seconds / peak,
            "memory_gib": speed.memory(torch.device(DEVICE)),
        })  # fmt: skip
    return found


def ways(options: argparse.Namespace) -> Iterator[tuple[str, Recipe, Callable[..., Any]]]:
    cuda = torch.cuda.is_available()
    told = recipe.load(
        "tiny-vanilla", batch=options.batch, context=options.context, attention="sdpa",
        micro_tokens=options.micro_tokens, precision="bf16" if cuda else "fp32",
        gradient_checkpointing=options.gradient_checkpointing,
    )  # fmt: skip
    change = dataclasses.replace
    yield "plain Trainer, padded, sdpa", told, plain
    yield "grouped, sdpa", change(told, layout="grouped"), ours
    if cuda:
        yield "grouped, sdpa, compiled", change(told, layout="grouped", compile=True), ours
        flex = change(told, layout="packed", attention="flex_attention")
        yield "packed, flex", flex, ours
        yield "packed, flex, compiled", change(flex, compile=True), ours
        if importlib.util.find_spec("flash_attn"):
            flash = change(told, layout="packed", attention="flash_attention_2")
            yield "packed, flash", flash, ours
            yield "packed, flash, compiled", change(flash, compile=True), ours
    else:
        yield "packed, sdpa with a mask", change(told, layout="packed"), ours


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    cuda = torch.cuda.is_available()
    parser.add_argument("--shape", choices=SHAPES, default="1.5b" if cuda else "tiny")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--context", type=int, default=4096 if cuda else 1024)
    parser.add_argument("--batch", type=int, default=64 if cuda else 16, help="samples of a step")
    parser.add_argument("--micro-tokens", type=int, default=16_384 if cuda else 4096)
    parser.add_argument("--rows", type=int, default=4, help="of plain Trainer at a time")
    parser.add_argument("--gradient-checkpointing", action="store_true")
    parser.add_argument("--json", type=Path, help="write the table here, too")
    options = parser.parse_args()
    transformers.logging.set_verbosity_error()
    steps = options.steps + WARM_UP
    table = []
    with tempfile.TemporaryDirectory() as folder:
        vocabulary = SHAPES[options.shape]["vocab_size"]
        made = samples(steps * options.batch, options.context, vocabulary)
        tokens.write(Path(folder), [([str(n) for n in range(len(made))], made)])
        data = tokens.Tokens(Path(folder))
        device = torch.cuda.get_device_name() if cuda else platform.processor() or "CPU"
        print(f"{device}, torch {torch.__version__}, transformers {transformers.__version__}")
        print(f"shape {options.shape}, {options.steps} steps of {options.batch} samples of "
              f"{int(data.lengths.min())} to {int(data.lengths.max())} tokens, "
              f"{data.lengths.mean():,.0f} on average")  # fmt: skip
        print(f"{'':28}{'tokens/s':>12}{'to plain':>10}{'MFU':>8}{'GiB':>8}")
        for name, told, train in ways(options):
            if cuda:
                torch.cuda.empty_cache()
                torch.cuda.reset_peak_memory_stats()
            try:
                more = (options.rows,) if train is plain else ()
                found = train(options.shape, told, data, steps, *more)[WARM_UP:]
            except Exception as error:  # one way that fails must not hide the others
                print(f"{name:28}  {type(error).__name__}: {str(error).splitlines()[0][:80]}")
                continue
            finally:
                gc.collect()
                torch._dynamo.reset()
            row = {key: statistics.median(step[key] or 0 for step in found)
                   for key in ("tokens_per_second", "mfu", "memory_gib")}  # fmt: skip
            table.append({"way": name, **row})
            ratio = row["tokens_per_second"] / table[0]["tokens_per_second"]
            print(f"{name:28}{row['tokens_per_second']:>12,.0f}{ratio:>10.2f}{row['mfu']:>8.1%}"
                  f"{row['memory_gib']:>8.1f}", flush=True)  # fmt: skip
    if options.json:
        options.json.write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
