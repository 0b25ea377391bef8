"""The command: what it trains, what it refuses, and what it says."""

import json
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from rfft.tracer.commands.trace import main

from .small import RECIPE, byte_tokenizer

pytestmark = pytest.mark.usefixtures("_cache")


@pytest.fixture
def _cache(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def options(tmp_path, corpus, model) -> dict[str, object]:
    (tmp_path / "small.toml").write_text(RECIPE)
    return {"recipe": tmp_path / "small.toml", "corpus": corpus, "model": model,
            "out": tmp_path / "run", "max-steps": 2}  # fmt: skip


def run(options: dict[str, object], *more: str) -> int:
    return main(["train", *(f"--{name}={value}" for name, value in options.items()), *more])


def refused(options: dict[str, object], capsys, *more: str) -> str:
    """Return the one line with which the command refuses."""
    capsys.readouterr()
    assert run(options, *more) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("rfft: ")
    assert err.count("\n") == 1
    return err


def test_a_model_is_trained_and_loads_with_transformers_alone(options, tmp_path, capsys, held_out):
    out = tmp_path / "run"
    more = {"validation": held_out, "epochs": 3, "max-steps": 12, "evaluate-every": 6}
    assert run({**options, **more}) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"{out}: 12 steps, loss ")
    assert "tokens/s" in said.err
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    steps = [line for line in lines if "loss" in line]
    assert [line["step"] for line in steps] == list(range(1, 13))
    assert steps[-1]["loss"] < 0.95 * steps[0]["loss"]
    assert set(steps[0]) == {
        "step", "loss", "grad_norm", "learning_rate", "samples", "tokens", "seconds",
        "tokens_per_second", "mfu", "memory_gib",
    }  # fmt: skip
    assert [line["step"] for line in lines if "eval_loss" in line] == [6, 12]
    model = AutoModelForCausalLM.from_pretrained(out)
    tokenizer = AutoTokenizer.from_pretrained(out)
    ids = tokenizer("nums = [1, 2]", return_tensors="pt")["input_ids"]
    assert torch.isfinite(model(ids).logits).all()
    assert model.config.use_cache
    assert (out / "curve.png").read_bytes().startswith(b"\x89PNG")
    said = json.loads((out / "run.json").read_text())
    assert said["configuration"]["learning_rate"] == 3e-3
    assert said["versions"][0]["torch"] == torch.__version__
    assert len(said["configuration"]["corpus_hash"]) == 64
    assert said["finished"]["steps"] == 12
    before = (out / "model.safetensors").stat().st_mtime_ns
    assert run({**options, **more}) == 0, "a finished run is finished"
    assert (out / "model.safetensors").stat().st_mtime_ns == before


def test_unknown_names(options, capsys):
    assert "no recipe 'tuny'; there are adapt-pissa" in refused(
        {**options, "recipe": "tuny"}, capsys
    )
    line = refused({**options, "model": "/no/such/model"}, capsys)
    assert "no tokenizer '/no/such/model'; there are tiny, small, folders" in line
    assert "no layout 'loose'" in refused({**options, "layout": "loose"}, capsys)


def test_a_recipe_without_a_model_needs_one(options, capsys):
    del options["model"]
    line = refused({**options, "recipe": "adapt-pissa", "precision": "fp32"}, capsys)
    assert "--model is missing" in line


def test_a_corpus_that_is_missing_or_damaged(options, capsys, tmp_path, corpus):
    line = refused({**options, "corpus": tmp_path / "none"}, capsys)
    assert "none: is no corpus" in line
    broken = tmp_path / "broken"
    shutil.copytree(corpus, broken)
    (shard := broken / "prompt_completion" / "000001.jsonl").write_text("{}")
    line = refused({**options, "corpus": broken}, capsys)
    assert "broken: is damaged: prompt_completion/000001.jsonl has 2 bytes in place of" in line
    shard.unlink()
    assert "prompt_completion/000001.jsonl: No such file" in refused(
        {**options, "corpus": broken}, capsys
    )
    (broken / "records" / "000000.json").unlink()
    assert "manifest.json: is damaged" in refused({**options, "corpus": broken}, capsys)
    (broken / "manifest.json").unlink()
    line = refused({**options, "corpus": broken}, capsys)
    assert "manifest.json: is missing" in line
    assert "shards are built; rfft corpus build" in line


def test_a_corpus_of_another_style(options, capsys):
    line = refused({**options, "style": "direct"}, capsys)
    assert "corpus: is of style rfft, and recipe small learns direct" in line


def test_rows_that_are_too_long(options, capsys, tmp_path, corpus):
    line = refused({**options, "context": 300}, capsys)
    assert "tokens and the context only 300" in line
    assert "row flip:3:" in line
    assert run({**options, "context": 300}, "--too-long", "skip") == 0
    assert "rows are longer than the context and left out" in capsys.readouterr().err
    said = json.loads((tmp_path / "run" / "run.json").read_text())
    assert 0 < said["too_long"] < said["rows"]
    line = refused({**options, "context": 10, "out": tmp_path / "b"}, capsys, "--too-long", "skip")
    assert "has no row that a context of 10 tokens holds" in line


