"""How much memory training will take, by part, told before anything is loaded.

Weights, gradients and moments are counted. What a micro-batch takes on the way, forward and
backward, is found by going through it with fake tensors, which have shapes and no values; that is
exact but for what fused operations need inside, and the device's own overhead.
"""

import os
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils import _pytree as pytree
from torch.utils._python_dispatch import TorchDispatchMode

from . import loading
from .batching import Layout, Micro, Order
from .loss import learnt, response_loss
from .recipe import Recipe
from .tokens import Tokens

_LOOKED_AT = 50  # steps whose micro-batches are looked at, spread over all


@dataclass(frozen=True)
class Memory:
    """The bytes that one process takes, by part; `activations` None where it cannot be told."""

    weights: int
    gradients: int
    optimiser: int
    activations: int | None

    @property
    def total(self) -> int:
        """All that is known of, together."""
        return self.weights + self.gradients + self.optimiser + (self.activations or 0)


def estimate(model: torch.nn.Module, recipe: Recipe, micro: Micro, device: torch.device) -> Memory:
    """Return the memory that it takes to train a model of the device ``meta`` on a device.

    `micro` is the largest micro-batch. Under FSDP, weights, gradients and moments are shared out.
    """
    weights = sum(p.nbytes for p in model.parameters())
    trained = sum(p.nbytes for p in model.parameters() if p.requires_grad)
    parts = int(os.environ.get("WORLD_SIZE", "1")) if loading.sharded() else 1
    try:
        way = _on_the_way(model, recipe, micro, device)
    except Exception:  # what a model's own code does with fake tensors may raise anything
        way = None
    return Memory(weights // parts, trained // parts, 2 * trained // parts, way)


def there(device: torch.device) -> tuple[int, str]:
    """Return how many bytes of memory there are, and where."""
    if device.type == "cuda":
        found = torch.cuda.get_device_properties(device)
        return found.total_memory, found.name
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), "this machine"


def largest(tokens: Tokens, order: Order, steps: int, layout: Layout) -> Micro:
    """Return the micro-batch that has the most tokens, filled up, of some of the steps."""
    some: Sequence[int] = range(0, steps, -(-steps // _LOOKED_AT))
    micros = (micro for n in some for micro in layout.batch(tokens, order.step(n)).micros)
    return max(micros, key=lambda micro: (micro.input_ids.numel(), micro.input_ids.shape[1]))


def _on_the_way(model: torch.nn.Module, recipe: Recipe, micro: Micro, device: torch.device) -> int:
    """Return the most bytes that a micro-batch takes, forward and backward."""
    wanted = learnt(micro)
    with FakeTensorMode(allow_non_fake_inputs=True) as fakes:
        _materialise(model, device)
        model.train()
        if recipe.gradient_checkpointing:
            loading.checkpoint_gradients(model)  # type: ignore[arg-type]
        known = list(model.parameters())
        for weight in known:
            if weight.requires_grad:
                weight.grad = torch.empty_like(weight)
        cast = torch.autocast(device.type, torch.bfloat16, enabled=recipe.precision == "bf16")

        def fake(real: torch.Tensor) -> torch.Tensor:
            return fakes.from_tensor(real).to(device)

        positions = None if micro.position_ids is None else fake(micro.position_ids)
        given = Micro(fake(micro.input_ids), fake(micro.targets), positions)
        with _Live([*known, *(p.grad for p in known if p.grad is not None)]) as live, cast:
            response_loss(model, given, fake(wanted)).backward()  # type: ignore[no-untyped-call]
        return int(live.most)


def _materialise(model: torch.nn.Module, device: torch.device) -> None:
    """Put fake tensors of a device in place of those of the device meta."""
    made: dict[int, Any] = {}
    for module in model.modules():
        for name, weight in module._parameters.items():
            if weight is not None and weight.is_meta:
                if id(weight) not in made:
                    made[id(weight)] = torch.nn.Parameter(
                        torch.empty_like(weight, device=device), weight.requires_grad
                    )
                module._parameters[name] = made[id(weight)]
        for name, values in module._buffers.items():
            if values is not None and values.is_meta:
                module._buffers[name] = torch.empty_like(values, device=device)


class _Live(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the bytes of the tensors that are alive, but for those that were there before."""

    def __init__(self, known: Sequence[torch.Tensor]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._known = {id(t.untyped_storage()) for t in known}
        self._kept = [t.untyped_storage() for t in known]
        self._now = self.most = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        out = func(*args, **(kwargs or {}))
        for tensor in pytree.tree_leaves(out):
            if isinstance(tensor, torch.Tensor):
                self._add(tensor.untyped_storage())
        return out

    def _add(self, storage: torch.UntypedStorage) -> None:
        place, size = id(storage), storage.nbytes()
        if place in self._known:
            return
        self._known.add(place)
        self._now += size
        self.most = max(self.most, self._now)
        weakref.finalize(storage, self._gone, place, size)

    def _gone(self, place: int, size: int) -> None:
        self._known.discard(place)
        self._now -= size
