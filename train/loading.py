"""Models and tokenizers by name: those of the hub, of a folder, or made from nothing."""

import importlib.util
import os
import pickle
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from rfft.rules.corpus import files, gguf

from . import attention, models
from .errors import TrainingRejected
from .recipe import Recipe

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_WEIGHTS = ("*.safetensors", "*.bin")
_DTYPES = {"bf16": torch.bfloat16, "fp32": torch.float32}


def identity(name: str) -> str | None:
    """Return a hash of the weights and settings of a model in a folder; None for other models."""
    if name in models.SIZES:
        return None
    folder = Path(gguf.folder(name))
    if not folder.is_dir():
        return None
    found = [path for kind in (*_WEIGHTS, "config.json") for path in folder.glob(kind)]
    hashes = {path.name: files.digest(path) for path in found}
    return sha256(repr(sorted(hashes.items())).encode()).hexdigest()


def check_files(name: str) -> None:
    """Raise TrainingRejected if a file of weights in the folder of a model is cut or damaged.

    It looks at their heads and sizes, and loads nothing.
    """
    from safetensors import SafetensorError, safe_open

    for path in sorted(Path(gguf.folder(name)).glob("*.safetensors")):
        try:
            with safe_open(path, framework="pt"):
                pass
        except (SafetensorError, OSError) as error:
            raise TrainingRejected(_damaged(str(path), error)) from None


def tokenizer(name: str) -> "PreTrainedTokenizerBase":
    """Return the tokenizer of a model. Raises TrainingRejected."""
    if name in models.SIZES:
        from .tokenizer import make_tokenizer

        return make_tokenizer()
    from transformers import AutoTokenizer

    folder = gguf.folder(name)
    try:
        found: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(folder)
    except (OSError, ValueError, KeyError) as error:
        raise TrainingRejected(_unknown(name, "tokenizer", error)) from None
    if found.eos_token_id is None:
        raise TrainingRejected(f"{name}: the tokenizer has no end-of-text token (eos_token)")
    return found


def model(name: str, recipe: Recipe, tokenizer: "PreTrainedTokenizerBase") -> "PreTrainedModel":
    """Return a model to be trained by a recipe.

    All weights that are trained are in float32, also where products are in bfloat16: a step of
    1e-5 is lost in eight bits. Frozen weights are in the precision of the recipe.
    Raises TrainingRejected.
    """
    if name in models.SIZES:
        found = models.make_model(name, seed=recipe.seed)
    else:
        found = weights(name, _precision(recipe))
    return _fitted(found, name, recipe, tokenizer)


def skeleton(name: str, recipe: Recipe, tokenizer: "PreTrainedTokenizerBase") -> "PreTrainedModel":
    """Return what `model` returns, from the settings alone: the values of its weights are random.

    For a model of the hub, no weights are loaded. On the device ``meta``, or among fake tensors,
    it takes no memory. Raises TrainingRejected.
    """
    if name in models.SIZES:
        return _fitted(
            models.make_model(name, seed=recipe.seed, copies=False), name, recipe, tokenizer
        )
    from transformers import AutoConfig, AutoModelForCausalLM

    dtype = _DTYPES[_precision(recipe)]
    try:
        settings = AutoConfig.from_pretrained(gguf.folder(name))
        found: PreTrainedModel = AutoModelForCausalLM.from_config(settings, dtype=dtype)
    except (OSError, ValueError, KeyError) as error:
        raise TrainingRejected(_unknown(name, "model", error)) from None
    return _fitted(found, name, recipe, tokenizer)


def _precision(recipe: Recipe) -> str:
    """Return the precision in which weights are loaded."""
    return recipe.precision if recipe.pissa_rank else "fp32"


def _fitted(
    found: "PreTrainedModel", name: str, recipe: Recipe, tokenizer: "PreTrainedTokenizerBase"
) -> "PreTrainedModel":
    """Give a model its attention; raise TrainingRejected if context or tokenizer do not fit it."""
    implementation = _attention(found, recipe)
    try:
        found.set_attn_implementation(implementation)
    except (ImportError, ValueError) as error:
        raise TrainingRejected(f"attention {implementation}: {_line(error)}") from None
    most = getattr(found.config.get_text_config(), "max_position_embeddings", None)
    if most is not None and recipe.context > most:
        raise TrainingRejected(
            f"{name}: has {most:,} positions, and the context is {recipe.context:,}; "
            f"--context {most} or another model"
        )
    embeddings: Any = found.get_input_embeddings()
    rows = embeddings.weight.shape[0]
    if len(tokenizer) > rows:
        raise TrainingRejected(f"{name}: has {rows:,} embeddings for {len(tokenizer):,} tokens")
    return found


