"""The loss of a micro-batch: the summed cross-entropy of its response tokens."""

import inspect
from typing import Any

import torch
from torch.nn.functional import cross_entropy
from torch.utils.checkpoint import checkpoint

from rfft.rules.corpus.encoding import IGNORED

from .batching import Micro

_CHUNK = 1 << 26  # logits that are held in float32 at a time: 256 MiB


def learnt(micro: Micro) -> torch.Tensor:
    """Return the places at which some row of a micro-batch is learnt, int64."""
    return (micro.targets != IGNORED).any(dim=0).nonzero().flatten()


def response_loss(
    model: torch.nn.Module, micro: Micro, wanted: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the summed cross-entropy of a micro-batch in nats, a scalar in float32.

    `wanted` are the places that are `learnt`, if they are known.

    Logits are made only where something is learnt, if the model can do that (`logits_to_keep`),
    and they are turned into float32 a part at a time.
    """
    given: dict[str, Any] = {"input_ids": micro.input_ids, "use_cache": False}
    targets = micro.targets
    if micro.position_ids is not None:
        given["position_ids"] = micro.position_ids
    if _keeps(model):
        wanted = learnt(micro) if wanted is None else wanted
        if len(wanted):  # a part without samples takes part in the backward pass, too
            given["logits_to_keep"] = wanted
            targets = targets[:, wanted]
    logits = model(**given).logits.flatten(0, 1)
    targets = targets.flatten()
    rows = max(1, _CHUNK // logits.shape[-1])
    if len(targets) <= rows:
        return _summed(logits, targets)
    parts = zip(torch.split(logits, rows), torch.split(targets, rows), strict=True)
    return torch.stack([checkpoint(_summed, *part, use_reentrant=False) for part in parts]).sum()


def _summed(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return cross_entropy(logits.float(), targets, ignore_index=IGNORED, reduction="sum")


def _keeps(model: torch.nn.Module) -> bool:
    """Say whether a model, whatever it is wrapped in, can make some of its logits only."""
    inner: Any = getattr(model, "module", model)  # DistributedDataParallel
    if hasattr(inner, "get_base_model"):  # peft
        inner = inner.get_base_model()
    return "logits_to_keep" in inspect.signature(type(inner).forward).parameters
