"""How fast training is: the work in floating-point operations, and what the device could do.

The work of a step is what its arithmetic asks for, whatever is computed: padding, and what
gradient checkpointing computes again, do not count. Forward, a matrix product with a weight of
``n`` numbers takes ``2 n`` operations a token; attention takes ``4 w`` a layer for each pair of a
token and one that it sees, itself included, ``w`` being heads x head size. Logits are needed for
response tokens alone. Backward, it is the same for the inputs of every product, and once more for
the weights that are trained; attention takes twice its forward work. So, all weights trained,
it is 6 a weight and token, and 12 w a pair; the frozen weights of a model with adapters take 4.

    MFU = work / seconds / (peak x processes)

The peak is that of dense products in the precision of training: the maker's figure where the
device is known, and else what a large matrix product has reached on it.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

PEAKS = {
    "B200": 2250e12, "H100 PCIe": 756e12, "H100": 989e12, "H200": 989e12, "H800": 989e12,
    "GH200": 989e12, "H20": 148e12, "A100": 312e12, "A800": 312e12, "L40S": 362e12, "L40": 181e12,
    "L4": 121e12, "A40": 150e12, "A10": 125e12, "A30": 165e12, "RTX 4090": 165e12,
}  # fmt: skip
"""Dense bfloat16 operations a second, by a part of the device's name; from data sheets."""


@dataclass(frozen=True)
class Work:
    """The operations that a model takes, from its modules. Make one with `of`."""

    body: float  # a token, forward and backward
    head: float  # a response token, forward and backward
    attention: tuple[tuple[int, int | None], ...]  # width and window of each layer

    @classmethod
    def of(cls, model: torch.nn.Module) -> "Work | None":
        """Return the work of a causal language model; None where it cannot be told.

        It cannot where weights have three dimensions, as experts of a mixture do, of which each
        token takes some only.
        """
        body = head = 0.0
        output: Any = model.get_output_embeddings()  # type: ignore[operator]
        embeddings: Any = model.get_input_embeddings()  # type: ignore[operator]
        for module in model.modules():
            for weight in module.parameters(recurse=False):
                if weight.dim() < 2 or (module is embeddings and module is not output):
                    continue
                if weight.dim() > 2:
                    return None
                once = 2.0 * weight.numel() * (3 if weight.requires_grad else 2)
                if module is output:
                    head += once
                else:
                    body += once
        config: Any = model.config.get_text_config()  # type: ignore[union-attr,operator]
        return cls(body, head, tuple(_layers(config)))

    def step(self, lengths: Sequence[int], responses: int) -> float:
        """Return the operations for samples of these lengths with so many response tokens."""
        pairs = sum(
            12.0 * width * sum(_pairs(n, window) for n in lengths)
            for width, window in self.attention
        )
        return self.body * sum(lengths) + self.head * responses + pairs


def _layers(config: Any) -> list[tuple[int, int | None]]:
    heads = config.num_attention_heads
    width = heads * (getattr(config, "head_dim", None) or config.hidden_size // heads)
    kinds = getattr(config, "layer_types", None) or ["full_attention"] * config.num_hidden_layers
    window = getattr(config, "sliding_window", None)
    return [
        (width, window if kind == "sliding_attention" else None)
        for kind in kinds
        if kind != "linear_attention"
    ]


def _pairs(length: int, window: int | None) -> float:
    """Return how many tokens the tokens of a sequence see, themselves included."""
    seen = min(length, window or length)
    return seen * (seen + 1) / 2 + (length - seen) * seen


def peak(device: torch.device, precision: str) -> float:
    """Return the operations a second that a device can do, in ``bf16`` or ``fp32``."""
    if device.type == "cuda" and precision == "bf16":
        name = torch.cuda.get_device_name(device)
        for known in sorted(PEAKS, key=len, reverse=True):
            if known in name:
                return PEAKS[known]
    return _measured(device, torch.bfloat16 if precision == "bf16" else torch.float32)


def _measured(device: torch.device, dtype: torch.dtype) -> float:
    """Return the operations a second of a large matrix product, the best of some."""
    # Short products on a CPU: on a busy machine, some of many are not disturbed.
    size, rounds = (512, 30) if device.type == "cpu" else (8192, 5)
    a = torch.ones(size, size, device=device, dtype=dtype)
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        a @ a
        if device.type != "cpu":
            torch.accelerator.synchronize(device)
        best = min(best, time.perf_counter() - start)
    return 2.0 * size**3 / best


def memory(device: torch.device) -> float:
    """Return the most memory that was taken so far in GiB: the device's, or this process's."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 2**30
    import resource
    import sys

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30
