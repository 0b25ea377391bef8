"""Answers of a checkpoint in this process: those of greedy decoding, each within its bound."""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import time

import pytest

from rfft.eval import questions
from rfft.eval.backends import Model, check, load
from rfft.eval.errors import EvalRejected
from rfft.rules.corpus.encoding import encode_completions, encode_prompt
from rfft.rules.corpus.templates import Template
from rfft.train.models import make_model
from rfft.train.tokenizer import make_tokenizer

from ..train.small import TURNS, byte_tokenizer
from .small import corpus_in, run

SMALL = {"hidden_size": 32, "num_hidden_layers": 4, "num_attention_heads": 2, "copies": False}
WINDOW = 24  # shorter than the prompts


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return corpus_in(tmp_path_factory.mktemp("short"), lengths=(1, 2), per_length=3)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    """A random model that ends its texts at some point."""
    import torch

    folder = tmp_path_factory.mktemp("checkpoint")
    model = make_model("tiny", seed=7, sliding_window=WINDOW, **SMALL)
    tokenizer = make_tokenizer()
    with torch.no_grad():
        # Weights this large make texts that do not merely repeat a token.
        for parameter in model.parameters():
            parameter.mul_(8)
        model.get_input_embeddings().weight[tokenizer.eos_token_id] *= 1.3
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def one_by_one(checkpoint, asked, factor=2.0):
    """Return the texts that `generate` writes, one question at a time, and how they end."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    model = AutoModelForCausalLM.from_pretrained(checkpoint)
    found = {}
    for question in asked:
        ids = encode_prompt(tokenizer, question.prompt)
        (true,) = encode_completions(tokenizer, [question.completion])
        limit = Model("", factor=factor).limit(len(true))
        made = model.generate(torch.tensor([ids]), do_sample=False, max_new_tokens=limit)
        new = made[0, len(ids) :].tolist()
        ended = new[-1] == tokenizer.eos_token_id
        text = tokenizer.decode(new[:-1] if ended else new)
        found[question.id] = (text, "stop" if ended else "length", len(ids), len(new))
    return found


def answered(model, asked):
    made = load(model).answers(asked)
    return {a.id: (a.text, a.finish, a.read, a.written) for a in made}


def test_answers_are_those_of_generate(checkpoint, corpus):
    asked = questions.read(corpus, limit=6).all
    expected = one_by_one(checkpoint, asked)
    assert {finish for _, finish, _, _ in expected.values()} == {"stop", "length"}
    assert answered(Model(str(checkpoint), batch=4), asked) == expected


@pytest.mark.slow
def test_answers_of_continuous_batching_are_the_same(checkpoint, corpus):
    asked = questions.read(corpus, limit=3).all
    expected = one_by_one(checkpoint, asked)
    assert answered(Model(str(checkpoint), batching="continuous"), asked) == expected


def test_a_model_that_never_stops_is_bounded(checkpoint, corpus, tmp_path):
    done = run("--model", checkpoint, "--corpus", corpus, "--out", tmp_path / "r", "--limit", "6",
               "--max-factor", "1")  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads((tmp_path / "r/results.json").read_text())
    assert said["questions"] == 6
    assert said["problems"]["cut"] > 0
    tokenizer = make_tokenizer()
    true = {q.id: q.completion for q in questions.read(corpus, limit=6).all}
    for line in (tmp_path / "r/answers.jsonl").read_text().splitlines():
        answer = json.loads(line)
        (ids,) = encode_completions(tokenizer, [true[answer["id"]]])
        assert answer["written"] <= len(ids) + 16


@pytest.fixture(scope="module")
def ending(tmp_path_factory):
    """A model that ends its turn at once, by a token that is not the end of texts."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("ending")
    tokenizer = byte_tokenizer(turns=True)
    config = LlamaConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        vocab_size=len(tokenizer), max_position_embeddings=4096, eos_token_id=None,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        for parameter in model.model.layers.parameters():
            parameter.zero_()
        model.model.embed_tokens.weight.fill_(1)
        model.lm_head.weight.zero_()
        model.lm_head.weight[tokenizer.convert_tokens_to_ids("<|im_end|>")] = 1
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_an_answer_ends_with_the_turn(ending, corpus):
    asked = questions.read(corpus, limit=3).all
    for id_, answer in answered(Model(str(ending)), asked).items():
        question = next(q for q in asked if q.id == id_)
        read = len(encode_prompt(byte_tokenizer(turns=True), question.prompt))
        assert answer == ("", "stop", read, 1)
    plain = answered(Model(str(ending), template="none", factor=1), asked)
    assert {finish for _, finish, _, _ in plain.values()} == {"length"}
    system = answered(Model(str(ending), system="Be brief."), asked)
    assert min(read for *_, read, _ in system.values()) > len("Be brief.") + min(
        read for *_, read, _ in plain.values()
    )


def test_a_run_of_training_is_asked_as_it_was_trained(ending, corpus, tmp_path):
    shutil.copytree(ending, tmp_path / "run")
    trained = Template(TURNS, "Be brief.").said()
    (tmp_path / "run/run.json").write_text(json.dumps({"configuration": trained}))
    options = ["--model", tmp_path / "run", "--corpus", corpus, "--limit", "2"]
    done = run(*options, "--out", tmp_path / "r")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.endswith("not --template model: give --template model --system 'Be brief.'")
    done = run(*options, "--out", tmp_path / "r", "--system", "Be brief.")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads((tmp_path / "r/run.json").read_text())["decoding"]
    assert (said["template"], said["system"]) == ("model", "Be brief.")


