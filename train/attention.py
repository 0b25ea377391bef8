"""Causal attention for training on CPUs, where a window costs no more than it is wide.

PyTorch's own attention takes a window as a mask over the whole text, so its cost grows with the
square of the length all the same.
"""

import math
from typing import Any

import torch
from torch.nn.functional import scaled_dot_product_attention

NAME = "rfft_blocks"
_BLOCK = 256  # the fastest of 128 to 512, with windows of 128 and 256


def register() -> str:
    """Make it known to transformers; return the name to be given to `set_attn_implementation`.

    It is for rows that are padded at the right, if at all: the causal order hides padding there,
    so masks are not looked at.
    """
    from transformers import AttentionInterface
    from transformers.masking_utils import AttentionMaskInterface

    AttentionInterface.register(NAME, _attend)
    AttentionMaskInterface.register(NAME, lambda *_, **__: None)
    return NAME


def _attend(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    mask: None,
    scaling: float,
    sliding_window: int | None = None,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    share = query.shape[1] // key.shape[1]  # of the heads that have their keys in common
    if share > 1:
        key, value = (t.repeat_interleave(share, dim=1) for t in (key, value))
    if sliding_window and query.shape[2] > sliding_window:
        out = in_window(query, key, value, scaling, sliding_window)
    else:
        out = scaled_dot_product_attention(query, key, value, is_causal=True, scale=scaling)
    return out.transpose(1, 2).contiguous(), None


def in_window(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scaling: float, window: int
) -> torch.Tensor:
    """Return causal attention to the last `window` tokens, block by block.

    All tensors have the shape [batch, heads, tokens, size].
    """
    length, parts = query.shape[2], []
    for start in range(0, length, _BLOCK):
        stop, first = min(start + _BLOCK, length), max(0, start - window + 1)
        distance = torch.arange(start, stop)[:, None] - torch.arange(first, stop)
        hidden = (distance < 0) | (distance >= window)
        bias = torch.zeros(hidden.shape, dtype=query.dtype).masked_fill(hidden, -math.inf)
        keys, values = (tensor[:, :, first:stop] for tensor in (key, value))
        block = query[:, :, start:stop]
        parts.append(
            scaled_dot_product_attention(block, keys, values, attn_mask=bias, scale=scaling)
        )
    return torch.cat(parts, dim=2)
