"""Small tokenizers, models, corpora and recipes for tests."""

from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

from rfft.rules.corpus.build import build
from rfft.train import recipe
from rfft.train.models import make_model
from rfft.train.tokenizer import make_tokenizer
from rfft.train.training import Plan

from ..rules.corpus.small import plan_in

CHAT = (
    "{% for m in messages %}<{{ m.role }}>{{ m.content }}<end>\n{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)
TURNS = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n"
    "{% if hurry %}<hurry>{% endif %}{% endif %}"
)
"""Of which the turn's own end is not the end of texts."""
RECIPE = """
style = "rfft"
learning_rate = 3e-3
batch = 8
context = 1024
micro_tokens = 1024
precision = "fp32"
warmup = 2
"""


def byte_tokenizer(
    *, chat: bool = False, turns: bool = False, closing: bool = False, opening: bool = True
) -> PreTrainedTokenizerFast:
    """Return a tokenizer with one token a byte; `closing` ones put eos behind every text.

    `opening` ones put bos in front. Those with `chat` or `turns` have a chat template.
    """
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = ["<pad>", "<bos>", "<end>", "<user>", "<assistant>"]
    vocabulary = {token: number for number, token in enumerate([*special, *alphabet])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([*special, *["<|im_start|>", "<|im_end|>"] * turns])
    template = "<bos> " * opening + "$A" + " <end>" * closing
    tokenizer.post_processor = processors.TemplateProcessing(
        single=template, special_tokens=[("<bos>", 1), ("<end>", 2)]
    )
    made = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", bos_token="<bos>", eos_token="<end>"
    )
    if chat or turns:
        made.chat_template = CHAT if chat else TURNS
    return made


def corpus_in(folder: Path, **changes: Any) -> Path:
    """Build a corpus of two short tasks; return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = plan_in(folder, **{"lengths": (1, 3), "format": "jsonl", **changes})
    build(plan, folder / "corpus", workers=1)
    return folder / "corpus"


def model_in(folder: Path) -> Path:
    """Write a very small model and its tokenizer; return the folder."""
    model = make_model("tiny", seed=0, hidden_size=32, num_hidden_layers=2, num_attention_heads=2)
    model.save_pretrained(folder)
    make_tokenizer().save_pretrained(folder)
    return folder


def plan_for(folder: Path, corpus: Path, model: Path, **changes: Any) -> Plan:
    """Return what trains the model in ``folder/run``; changes of the recipe or of the plan."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "small.toml").write_text(RECIPE)
    own = {n: changes.pop(n) for n in ("validation", "save_every", "out") if n in changes}
    chosen = recipe.load(str(folder / "small.toml"), **changes)
    settings = {"out": folder / "run", "save_every": 2, "cache": folder.parent / "cache", **own}
    return Plan(chosen, str(model), corpus, **settings)
