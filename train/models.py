"""Models made from nothing: a public architecture in small, with random weights."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transformers import PreTrainedModel

#: Of four layers, three see a window of the last tokens, with rotary positions, and the third one
#: sees all of the text and has no positions. See docs/positions.md for what else was tried.
SIZES: dict[str, dict[str, Any]] = {
    "tiny": {"hidden_size": 128, "num_hidden_layers": 4, "num_attention_heads": 4},
    "small": {"hidden_size": 384, "num_hidden_layers": 8, "num_attention_heads": 6},
}


MODEL_TYPE = "smollm3"  # as transformers calls the architecture


def make_model(size: str, *, seed: int, copies: bool = True, **changes: Any) -> "PreTrainedModel":
    """Return a model of this size with random weights; the same seed gives the same weights.

    With `copies`, they are laid out to copy from the start (`rfft.train.copying`). `changes` are
    settings of the configuration (`transformers.SmolLM3Config`) that differ. The model's vocabulary
    is that of `make_tokenizer`. The seed of torch stays as it was.
    Raises ValueError if there is no such size.
    """
    import torch
    from transformers import SmolLM3Config, SmolLM3ForCausalLM

    from . import copying
    from .tokenizer import make_tokenizer

    if size not in SIZES:
        raise ValueError(f"no model {size!r}: the sizes are {', '.join(SIZES)}")
    tokenizer = make_tokenizer()
    settings = SIZES[size] | changes
    hidden, layers = settings["hidden_size"], settings["num_hidden_layers"]
    defaults = {
        "vocab_size": len(tokenizer),
        "intermediate_size": 3 * hidden,
        "num_key_value_heads": settings["num_attention_heads"],
        "no_rope_layers": [int(n % 4 != 2) for n in range(layers)],
        "layer_types": [
            "full_attention" if n % 4 == 2 else "sliding_attention" for n in range(layers)
        ],
        "use_sliding_window": True,
        "sliding_window": 256,
        "attention_bias": True,
        "max_position_embeddings": 32768,
        "rope_parameters": {"rope_type": "default", "rope_theta": 1e8},
        # Much more than the usual 0.02, with which narrow models learn late.
        "initializer_range": 0.7 * hidden**-0.5,
        "tie_word_embeddings": True,
        "bos_token_id": None,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = SmolLM3ForCausalLM(SmolLM3Config(**defaults | settings))
        if copies:
            copying.lay_out(model)
        return model
