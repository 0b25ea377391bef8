"""A tiny model of each causal architecture of transformers, with random weights.

Most configurations are made small by the same settings, whichever of them they have; what more some
architectures want stands in `OWN`.
"""

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rfft.train.tokenizer import make_tokenizer

MOST = 5_000_000  # parameters of a tiny model

LEFT_OUT = {
    "blt": "tables of 96 million weights that no setting makes smaller",
    "dots3_note": "settings for each layer that cannot be other than those of the whole model",
    "dots3_note_text": "experts whose width no setting of its configuration names",
    "emu3": "its part that writes text is not read by AutoModelForCausalLM",
    "gemma3n": "needs the package timm",
    "gemma4_assistant": "drafts for another model, and writes no text alone",
    "gemma4_unified": "images and sound, with large tables",
    "gemma4_unified_assistant": "drafts for another model, and writes no text alone",
    "mllama": "its part that writes text is not read by AutoModelForCausalLM",
    "musicgen": "writes music, and has no configuration of a language model",
    "musicgen_melody": "writes music, and has no configuration of a language model",
    "reformer": "`generate` of transformers 5.24 fails on its cache",
    "xlstm": "its kernels want heads of at least 16",
}
"""Architectures that no tiny model is made of, and why."""

# A size, and settings that have it.
_SIZES = """
32 hidden_size d_model n_embd dim emb_dim embedding_dim embedding_size hidden_dim
32 word_embed_proj_dim pronunciation_embed_dim shape_embed_dim input_embedding_size
32 output_embedding_size lru_width attention_hidden_size router_hidden_size projection_dim
64 intermediate_size ffn_dim encoder_ffn_dim decoder_ffn_dim ffn_hidden_size dim_ff dff d_inner
64 feed_forward_size moe_intermediate_size n_inner shared_intermediate_size
64 shared_expert_intermediate_size expert_ffn_hidden_size dense_intermediate_size
64 intermediate_size_mlp moe_shared_expert_intermediate_size shared_experts_intermediate_size
64 mamba_d_ssm
4 num_hidden_layers n_layer n_layers num_layers encoder_layers decoder_layers
4 num_encoder_layers num_decoder_layers num_blocks
4 num_attention_heads n_head n_heads num_heads encoder_attention_heads attention_heads
4 decoder_attention_heads num_encoder_attention_heads num_decoder_attention_heads
4 swa_num_attention_heads linear_num_key_heads linear_num_value_heads num_experts
4 n_routed_experts num_local_experts moe_num_experts adapter_rank qk_rope_head_dim rotary_dim
2 num_key_value_heads num_kv_heads swa_num_key_value_heads num_query_groups moe_topk moe_k
2 num_experts_per_tok num_experts_per_token top_k mamba_expand expand o_groups
8 head_dim dim_head d_head v_head_dim qk_nope_head_dim swa_head_dim kv_channels
8 attention_head_size global_head_dim index_head_dim linear_key_head_dim linear_value_head_dim
8 mamba_d_head mamba_head_dim mamba_headdim mamba_d_state ssm_state_size state_size
8 laurel_rank mamba_dt_rank time_step_rank mamba_chunk_size chunk_size mamba_n_heads
8 mamba_num_heads n_mamba_heads o_lora_rank index_topk hidden_size_per_layer_input
1 n_group topk_group num_expert_group n_groups mamba_n_groups mamba_ngroups zero_expert_num
1 n_shared_experts num_mem_blocks first_k_dense_replace eos_token_id
12 qk_head_dim
16 sliding_window window_size attention_window_size sliding_window_size local_attention
16 keep_window_size q_lora_rank kv_lora_rank block_size index_n_heads
1024 max_position_embeddings n_positions n_ctx max_seq_len context_length max_target_positions
1042 vocab_size vocab_size_per_layer_input unpadded_vocab_size
0 num_kv_shared_layers pad_token_id
"""
_SMALL: dict[str, Any] = {
    **{
        name: int(size)
        for size, *names in map(str.split, _SIZES.split("\n")[1:-1])
        for name in names
    },
    "is_decoder": True,
    "bos_token_id": None,
}
_FULL_HEADS = {"num_key_value_heads": 4}
_MIXED = ["linear_attention", "full_attention"] * 2
_BOS = {"bos_token_id": 2}
_INDEXER = {
    "indexer_n_heads": 2, "indexer_kv_heads": 1, "indexer_head_dim": 8, "indexer_budget": 8,
    "indexer_compress_ratio": 2,
}  # fmt: skip
OWN: dict[str, dict[str, Any]] = {
    "axk1": _FULL_HEADS, "axk2": _FULL_HEADS,
    "bailing_hybrid": {"layer_group_size": 2, **_FULL_HEADS},
    "bamba": {"attn_layer_indices": [1, 3]},
    "cohere_compass_text": {"rope_parameters": {"full_attention": {"rope_type": "default",
                                                                   "rope_theta": 1e4}}},
    "cwm": _BOS,
    "dbrx": {"attn_config": {"rope_theta": 1e4, "kv_n_heads": 2, "clip_qkv": 8.0},
             "ffn_config": {"ffn_hidden_size": 64, "moe_num_experts": 4, "moe_top_k": 2}},
    "deepseek_v2": _FULL_HEADS, "deepseek_v3": _FULL_HEADS, "deepseek_v32": _FULL_HEADS,
    "dory": {"n_input_layers": 1, "n_recurrent_layers": 2, "n_output_layers": 1},
    "glm4_moe_lite": _FULL_HEADS, "glm_moe_dsa": _FULL_HEADS,
    "gpt_neo": {"attention_types": [[["global", "local"], 2]]},
    "granitemoehybrid": {"layer_types": _MIXED},
    "jamba": {"attn_layer_period": 2, "attn_layer_offset": 1},
    "kimi_linear": {"layer_types": _MIXED, "linear_head_dim": 8, "linear_num_heads": 4,
                    **_FULL_HEADS},
    "lfm2": {"layer_types": ["conv", "full_attention"] * 2},
    "lfm2_moe": {"layer_types": ["conv", "full_attention"] * 2},
    "longcat_flash": {"head_dim": 4, **_FULL_HEADS},
    "mamba2": {"num_heads": 8, "head_dim": 8},
    "minicpm3": _FULL_HEADS,
    "modernbert-decoder": _BOS,
    "qwen4_exp_text": _INDEXER,
    "sarvam_mla": _FULL_HEADS,
    "xmod": {"default_language": "en_XX"},
    "youtu": _FULL_HEADS,
    "zamba": {"num_hidden_layers": 6, "n_mamba_heads": 2, "attention_hidden_size": 64,
              "attention_head_dim": 16,
              "layers_block_type": ["linear_attention", "linear_attention", "hybrid"] * 2},
    "zamba2": {"layers_block_type": ["linear_attention", "hybrid"] * 2,
               "attention_hidden_size": 64, "attention_head_dim": 16},
    "zaya": {"num_experts_per_tok": 1},
}  # fmt: skip