def test_an_adapter_is_merged_into_its_model(checkpoint, corpus, tmp_path):
    import peft
    import torch
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(checkpoint)
    config = peft.LoraConfig(r=2, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM")
    adapted = peft.get_peft_model(model, config)
    with torch.no_grad():
        for name, parameter in adapted.named_parameters():
            if "lora_B" in name:
                parameter.normal_()
    adapted.save_pretrained(tmp_path / "adapter")
    make_tokenizer().save_pretrained(tmp_path / "adapter")
    adapted.merge_and_unload().save_pretrained(tmp_path / "merged")
    make_tokenizer().save_pretrained(tmp_path / "merged")
    asked = questions.read(corpus, limit=2).all
    found = answered(Model(str(tmp_path / "adapter")), asked)
    assert found == answered(Model(str(tmp_path / "merged")), asked)
    assert found != answered(Model(str(checkpoint)), asked)

    # peft asks transformers for names that go away; that is not for the user's screen.
    code = "import sys; from rfft.tracer.commands.trace import main; sys.exit(main())"
    options = ["--model", tmp_path / "adapter", "--corpus", corpus, "--out", tmp_path / "r"]
    command = [sys.executable, "-c", code, "eval", *options, "--limit", "2"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "line"),
    [("./nowhere", "no such folder"), (".", "is no checkpoint, it has no config.json")],
)
def test_no_checkpoint_is_one_line(corpus, tmp_path, monkeypatch, name, line):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    done = run("--model", name, "--corpus", corpus, "--out", tmp_path / "r")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [f"rfft: {name}: {line}"]


def test_a_damaged_checkpoint_is_one_line(checkpoint, corpus, tmp_path):
    folder = tmp_path / "damaged"
    folder.mkdir()
    for path in checkpoint.iterdir():
        data = path.read_bytes()
        (folder / path.name).write_bytes(data[:100] if path.suffix == ".safetensors" else data)
    done = run("--model", folder, "--corpus", corpus, "--out", tmp_path / "r")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert f"{folder}: cannot be loaded: " in line


@pytest.fixture(scope="module")
def server():
    """The address of a server of transformers, which loads whatever model it is asked for."""
    pytest.importorskip("uvicorn")
    pytest.importorskip("fastapi")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = "from transformers.cli.transformers import main; main()"
    command = [sys.executable, "-c", code, "serve", "--port", str(port)]
    started = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            assert started.poll() is None
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        started.kill()
        started.wait()


@pytest.mark.slow
@pytest.mark.parametrize("chat", [False, True])
def test_a_server_of_transformers_gives_the_same_answers(
    server, checkpoint, corpus, tmp_path, chat
):
    model = tmp_path / "model"
    shutil.copytree(checkpoint, model)
    if chat:
        (model / "chat_template.jinja").write_text(
            "{% for m in messages %}{{ m.content }}!{% endfor %}"
        )
    options = ["--corpus", corpus, "--limit", "3", "--model", model]
    asked = run(*options, "--out", tmp_path / "asked", "--backend", "openai", "--server", server,
                *([] if chat else ["--template=none"]), "--set", "temperature=null",
                "--concurrency", "1")  # fmt: skip
    assert (asked.returncode, asked.stderr) == (0, "")
    here = run(*options, "--out", tmp_path / "here")
    assert here.returncode == 0
    texts = [
        {a["id"]: a["text"] for a in map(json.loads, (tmp_path / n / "answers.jsonl").open())}
        for n in ("asked", "here")
    ]
    # Bounds differ: a server's tokens are not known.
    for i, text in texts[0].items():
        assert text[:50] == texts[1][i][:50] != ""


def test_vllm_is_optional(corpus, tmp_path):
    with pytest.raises(EvalRejected, match="--backend vllm needs vLLM: pip install vllm"):
        check(Model("m", "vllm"))


def test_a_response_is_read_as_in_one_pass(corpus, checkpoint):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from rfft.eval.backends.transformers import Transformers

    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    model = AutoModelForCausalLM.from_pretrained(checkpoint)
    question = questions.read(corpus).all[-1]
    prompt = encode_prompt(tokenizer, question.prompt)
    (true,) = encode_completions(tokenizer, [question.completion])
    logits = model(torch.tensor([prompt + true])).logits[0, len(prompt) - 1 : -1]
    same = (logits.argmax(-1) == torch.tensor(true)).tolist()
    read = Transformers(Model(str(checkpoint))).likeliest(question)
    assert [right for _, right in read] == same
    assert "".join(text for text, _ in read).startswith(question.completion)


def test_true_responses_are_read_by_what_lines_ask_for(corpus, checkpoint, tmp_path):
    done = run(
        "forced", "--model", checkpoint, "--corpus", corpus, "--length", 2, "--limit", 3,
        "--out", tmp_path / "shares.json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    shares = json.loads((tmp_path / "shares.json").read_text())
    assert {share["length"] for share in shares} == {2}
    whole = [share for share in shares if share["asked"] == "whole trace"]
    assert sum(share["lines"] for share in whole) == 3
    parts = [share for share in shares if share["asked"] != "whole trace"]
    for name in ("tokens", "right_tokens"):
        assert sum(s[name] for s in parts) == sum(s[name] for s in whole)
    assert "whole trace" in done.stdout
