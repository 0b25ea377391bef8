"""Models of all kinds answer in batches as they do alone, and as `generate` has them answer."""

import itertools
import random
from pathlib import Path

import pytest

from rfft.eval.backends import Model, load
from rfft.eval.questions import Question
from rfft.rules.corpus.encoding import encode_prompts

from . import architectures

torch = pytest.importorskip("torch")

TOKENS = 18  # of an answer, at the most
APART = "its answers differ in a batch: one at a time"
SAMPLE = {
    "falcon_h1": "", "gemma3_text": "", "granitemoehybrid": "", "jamba": "", "mamba": "",
    "qwen3_5_text": "", "bart": APART, "rwkv": APART,
}  # fmt: skip
"""Windows, states beside attention and alone, what a batch has no place for; what is told of it."""


def asked() -> list[Question]:
    """Return questions with prompts of different lengths."""
    rng = random.Random(0)
    texts = [
        " ".join(rng.choices(["x = 1", "num", "42", "loop", "+"], k=n)) for n in (20, 4, 30, 9)
    ]
    return [Question(f"q:1:{n}", "q", 1, "rfft", text, "", "1", "", ())
            for n, text in enumerate(texts)]  # fmt: skip


def generated(folder: Path) -> list[list[int]]:
    """Return the tokens that `generate` writes for each question alone, as many as it may."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)  # not that of other kinds of models
    model = AutoModelForCausalLM.from_pretrained(folder)
    return [
        model.generate(torch.tensor([ids]), do_sample=False, max_new_tokens=TOKENS)[
            0, len(ids) :
        ].tolist()
        for ids in encode_prompts(tokenizer, [question.prompt for question in asked()])
    ]


def answered(folder: Path, batch: int) -> list[tuple[str, int]]:
    """Return the texts with which a model answers, and of how many tokens they are."""
    made = load(Model(str(folder), batch=batch)).answers(asked())
    return [(a.text, a.written) for a in sorted(made, key=lambda answer: answer.id)]


def same(folder: Path, *batches: int) -> None:
    """See that answers of a batch, of which some end before others, are those of `generate`."""
    from transformers import AutoTokenizer, GenerationConfig

    tokenizer = AutoTokenizer.from_pretrained(folder)
    free = generated(folder)
    assert {len(ids) for ids in free} == {Model("").limit(1)} == {TOKENS}
    # The first text ends early, and the last one somewhat later, if they have not done so before.
    ends = {1, free[0][3], free[3][9]}
    GenerationConfig(pad_token_id=0, eos_token_id=sorted(ends)).save_pretrained(folder)
    wanted = []
    for ids in free:
        text = list(itertools.takewhile(lambda token: token not in ends, ids))
        wanted.append((tokenizer.decode(text), min(len(text) + 1, TOKENS)))
    for batch in batches:
        assert answered(folder, batch) == wanted


def told(capsys) -> list[str]:
    """Return the lines on standard error that are ours."""
    return [line for line in capsys.readouterr().err.splitlines() if line.startswith("rfft")]


@pytest.mark.parametrize(("name", "line"), SAMPLE.items())
def test_a_batch_answers_as_each_question_alone(name, line, tmp_path, capsys):
    folder = architectures.checkpoint(tmp_path, name)
    same(folder, 4)
    assert told(capsys) == [f"rfft: {folder}: {line}"] * bool(line)


@pytest.mark.slow
@pytest.mark.parametrize("name", architectures.names())
def test_each_architecture_answers_in_batches(name, tmp_path):
    if name in architectures.LEFT_OUT:
        pytest.skip(architectures.LEFT_OUT[name])
    same(architectures.checkpoint(tmp_path, name), 4, 1)


def test_few_architectures_are_left_out():
    assert len(set(architectures.names()) - architectures.LEFT_OUT.keys()) >= 183


def test_a_cache_that_cannot_be_cut_runs_to_the_end_of_its_batch(tmp_path, capsys, monkeypatch):
    monkeypatch.delattr("transformers.cache_utils.LinearAttentionCacheLayerMixin.reorder_cache")
    folder = architectures.checkpoint(tmp_path, "lfm2")
    same(folder, 4)
    assert told(capsys) == [f"rfft: {folder}: nothing leaves its batches: each runs to its end"]


@pytest.mark.parametrize(("longest", "line"), [
    (64, "its positions follow the longest text of a batch: one answer at a time"), (4096, ""),
])  # fmt: skip
def test_positions_that_follow_the_longest_text_keep_texts_apart(longest, line, tmp_path, capsys):
    folder = architectures.checkpoint(
        tmp_path, "llama", max_position_embeddings=longest,
        rope_parameters={"rope_type": "dynamic", "factor": 4.0, "rope_theta": 1e4},
    )  # fmt: skip
    same(folder, 4)
    assert told(capsys) == [f"rfft: {folder}: {line}"] * bool(line)