def names() -> list[str]:
    """Return the causal architectures that transformers has."""
    from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

    return sorted(MODEL_FOR_CAUSAL_LM_MAPPING_NAMES)


def small(name: str) -> dict[str, Any]:
    """Return the settings that make a configuration small."""
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    return _small(CONFIG_MAPPING[name])


def _small(kind: Any) -> dict[str, Any]:
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    aliases: Mapping[str, str] = kind.attribute_map
    known = {*inspect.signature(kind.__init__).parameters, *aliases, *aliases.values()}
    made = {name: value for name, value in _SMALL.items()
            if name in known and aliases.get(name) not in _SMALL}  # fmt: skip
    for part, inner in kind.sub_configs.items():
        if inner.__name__ != "AutoConfig":
            made[part] = _small(inner)
        elif part in (kind.sub_configs_defaults or {}):
            of = kind.sub_configs_defaults[part].model_type
            made[part] = {"model_type": of, **_small(CONFIG_MAPPING[of])}
    return {**made, **OWN.get(kind.model_type, {})}


def model(name: str, **settings: Any) -> Any:
    """Return a tiny model of an architecture; its texts depend on all of what is before them."""
    import torch
    from transformers import AutoModelForCausalLM
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    config = CONFIG_MAPPING[name](**small(name) | settings)
    with torch.device("meta"):
        size = sum(p.numel() for p in AutoModelForCausalLM.from_config(config).parameters())
    assert size < MOST, f"{size:,} parameters"
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(0)
        made = AutoModelForCausalLM.from_config(config).eval()
        for parameter in made.parameters():
            if parameter.ndim > 1:
                parameter.normal_(0, 1.5 * parameter.shape[-1] ** -0.5)
    return made


def checkpoint(folder: Path, name: str, **settings: Any) -> Path:
    """Write a tiny model and a tokenizer into a folder; return it."""
    from transformers import GenerationConfig

    made = model(name, **settings)
    made.generation_config = GenerationConfig(pad_token_id=0)
    made.save_pretrained(folder)
    make_tokenizer().save_pretrained(folder)
    return folder
