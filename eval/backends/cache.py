"""A key-value cache that grows in place.

The cache of transformers copies all keys and values for each token that is written, which is most
of the time that a small model takes in a large batch. Here room is taken for many tokens at once.
"""

from typing import Any

import torch
from transformers import DynamicCache
from transformers.cache_utils import DynamicLayer

_ROOM = 256  # tokens


def cache_for(model: Any) -> DynamicCache:
    """Return an empty cache for a model. Layers with a short window are as they are elsewhere."""
    cache = DynamicCache(config=model.config)
    for number, layer in enumerate(cache.layers):
        if type(layer) is DynamicLayer:
            cache.layers[number] = _Roomy()  # type: ignore[no-untyped-call]
    return cache


class _Roomy(DynamicLayer):
    """Keys and values of a layer: `keys` and `values` are the parts in use of larger tensors."""

    _whole: tuple[torch.Tensor, torch.Tensor] | None = None

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        start = self.get_seq_length()
        end = start + key_states.shape[-2]
        if self._whole is None or end > self._whole[0].shape[-2]:
            grown = []
            for old, new in ((self.keys, key_states), (self.values, value_states)):
                # Half as much again, so that the copies stay few however long it gets.
                whole = new.new_empty((*new.shape[:-2], end + end // 2 + _ROOM, new.shape[-1]))
                if start and old is not None:
                    whole[..., :start, :] = old
                grown.append(whole)
            self._whole = grown[0], grown[1]
        keys, values = self._whole
        keys[..., start:end, :] = key_states
        values[..., start:end, :] = value_states
        self.keys, self.values = keys[..., :end, :], values[..., :end, :]
        return self.keys, self.values

    def batch_select_indices(self, indices: torch.Tensor) -> None:
        end = self.get_seq_length()
        if end:
            assert self._whole is not None
            keys, values = (whole[indices] for whole in self._whole)
            self._whole = keys, values
            self.keys, self.values = keys[..., :end, :], values[..., :end, :]
