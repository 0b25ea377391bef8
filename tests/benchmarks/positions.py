"""Compares position schemes: small models from nothing, taught short inputs, asked longer ones.

    tasks="--task nupa_length --task nupa_get_digit --task leetcode_2544"
    rfft corpus build --preset adapt $tasks --per-length 400 --out short
    rfft corpus build --preset test $tasks --per-length 20 --out long
    python tests/benchmarks/positions.py short long --tokens 1.2e6

Every scheme gets a model of size `tiny` and the same samples in the same order: traces of the
corpus `short`, and as many batches of *recall lines*, that is, states of a few variables with
random values, said again, copied and cut. The loss is on what can be known: the completion of a
trace, the second mention of a value.

What counts as right is a whole trace: greedy decoding writes it without a slip exactly if every
token is the likeliest one after the true text before it, so one forward pass tells. The table also
has the share of single tokens that are right.
"""

import argparse
import math
import random
import string
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional
from transformers import AttentionInterface
from transformers.masking_utils import AttentionMaskInterface

from rfft.rules.corpus import plan, reading
from rfft.train.attention import in_window
from rfft.train.models import make_model
from rfft.train.tokenizer import make_tokenizer

LENGTHS = (2, 3, 5, 6, 8, 10, 15, 20)
TOKENIZER = make_tokenizer()
NAMES = "total count result word digits left seen rest value place longest items first turn".split()

USUAL = {
    "attention_bias": False,
    "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0},
}

Sample = tuple[list[int], list[int]]  # tokens, and labels: the token where it is learnt, else -100
Batch = tuple[torch.Tensor, torch.Tensor]
Bias = Callable[[int], torch.Tensor]  # of a length, what is added to attention scores


def windowed(window: int) -> dict[str, Any]:
    """Return settings: layers in turn have a window with RoPE, and no window and no positions."""
    return USUAL | {
        "sliding_window": window,
        "layer_types": ["sliding_attention", "full_attention"] * 2,
        "no_rope_layers": [1, 0] * 2,
    }


def everywhere(rope: bool) -> dict[str, Any]:
    """Return settings: all layers see the whole text, with RoPE or with no positions."""
    return USUAL | {
        "use_sliding_window": False,
        "sliding_window": None,
        "layer_types": ["full_attention"] * 4,
        "no_rope_layers": [int(rope)] * 4,
    }


def alibi(*slopes: float) -> Bias:
    """Return ALiBi's bias: each head loses its slope with each token of distance."""

    def bias(length: int) -> torch.Tensor:
        distance = torch.arange(length)[:, None] - torch.arange(length)
        heads = torch.stack([-slope * distance for slope in slopes])
        return heads.masked_fill(distance < 0, -math.inf)[None]

    return bias


def hard_alibi(window: int) -> Bias:
    """Return hard-ALiBi's bias: half of four heads see a window, half everything; no positions."""

    def bias(length: int) -> torch.Tensor:
        distance = torch.arange(length)[:, None] - torch.arange(length)
        heads = torch.stack([(distance < 0) | (distance >= window), distance < 0] * 2)
        return torch.zeros(heads.shape).masked_fill(heads, -math.inf)[None]

    return bias


@dataclass(frozen=True)
class Scheme:
    """Where a model's layers look and what they know of positions.

    `settings` are those of the model, `bias` is what no configuration expresses. `randomised`:
    in training, positions are drawn from a longer range. `scales`: at test, positions are
    multiplied by each of these in turn. `copies`: weights begin as the default's do.
    """

    settings: dict[str, Any]
    bias: Bias | None = None
    randomised: bool = False
    scales: tuple[float, ...] = (1.0,)
    copies: bool = False


SCHEMES = {
    "default": Scheme({}, copies=True),
    "default, not laid out": Scheme({}),
    "hybrid, window 64": Scheme(windowed(64)),
    "RoPE": Scheme(everywhere(True), scales=(1.0, 0.5)),
    "ALiBi": Scheme(everywhere(False), alibi(0.25, 0.0625, 0.0156, 0.0039)),
    "NoPE": Scheme(everywhere(False)),
    "hard-ALiBi": Scheme(everywhere(False), hard_alibi(16)),
    "hybrid, window 16": Scheme(windowed(16)),
    "RoPE, randomised positions": Scheme(everywhere(True), randomised=True),
}