def weights(name: str, precision: str) -> "PreTrainedModel":
    """Return a model of a folder or of the hub in ``bf16`` or ``fp32``.

    Raises TrainingRejected, also if weights are damaged, or lack some of the model.
    """
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM

    try:
        both: Any = AutoModelForCausalLM.from_pretrained(
            gguf.folder(name), dtype=_DTYPES[precision], output_loading_info=True
        )
    except (OSError, ValueError, KeyError) as error:
        raise TrainingRejected(_unknown(name, "model", error)) from None
    except (SafetensorError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        if is_memory(error):
            raise
        raise TrainingRejected(_damaged(name, error)) from None
    found, said = both
    if said["missing_keys"]:
        missing = sorted(said["missing_keys"])
        raise TrainingRejected(
            f"{name}: the weights are not whole: {len(missing):,} tensors are missing, such as "
            f"{missing[0]}; copy or download them again"
        )
    made: PreTrainedModel = found
    return made


def is_memory(error: BaseException) -> bool:
    """Say whether an error tells that memory is short."""
    said = str(error)
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or (
        isinstance(error, RuntimeError)
        and ("not enough memory" in said or "can't allocate memory" in said)
    )


def _attention(model: "PreTrainedModel", recipe: Recipe) -> str:
    if recipe.attention != "auto":
        return recipe.attention
    if model.config.model_type == models.MODEL_TYPE and _blocks(recipe):
        return attention.register()
    flash = torch.cuda.is_available() and recipe.precision == "bf16"
    if flash and importlib.util.find_spec("flash_attn") and model._supports_flash_attn:
        return "flash_attention_2"
    return "sdpa" if model._supports_sdpa else "eager"


def _blocks(recipe: Recipe) -> bool:
    return not torch.cuda.is_available() and recipe.layout != "packed" and not recipe.compile


def packed(model: "PreTrainedModel", recipe: Recipe) -> bool:
    """Say whether samples stand in one row: where attention takes lengths, if not told otherwise.

    Raises TrainingRejected for models that carry more than attention from token to token.
    """
    if recipe.layout == "packed" and getattr(model, "_is_stateful", False):
        raise TrainingRejected(
            f"{type(model).__name__} has layers that would see across samples in one row: "
            "--layout grouped"
        )
    if recipe.layout != "auto":
        return recipe.layout == "packed"
    implementation = str(model.config._attn_implementation)
    varlen = "flash" in implementation or "flex" in implementation
    return varlen and not getattr(model, "_is_stateful", False)


def checkpoint_gradients(model: "PreTrainedModel") -> None:
    """Have activations made again when gradients need them, rather than kept."""
    # transformers 5.20 or so has given it another name.
    enable = getattr(model, "activation_checkpointing_enable", model.gradient_checkpointing_enable)
    enable({"use_reentrant": False})


def compile_layers(model: "PreTrainedModel") -> None:
    """Compile each layer by itself: as fast as compiling the whole, and ready much sooner."""
    names = set(getattr(model, "_no_split_modules", None) or ())
    layers = [module for module in model.modules() if type(module).__name__ in names]
    if not layers:
        raise TrainingRejected(f"{type(model).__name__}: its layers are unknown; --no-compile")
    # Layers share their code, and each kind of layer and shape of input counts.
    torch._dynamo.config.recompile_limit = max(torch._dynamo.config.recompile_limit, 64)
    for layer in layers:
        layer.compile()


def sharded() -> bool:
    """Say whether `accelerate launch` has asked for FSDP."""
    return os.environ.get("ACCELERATE_USE_FSDP", "").lower() in ("1", "true", "yes")


def _unknown(name: str, what: str, error: Exception) -> str:
    known = ", ".join([*models.SIZES, "folders", "GGUF files", *gguf.PACKAGES])
    return f"no {what} {name!r}; there are {known}, and names of the hub: {_line(error)}"


def _damaged(name: str, error: Exception) -> str:
    return f"{name}: the weights are damaged: {_line(error)}; copy or download them again"


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
