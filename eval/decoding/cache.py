"""A key-value cache that grows in place.

The cache of transformers copies all keys and values for each token that is written, which is most
of the time that a small model takes in a large batch. Here room is taken for many tokens at once.
"""

from typing import Any

import torch
from transformers import DynamicCache
from transformers.cache_utils import CacheLayerMixin, DynamicLayer, DynamicSlidingWindowLayer

_ROOM = 256  # tokens


def cache_for(model: Any) -> DynamicCache:
    """Return an empty cache for a model."""
    cache = DynamicCache(config=model.config)
    for number, layer in enumerate(cache.layers):
        if type(layer) is DynamicLayer:
            cache.layers[number] = _Roomy()  # type: ignore[no-untyped-call]
        elif type(layer) is DynamicSlidingWindowLayer:
            cache.layers[number] = _RoomyWindow(layer.sliding_window)
    return cache


def sees_tokens(cache: DynamicCache) -> bool:
    """Tell whether any layer looks back at single tokens, and not at a state alone."""
    return any(isinstance(layer, CacheLayerMixin) for layer in cache.layers) or not cache.layers


class _Roomy(DynamicLayer):
    """Keys and values of a layer: `keys` and `values` are the parts in use of larger tensors."""

    _whole: tuple[torch.Tensor, torch.Tensor] | None = None
    _end = 0  # of what is in use, in the larger tensors

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        used = 0 if self._whole is None else self.keys.shape[-2]  # type: ignore[union-attr]
        new = key_states.shape[-2]
        if self._whole is None or self._end + new > self._whole[0].shape[-2]:
            grown = []
            for old, states in ((self.keys, key_states), (self.values, value_states)):
                # Half as much again, so that the copies stay few however long it gets.
                size = (used + new) * 3 // 2 + _ROOM
                whole = states.new_empty((*states.shape[:-2], size, states.shape[-1]))
                if used and old is not None:
                    whole[..., :used, :] = old
                grown.append(whole)
            self._whole, self._end = (grown[0], grown[1]), used
        for whole, states in zip(self._whole, (key_states, value_states), strict=True):
            whole[..., self._end : self._end + new, :] = states
        self._end += new
        self._use(used + new)
        assert self.keys is not None
        assert self.values is not None
        return self.keys, self.values

    def _use(self, tokens: int) -> None:
        assert self._whole is not None
        self.keys, self.values = (
            whole[..., self._end - tokens : self._end, :] for whole in self._whole
        )

    def reorder_cache(self, beam_idx: torch.Tensor) -> None:
        if self._whole is not None and self.keys is not None:
            self._whole = self._whole[0][beam_idx], self._whole[1][beam_idx]
            self._use(self.keys.shape[-2])


class _RoomyWindow(_Roomy, DynamicSlidingWindowLayer):
    """The same of a layer that sees the last tokens only, and so keeps only these."""

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        seen = super().update(key_states, value_states)
        self.cumulative_length += key_states.shape[-2]
        self._use(min(seen[0].shape[-2], self.sliding_window - 1))
        return seen
