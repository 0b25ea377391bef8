"""PiSSA adapters: low-rank matrices that begin as the largest singular parts of the weights.

PiSSA (Meng et al. 2024) takes the product ``B A`` of the adapters out of each weight ``W`` and
freezes the rest, so the base that is trained on is not the model that was loaded. Singular values
are found once, and the first adapters are kept in the run folder: a run that goes on takes the
very same rest. What is saved in the end does not need it: the merged weights, and an adapter for
the model as it was loaded (peft writes ``B A - B0 A0`` as one adapter of twice the rank).

A matrix has no more singular values than its smaller side; a layer that is smaller than the rank
gets an adapter of that rank, which is all of it.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from rfft.tracer.commands import disk

from .errors import TrainingRejected

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel

_NAME = "default"


def smaller(model: "PreTrainedModel", rank: int) -> dict[str, int]:
    """Return the linear layers whose smaller side is less than a rank, with that side."""
    from transformers.pytorch_utils import Conv1D

    output = model.get_output_embeddings()
    return {
        name: side
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear | Conv1D) and module is not output
        if (side := min(module.weight.shape)) < rank
    }


def add(model: "PreTrainedModel", rank: int, first: Path | None) -> "PeftModel":
    """Return a model with adapters for all of its linear layers but the output.

    `first` is the folder of the adapters as they were at the start; it is written if it is not
    there. To be called by one process first. Raises TrainingRejected for models that PiSSA is not
    for.
    """
    from peft import LoraConfig, get_peft_model
    from peft.utils import load_peft_weights, set_peft_model_state_dict

    known = first is not None and first.exists()
    ranks = smaller(model, rank)
    config = LoraConfig(
        r=rank,
        lora_alpha=rank,
        rank_pattern=ranks,
        alpha_pattern=ranks,
        target_modules="all-linear",
        init_lora_weights=False if known else "pissa",
        task_type="CAUSAL_LM",
    )
    kind = type(model).__name__
    try:
        made = get_peft_model(model, config)
    except (ValueError, AttributeError, NotImplementedError, TypeError) as error:
        why = " ".join(str(error).split())[:200]
        raise TrainingRejected(
            f"{kind}: PiSSA has no adapters for it ({why}); --pissa-rank 0 trains all weights"
        ) from None
    if first is None:
        return made
    if known:
        set_peft_model_state_dict(made, load_peft_weights(str(first), device="cpu"))
        _take_out(made)
    else:
        _save_first(made, first)
    return made


def _save_first(model: Any, first: Path) -> None:
    temporary = first.with_name(f".{first.name}.tmp")
    model.peft_config[_NAME].init_lora_weights = True  # the rest is not to be taken out again
    model.save_pretrained(str(temporary))
    disk.put_folder(temporary, first)


@torch.no_grad()
def _take_out(model: torch.nn.Module) -> None:
    """Take the product of the adapters out of the weights, with peft's own arithmetic."""
    from peft.tuners.lora import LoraLayer

    for module in model.modules():
        if not isinstance(module, LoraLayer):
            continue
        weight = module.get_base_layer().weight
        product = module.scaling[_NAME] * module.lora_B[_NAME].weight @ module.lora_A[_NAME].weight
        if module.fan_in_fan_out:
            product = product.T
        weight.data = (weight.float() - product).to(weight.dtype)


def merge(
    model: "PreTrainedModel", rank: int, first: Path, trained: Path, converted: Path
) -> "PreTrainedModel":
    """Return a model as it was loaded with trained adapters put into its weights.

    `trained` is the folder of the adapters. Into the folder `converted` goes the same change as an
    adapter for the model as it was loaded.
    """
    from peft.utils import load_peft_weights, set_peft_model_state_dict

    made = add(model, rank, first)
    set_peft_model_state_dict(made, load_peft_weights(str(trained), device="cpu"))
    made.save_pretrained(str(converted), path_initial_model_for_weight_conversion=str(first))
    merged: PreTrainedModel = made.merge_and_unload()
    return merged
