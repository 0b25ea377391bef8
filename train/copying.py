"""Weights to begin with that copy.

Most of a trace is copied from above: lines of the rule, names, the newest values. What copies in a
decoder is a pair of heads (Olsson et al. 2022, induction heads): one that tells each token what
stands before it, one that looks for the place after the same tokens and says what stands there.
From random weights, such pairs form late, after millions of tokens; these are laid out before.
Random projections say which token is which, so nothing about texts is given, and everything can be
unlearnt. docs/positions.md has what it is worth.
"""

from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_BACK = 3  # how many tokens before a place are compared
_SHARP = 9.0  # by how much, in nats, a head of the first layer prefers its distance to the next
_NEAR = 30.0  # by how much, in nats, the near end of the window is preferred to the far one
_COPIED = 0.3  # how much is written of a token that is copied
_BEFORE = 0.1  # and of one that stood before
_REST = 0.03  # by how much the outputs of all other parts are made smaller


@torch.no_grad()
def lay_out(model: "PreTrainedModel") -> None:
    """Lay out the first two layers of a model with random weights as heads that copy.

    The two layers must have windows, rotary positions, biases in attention, and keys for each head.
    Random numbers are those of torch's own generator.
    """
    config: Any = model.config
    decoder: Any = model.model
    heads, width = config.num_attention_heads, config.hidden_size
    size = width // heads
    speeds = decoder.rotary_emb.inv_freq  # radians a token, of each pair of a head's dimensions
    for layer in decoder.layers:
        layer.mlp.down_proj.weight *= _REST
        layer.self_attn.o_proj.weight *= _REST
    first, second = (layer.self_attn for layer in decoder.layers[:2])
    parts = [slice(n * size, (n + 1) * size) for n in range(heads)]
    names = _orthogonal(size, width)  # what a head says of a token
    places = _orthogonal(width, width)  # where the n-th head says it: the n-th part of the columns
    strength = (_SHARP * size**0.5 / (1 - speeds.cos()).sum()).sqrt()
    every = torch.arange(len(speeds))
    for distance, part in enumerate(parts, 1):
        query, key = _looking_back(distance, speeds, every)
        first.q_proj.bias[part] = strength * query
        first.k_proj.bias[part] = strength * key
        first.q_proj.weight[part] *= 0.3
        first.k_proj.weight[part] *= 0.3
        first.v_proj.weight[part] = names
        first.o_proj.weight[:, part] = _BEFORE * places[:, part]
    # In a window, slow pairs hardly turn: they compare tokens. Those that turn by about a quarter
    # tell near from far.
    turns = speeds * config.sliding_window
    slow = (turns < 0.5).nonzero().flatten()
    slope = ((turns >= 0.5) & (turns < 2.2)).nonzero().flatten()
    compared = torch.cat((slow, slow + len(speeds)))
    query, key = _looking_back(-0.45 * config.sliding_window, speeds, slope)
    strength = (_NEAR * size**0.5 / (1.3 * max(1, len(slope)))) ** 0.5
    copied = _orthogonal(width, width)
    before = [places[:, part].T for part in parts[:_BACK]]
    for part in parts:
        mixed = [_orthogonal(len(compared), size) for _ in before]
        own = (names, *before[:-1])  # of the place that asks: its own token, and those before
        asked = sum(mix @ said for mix, said in zip(mixed, own, strict=True))
        found = sum(mix @ said for mix, said in zip(mixed, before, strict=True))
        scale = (size / len(compared)) ** 0.5
        for projection, weight in ((second.q_proj, asked), (second.k_proj, found)):
            projection.weight[part] = 0
            projection.weight[part][compared] = scale * weight
        second.q_proj.bias[part] = strength * query
        second.k_proj.bias[part] = strength * key
        second.v_proj.weight[part] = copied[part]
        second.o_proj.weight[:, part] = _COPIED * copied[part].T


def _looking_back(
    distance: float, speeds: torch.Tensor, pairs: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return a query and a key, the same for all tokens, that agree best at a distance.

    They have length 1 in each of these pairs of dimensions, and nothing in the others.
    """
    query, key = torch.zeros(2, 2 * len(speeds))
    key[pairs] = 1
    query[pairs] = (distance * speeds[pairs]).cos()
    query[pairs + len(speeds)] = -(distance * speeds[pairs]).sin()
    return query, key


def _orthogonal(rows: int, columns: int) -> torch.Tensor:
    """Return a random matrix whose rows, or if they are more its columns, are orthonormal."""
    return torch.nn.init.orthogonal_(torch.empty(rows, columns))