def attention(bias: Bias | None) -> Callable[..., tuple[torch.Tensor, None]]:
    """Return an attention function that is quick on CPUs where a window is short.

    Sequences are padded on the right, so that the causal order hides padding.
    """

    def attend(
        module: torch.nn.Module,
        q: torch.Tensor,
        k: torch.Tensor,
        v: torch.Tensor,
        mask: None,
        scaling: float,
        sliding_window: int | None = None,
        **_: Any,
    ) -> tuple[torch.Tensor, None]:
        length = q.shape[2]
        if sliding_window and length > sliding_window:
            out = in_window(q, k, v, scaling, sliding_window)
        else:
            added = bias and bias(length)
            out = functional.scaled_dot_product_attention(
                q, k, v, attn_mask=added, is_causal=added is None, scale=scaling
            )
        return out.transpose(1, 2).contiguous(), None

    return attend


def recall(rng: random.Random, longest: int, tokens: int) -> Sample:
    """Return states of some variables: new, said again, copied to another, cut at an end."""
    ids: list[int] = []
    labels: list[int] = []

    def write(text: str, learnt: bool) -> None:
        found = TOKENIZER(text)["input_ids"]
        ids.extend(found)
        labels.extend(found if learnt else [-100] * len(found))

    def value() -> str | int | list[int]:
        size = rng.randint(1, longest)
        kind = rng.random()
        if kind < 0.45:
            letters = string.digits if rng.random() < 0.5 else string.ascii_lowercase
            return "".join(rng.choices(letters, k=size))
        if kind < 0.75:
            return rng.randrange(10 ** (size - 1), 10**size)
        return [rng.randrange(rng.choice((10, 100))) for _ in range(max(1, size // 2))]

    names = [
        name if rng.random() < 0.7 else "".join(rng.choices(string.ascii_lowercase, k=4))
        for name in rng.sample(NAMES, rng.randint(2, 5))
    ]
    state = {name: value() for name in names}
    for name in names:
        write(f"{name} = {state[name]!r}\n", False)
    while len(ids) < tokens:
        name, what = rng.choice(names), rng.random()
        old = state[name]
        if what < 0.35:
            write(f"{name} = ", False)
            write(f"{old!r}\n", True)
        elif what < 0.5:
            other = rng.choice(names)
            write(f"{name} = {other}\n{other} = ", False)
            state[name] = state[other]
            write(f"{state[name]!r}\nnow,\n{name} = {state[name]!r}\n", True)
        elif what < 0.6:
            state[name] = value()
            write(f"now,\n{name} = {state[name]!r}\n", False)
        elif isinstance(old, int) and old > 9:
            state[name] = old // 10
            write(f"{name} //= 10\n", False)
            write(f"{name} = {old}\nnow,\n{name} = {old} // 10 = {old // 10}\n", True)
        elif isinstance(old, str | list) and old:
            first = rng.random() < 0.6
            state[name] = old[1:] if first else old[:-1]
            write(f"{name} = {name}{'[1:]' if first else '[:-1]'}\n", False)
            write(f"{name} = {old!r}\nnow,\n{name} = {state[name]!r}\n", True)
    return ids, labels


def traces(folder: Path) -> list[tuple[str, int, Sample]]:
    """Return task, length and sample of every row of a corpus."""
    corpus = plan.read(folder)
    found = []
    for shard in range(len(corpus.shards)):
        for row in reading.rows(corpus, folder, shard):
            asked = TOKENIZER(row["prompt"] + "\n")["input_ids"]
            answered = [*TOKENIZER(row["completion"])["input_ids"], TOKENIZER.eos_token_id]
            sample = (asked + answered, [-100] * len(asked) + answered)
            found.append((row["task"], row["length"], sample))
    return found


def collate(samples: list[Sample]) -> Batch:
    """Return tokens and labels of samples, each padded on the right; (samples, tokens)."""
    longest = max(len(ids) for ids, _ in samples)
    ids = torch.full((len(samples), longest), TOKENIZER.pad_token_id)
    labels = torch.full((len(samples), longest), -100)
    for row, (one, other) in enumerate(samples):
        ids[row, : len(one)] = torch.tensor(one)
        labels[row, : len(other)] = torch.tensor(other)
    return ids, labels


def trace_batches(samples: list[Sample], rng: random.Random, tokens: int = 1200) -> Iterator[Batch]:
    """Yield batches of about so many tokens, of samples of like lengths, for ever."""
    while True:
        order = rng.sample(samples, len(samples))
        for start in range(0, len(order), 1024):
            batches: list[list[Sample]] = [[]]
            for sample in sorted(order[start : start + 1024], key=lambda s: len(s[0])):
                if len(sample[0]) * (len(batches[-1]) + 1) > tokens and batches[-1]:
                    batches.append([])
                batches[-1].append(sample)
            rng.shuffle(batches)
            yield from map(collate, batches)


def recall_batches(rng: random.Random, tokens: int = 700) -> Iterator[Batch]:
    """Yield batches of recall lines of about so many tokens, for ever."""
    while True:
        each = rng.randint(40, 250)
        longest = min(8, max(2, each // 20))
        yield collate([recall(rng, longest, each) for _ in range(max(1, tokens // each))])


def loss_and_right(
    model: Any, batch: Batch, positions: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return the loss, what is learnt (samples, tokens - 1), and which of it is right."""
    ids, labels = batch
    hidden = model.model(input_ids=ids, position_ids=positions, use_cache=False).last_hidden_state
    wanted = labels[:, 1:]
    learnt = wanted != -100
    logits = model.lm_head(hidden[:, :-1][learnt])
    right = torch.zeros_like(learnt)
    right[learnt] = logits.argmax(-1) == wanted[learnt]
    return functional.cross_entropy(logits, wanted[learnt]), learnt, right


def train(
    model: Any, samples: list[Sample], tokens: float, rate: float, randomised: bool, seed: int
) -> float:
    """Train on so many tokens; return the CPU seconds that it took."""
    which = random.Random(seed)
    real = trace_batches(samples, random.Random(seed + 1))
    lines = recall_batches(random.Random(seed + 2))
    drawn = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=rate, betas=(0.9, 0.95), weight_decay=0.05, fused=True
    )
    seen = step = 0
    start = time.process_time()
    while seen < tokens:
        batch = next(lines if which.random() < 0.5 else real)
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, step / 50) * (1 - 0.9 * seen / tokens)
        positions = None
        if randomised:
            count = batch[0].shape[1]
            positions = torch.randperm(8192, generator=drawn)[:count].sort().values[None]
        loss, _, _ = loss_and_right(model, batch, positions)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        seen += batch[0].numel()
        step += 1
    return time.process_time() - start


@torch.no_grad()
def shares(model: Any, samples: list[Sample], scale: float) -> tuple[float, float]:
    """Return the shares of whole texts and of single tokens that greedy decoding gets right."""
    whole = tokens = good = 0
    for sample in samples:
        positions = None if scale == 1 else scale * torch.arange(len(sample[0]))[None]
        _, learnt, right = loss_and_right(model, collate([sample]), positions)
        whole += bool((right == learnt).all())
        tokens += int(learnt.sum())
        good += int(right.sum())
    return whole / len(samples), good / tokens


def main() -> None:
    """Train a model for each scheme and print a row of the table as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("short", type=Path, help="the corpus of training")
    parser.add_argument("long", type=Path, help="the corpus of tests")
    parser.add_argument("--tokens", type=float, default=1.2e6)
    parser.add_argument("--rate", type=float, default=4e-3, help="learning rate")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--each", type=int, default=8, help="tests of each task and length")
    parser.add_argument("--scheme", action="append", choices=list(SCHEMES))
    options = parser.parse_args()
    torch.set_num_threads(1)
    learnt = [sample for _, _, sample in traces(options.short)]
    asked: dict[tuple[str, int], list[Sample]] = {}
    for task, length, sample in traces(options.long):
        asked.setdefault((task, length), []).append(sample)
    AttentionMaskInterface.register("scheme", lambda *_, **__: None)
    print("| scheme | task | " + " | ".join(map(str, LENGTHS)) + " | CPU s |")
    print("|---|---|" + "---|" * len(LENGTHS) + "---|")
    for name in options.scheme or SCHEMES:
        scheme = SCHEMES[name]
        AttentionInterface.register("scheme", attention(scheme.bias))
        model = make_model(
            "tiny",
            seed=options.seed,
            copies=scheme.copies,
            **scheme.settings,
        )
        model.set_attn_implementation("scheme")
        spent = train(model, learnt, options.tokens, options.rate, scheme.randomised, options.seed)
        model.eval()
        for scale in scheme.scales:
            title = name if scale == 1 else f"{name}, positions x {scale} at test"
            for task in sorted({task for task, _ in asked}):
                cells = [shares(model, asked[task, n][: options.each], scale) for n in LENGTHS]
                row = " | ".join(f"{whole:.2f} ({tokens:.3f})" for whole, tokens in cells)
                print(f"| {title} | {task} | {row} | {spent:.0f} |", flush=True)


if __name__ == "__main__":
    main()
