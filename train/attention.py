"""Causal attention for training on CPUs, where a window costs no more than it is wide.

PyTorch's own attention takes a window as a mask over the whole text, so its cost grows with the
square of the length all the same.
"""

import math
from typing import Any

import torch
from torch.nn.functional import pad, scaled_dot_product_attention

NAME = "rfft_blocks"


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
    batch, length = query.shape[0], query.shape[2]
    block = max(1, window // 2)
    blocks = -(-length // block)
    extra = blocks * block - length

    def cut(values: torch.Tensor, before: int) -> torch.Tensor:
        """Return the values of each block and of so many tokens before it, block by block."""
        parts = pad(values, (0, 0, before, extra)).unfold(2, before + block, block)
        return parts.permute(0, 2, 1, 4, 3).flatten(0, 1)  # [batch * blocks, heads, tokens, size]

    own = torch.arange(block)[:, None] + window
    other = torch.arange(window + block)
    first = window - block * torch.arange(blocks)[:, None, None]  # what is before it is padding
    seen = (other <= own) & (other > own - window) & (other >= first)
    bias = torch.zeros(seen.shape, dtype=query.dtype).masked_fill(~seen, -math.inf)
    out = scaled_dot_product_attention(
        cut(query, 0), cut(key, window), cut(value, window),
        attn_mask=bias.repeat(batch, 1, 1)[:, None], scale=scaling,
    )  # fmt: skip
    out = out.reshape(batch, blocks, *out.shape[1:]).transpose(1, 2).flatten(2, 3)
    return out[:, :, :length]
