"""Greedy decoding of a batch, from which each sequence leaves when it has ended.

`generate` of transformers goes on with every sequence of a batch until the last one has ended, and
gives all of them together. Here a sequence is given as soon as it is there, and costs nothing from
then on; that matters where some answers end and others never would.
"""

import inspect
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import torch

from .cache import cache_for


def greedy(
    model: Any, prompts: Sequence[list[int]], limits: Sequence[int], ends: Collection[int]
) -> Iterator[tuple[int, list[int]]]:
    """Yield, as they end, the number of a prompt and the tokens that follow it.

    A sequence ends with a token of `ends`, which is given, too, or when it has as many tokens as
    its limit says. Prompts are padded on the left.
    """
    device = model.device
    width = max(map(len, prompts))
    ids = torch.tensor([[0] * (width - len(p)) + p for p in prompts], device=device)
    seen = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts], device=device)
    places = (seen.cumsum(1) - 1).clamp(min=0)
    accepted = inspect.signature(model.forward).parameters
    cache = cache_for(model)
    running = list(range(len(prompts)))  # the prompt that each row of the batch is of
    written: list[list[int]] = [[] for _ in prompts]
    while running:
        given = {"position_ids": places, "logits_to_keep": 1}
        with torch.inference_mode():
            out = model(
                ids, attention_mask=seen, past_key_values=cache, use_cache=True,
                **{name: value for name, value in given.items() if name in accepted},
            )  # fmt: skip
            found = out.logits[:, -1].argmax(-1)
        kept = []
        for row, (i, token) in enumerate(zip(running, found.tolist(), strict=True)):
            written[i].append(token)
            if token in ends or len(written[i]) == limits[i]:
                yield i, written[i]
            else:
                kept.append(row)
        with torch.inference_mode():
            ids, places = found[:, None], places[:, -1:] + 1
            seen = torch.cat([seen, seen.new_ones(len(running), 1)], 1)
            if len(kept) < len(running):
                rows = torch.tensor(kept, dtype=torch.long, device=device)
                ids, places, seen = ids[rows], places[rows], seen[rows]
                if kept:
                    cache.batch_select_indices(rows)
                running = [running[row] for row in kept]
