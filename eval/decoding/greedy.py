"""Greedy decoding of a batch, from which each sequence leaves when it has ended.

`generate` of transformers goes on with every sequence of a batch until the last one has ended, and
gives all of them together. Here a sequence is given as soon as it is there, and costs nothing from
then on; that matters where some answers end and others never would.
"""

import inspect
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import torch

from .cache import cache_for, sees_tokens

_PART = 512  # tokens that are read at a time, so that few logits are held


def _cache_name(accepted: Collection[str]) -> str:
    # transformers 5.2x has given it the first name; up to 5.40 it takes the second one, too.
    return "cache" if "cache" in accepted else "past_key_values"


class Rows:
    """Texts that a model goes on with together, padded on the left; a row of the batch each."""

    def __init__(self, model: Any, prompts: Sequence[list[int]]) -> None:
        width = max(map(len, prompts))
        device = model.device
        self._model = model
        self._ids = torch.tensor([[0] * (width - len(p)) + p for p in prompts], device=device)
        seen = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts], device=device)
        self._seen: torch.Tensor | None = seen
        self._places = (seen.cumsum(1) - 1).clamp(min=0)
        self._accepted = inspect.signature(model.forward).parameters
        self._cache = cache_for(model)
        self._kept = {_cache_name(self._accepted): self._cache, "use_cache": True}

    @torch.inference_mode()
    def logits(self) -> torch.Tensor:
        """Return how likely each token comes next: rows by tokens."""
        given = {"position_ids": self._places, "logits_to_keep": 1}
        out = self._model(
            self._ids, attention_mask=self._seen, **self._kept,
            **{name: value for name, value in given.items() if name in self._accepted},
        )  # fmt: skip
        found: torch.Tensor = out.logits[:, -1]
        return found

    @torch.inference_mode()
    def add(self, tokens: torch.Tensor) -> None:
        """Write a token behind each row."""
        self._ids, self._places = tokens[:, None], self._places[:, -1:] + 1
        if not sees_tokens(self._cache):
            self._seen = None  # there is no padding in states, and a mask is of what is new
        if self._seen is not None:
            self._seen = torch.cat([self._seen, self._seen.new_ones(len(tokens), 1)], 1)

    @torch.inference_mode()
    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows only."""
        chosen: Any = torch.tensor(rows, dtype=torch.long, device=self._ids.device)
        self._ids, self._places = self._ids[chosen], self._places[chosen]
        if self._seen is not None:
            self._seen = self._seen[chosen]
        # Unlike `batch_select_indices`, every kind of layer has it, and it takes fewer rows, too.
        self._cache.reorder_cache(chosen)


def likeliest(model: Any, prompt: Sequence[int], response: Sequence[int]) -> list[int]:
    """Return the token that a model finds likeliest in the place of each token of a response."""
    device, cache = model.device, cache_for(model)
    kept = {_cache_name(inspect.signature(model.forward).parameters): cache, "use_cache": True}
    found: list[int] = []
    with torch.inference_mode():
        for part in _parts([*prompt, *response[:-1]]):
            logits = model(torch.tensor([part], device=device), **kept).logits[0]
            found += logits.argmax(-1).tolist()
    return found[len(prompt) - 1 :]


def _parts(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _PART):
        yield ids[start : start + _PART]


def greedy(
    model: Any,
    prompts: Sequence[list[int]],
    limits: Sequence[int],
    ends: Collection[int],
    *,
    leave: bool = True,
) -> Iterator[tuple[int, list[int]]]:
    """Yield, as they end, the number of a prompt and the tokens that follow it.

    A sequence ends with a token of `ends`, which is given, too, or when it has as many tokens as
    its limit says. Without `leave`, rows of ended sequences stay in the batch to its end, for
    models of which none can be taken out.
    """
    rows = Rows(model, prompts)
    running = list(range(len(prompts)))  # the prompt that each row of the batch is of
    ended: set[int] = set()
    written: list[list[int]] = [[] for _ in prompts]
    while len(ended) < len(prompts):
        with torch.inference_mode():
            found = rows.logits().argmax(-1)
        for i, token in zip(running, found.tolist(), strict=True):
            if i not in ended:
                written[i].append(token)
                if token in ends or len(written[i]) == limits[i]:
                    ended.add(i)
                    yield i, written[i]
        rows.add(found)
        kept = [row for row, i in enumerate(running) if i not in ended]
        if leave and 0 < len(kept) < len(running):
            rows.keep(kept)
            running = [running[row] for row in kept]