def test_a_context_that_the_model_does_not_have(options, capsys):
    line = refused({**options, "context": 40_000, "micro-tokens": 40_000}, capsys)
    assert "has 32,768 positions, and the context is 40,000" in line
    line = refused({**options, "micro-tokens": 100}, capsys)
    assert "micro_tokens (100) must hold a sample of context (1,024)" in line


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_bf16_needs_a_gpu(options, capsys):
    line = refused({**options, "precision": "bf16"}, capsys)
    assert "computes in bf16, and there is no GPU that does; --precision fp32" in line


def test_a_run_folder_of_another_configuration(options, capsys, tmp_path, held_out):
    assert run(options) == 0
    line = refused({**options, "learning-rate": 1e-3}, capsys)
    assert "is a run of another configuration: it has learning_rate 0.003 and not 0.001" in line
    line = refused({**options, "validation": held_out}, capsys)
    assert "validation_hash None and not " in line
    line = refused({**options, "corpus": held_out}, capsys)
    assert "it has corpus_hash " in line
    (tmp_path / "run" / "run.json").write_text("{")
    assert "run.json: is damaged" in refused(options, capsys)
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").touch()
    line = refused({**options, "out": other}, capsys)
    assert "is not empty and no run; it has thesis.txt" in line


def test_a_run_that_another_process_is_at_work_on(options, capsys, tmp_path):
    import fcntl

    work = tmp_path / "run" / ".work"
    work.mkdir(parents=True)
    with (work / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "another training is at work" in refused(options, capsys)


def test_a_tokenizer_that_does_not_fit(options, capsys, tmp_path, model):
    folder = tmp_path / "misfit"
    shutil.copytree(model, folder)
    tokenizer = byte_tokenizer()
    tokenizer.eos_token = None
    tokenizer.save_pretrained(folder)
    line = refused({**options, "model": folder}, capsys)
    assert "the tokenizer has no end-of-text token" in line
    tokenizer = byte_tokenizer()
    tokenizer.add_tokens([f"word{n}" for n in range(2000)])
    tokenizer.save_pretrained(folder)
    more = {"context": 2000, "micro-tokens": 2000}
    assert "embeddings for 2,261 tokens" in refused({**options, "model": folder, **more}, capsys)


def test_a_loss_that_is_no_number_stops_training(options, capsys, tmp_path, model):
    broken = AutoModelForCausalLM.from_pretrained(model)
    with torch.no_grad():
        broken.get_input_embeddings().weight *= float("inf")
    shutil.copytree(model, tmp_path / "broken")
    broken.save_pretrained(tmp_path / "broken")
    assert run({**options, "model": tmp_path / "broken"}) == 1
    assert "the loss of step 1 is nan; lower --learning-rate" in capsys.readouterr().err


def in_little_memory(options: dict[str, object], said: Path) -> None:
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + (300 << 20),) * 2)
    with said.open("w") as file:
        os.dup2(file.fileno(), 2)
        sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115
        os._exit(run(options))


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux")
def test_out_of_memory_says_what_to_lower(options, tmp_path):
    more = {"model": "small", "micro-tokens": 16_384, "batch": 64}
    process = multiprocessing.get_context("fork").Process(
        target=in_little_memory, args=({**options, **more}, tmp_path / "said")
    )
    process.start()
    process.join(120)
    said = (tmp_path / "said").read_text()
    assert process.exitcode == 1, said
    assert "rfft: out of memory: lower --micro-tokens (16,384" in said.splitlines()[-1]


def test_a_run_may_go_on_with_less_memory(options, tmp_path):
    assert run({**options, "max-steps": 4, "save-every": 1}) == 0
    said = json.loads((tmp_path / "run" / "run.json").read_text())
    del said["finished"]
    (tmp_path / "run" / "run.json").write_text(json.dumps(said))
    shutil.rmtree(tmp_path / "run" / "checkpoints")
    before = (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()
    assert run({**options, "max-steps": 4, "micro-tokens": 1100, "layout": "packed"}) == 0
    after = (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()
    for one, other in zip(before, after, strict=True):
        assert json.loads(other)["loss"] == pytest.approx(json.loads(one)["loss"], rel=1e-4)


def test_help_is_quick_and_has_examples():
    command = [sys.executable, "-X", "importtime", "-m", "rfft.tracer.commands.trace"]
    code = "from rfft.tracer.commands.trace import main; main(['train', '--help'])"
    done = subprocess.run(
        [*command[:3], "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "COLUMNS": "120"},
    )  # fmt: skip
    assert "rfft train --recipe tiny-vanilla" in done.stdout
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "typer" in loaded
    assert not loaded & {"torch", "transformers", "numpy", "matplotlib", "peft"}
