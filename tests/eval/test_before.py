"""What an evaluation says before it asks: of adapters, of weights, of sides, of positions."""

import json
import shutil

import pytest
import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import GPT2Config, GPT2LMHeadModel

from rfft.eval import questions
from rfft.eval.backends import Model, check, load
from rfft.eval.errors import EvalRejected
from rfft.train.models import make_model
from rfft.train.tokenizer import make_tokenizer

from .small import corpus_in, run


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return corpus_in(tmp_path_factory.mktemp("short"), lengths=(1, 3), per_length=3)


@pytest.fixture
def trained(tmp_path):
    """A folder as `rfft train` leaves it: a model, and in it an adapter without a tokenizer."""
    base, folder = tmp_path / "base", tmp_path / "run"
    model = make_model("tiny", seed=3, hidden_size=32, num_hidden_layers=2, num_attention_heads=2)
    model.save_pretrained(base)
    make_tokenizer().save_pretrained(base)
    model.name_or_path = str(base)
    torch.manual_seed(0)
    config = LoraConfig(r=4, target_modules="all-linear", init_lora_weights=False)
    adapted = get_peft_model(model, config)
    adapted.save_pretrained(folder / "adapter")
    adapted.merge_and_unload().save_pretrained(folder)
    make_tokenizer().save_pretrained(folder)
    return folder


def texts(model, asked):
    return {answer.id: answer.text for answer in load(Model(str(model))).answers(asked)}


@pytest.mark.slow
def test_an_adapter_without_a_tokenizer_answers_as_the_merged_model(trained, corpus, tmp_path):
    asked = questions.read(corpus, limit=3).all
    expected = texts(trained, asked)
    assert texts(trained / "adapter", asked) == expected
    assert texts(tmp_path / "base", asked) != expected
    shutil.copytree(trained / "adapter", tmp_path / "alone")
    assert texts(tmp_path / "alone", asked) == expected, "the tokenizer is that of the base"


@pytest.mark.parametrize(
    ("base", "said"),
    [(None, "does not say which model"), ("/gone", "is an adapter for /gone, which is not there")],
)
def test_an_adapter_whose_base_is_not_there(base, said, trained):
    path = trained / "adapter" / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"base_model_name_or_path": base}))
    with pytest.raises(EvalRejected, match=said) as raised:
        check(Model(str(trained / "adapter")))
    assert f"--model {trained} has the change" in str(raised.value)


def test_an_adapter_that_is_damaged(trained):
    (trained / "adapter" / "adapter_config.json").write_text("{")
    with pytest.raises(EvalRejected, match=r"adapter_config\.json: is damaged"):
        check(Model(str(trained / "adapter")))


def test_weights_that_lack_some_of_the_model(trained, corpus):
    path = trained / "model.safetensors"
    weights = load_file(path)
    del weights["model.norm.weight"]
    save_file(weights, path, metadata={"format": "pt"})
    with pytest.raises(EvalRejected, match=r"1 tensors are missing, such as model\.norm\.weight"):
        load(Model(str(trained)))


def test_answers_that_a_model_has_no_positions_for_are_cut_and_it_is_said(corpus, tmp_path, capsys):
    tokenizer = make_tokenizer()
    asked = questions.read(corpus).all
    prompts = sorted(len(tokenizer(q.prompt)["input_ids"]) for q in asked)
    config = GPT2Config(
        vocab_size=len(tokenizer), n_positions=prompts[-1], n_embd=16, n_layer=1, n_head=2,
        bos_token_id=0, eos_token_id=tokenizer.eos_token_id,
    )  # fmt: skip
    GPT2LMHeadModel(config).save_pretrained(tmp_path / "short")
    tokenizer.save_pretrained(tmp_path / "short")
    found = {a.id: a for a in load(Model(str(tmp_path / "short"))).answers(asked)}
    said = capsys.readouterr().err
    assert f"has {prompts[-1]:,} positions, too few for the prompts and true answers" in said
    assert found.keys() == {q.id for q in asked}
    assert all(a.read + a.written <= prompts[-1] or not a.written for a in found.values())
    assert any(not a.written and a.finish == "length" for a in found.values())


def test_a_corpus_of_the_side_train_is_said_to_be_one(trained, tmp_path):
    learnt = corpus_in(tmp_path, side="train", lengths=(1, 1), per_length=2)
    done = run("--model", trained, "--corpus", learnt, "--out", tmp_path / "out")
    assert done.returncode == 0
    assert "is of the side train; a model may have learnt these very instances" in done.stderr
