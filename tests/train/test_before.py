"""What cannot be trained is refused before the first step, in one line that says what to do."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import (
    AutoModelForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    MambaConfig,
    MambaForCausalLM,
    MixtralConfig,
    MixtralForCausalLM,
    TrainerCallback,
)
from transformers.integrations import integration_utils

from rfft.train import adapters
from rfft.train.models import make_model
from rfft.train.tokenizer import make_tokenizer

from .small import corpus_in
from .test_cli import _cache, options, refused, run

__all__ = ["_cache", "options"]
pytestmark = pytest.mark.usefixtures("_cache")


@pytest.fixture(scope="module")
def tested(tmp_path_factory) -> Path:
    return corpus_in(tmp_path_factory.mktemp("tested"), side="test", lengths=(1, 2), per_length=4)


def untouched(tmp_path: Path) -> bool:
    return not (tmp_path / "run" / "run.json").exists()


# PiSSA


def test_a_rank_above_the_smaller_side_of_a_layer_is_lowered_there(options, tmp_path, capsys):
    assert run({**options, "pissa-rank": 40}) == 0
    assert "PiSSA: 14 layers are smaller than rank 40, and get that of their smaller side: 32" in (
        capsys.readouterr().err
    )
    loaded = AutoModelForCausalLM.from_pretrained(tmp_path / "run")
    from peft import AutoPeftModelForCausalLM

    other = AutoPeftModelForCausalLM.from_pretrained(tmp_path / "run" / "adapter")
    ids = torch.arange(5, 40)[None]
    torch.testing.assert_close(loaded(ids).logits, other(ids).logits, rtol=1e-4, atol=1e-4)


def test_only_layers_that_are_smaller_get_another_rank():
    config = LlamaConfig(
        hidden_size=32, num_hidden_layers=1, num_attention_heads=4, num_key_value_heads=1,
        intermediate_size=48, vocab_size=64,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    found = adapters.smaller(model, 16)
    assert found == {f"model.layers.0.self_attn.{kind}_proj": 8 for kind in "kv"}
    made = adapters.add(model, 16, None)
    sizes = {n: p.shape for n, p in made.named_parameters() if p.requires_grad}
    assert {min(shape) for n, shape in sizes.items() if "k_proj" in n or "v_proj" in n} == {8}
    assert {min(shape) for n, shape in sizes.items() if "q_proj" in n or "mlp" in n} == {16}


SHAPE = {"hidden_size": 32, "num_hidden_layers": 1, "vocab_size": len(make_tokenizer())}


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        (MambaForCausalLM, MambaConfig(**SHAPE, state_size=4)),
        (MixtralForCausalLM, MixtralConfig(**SHAPE, intermediate_size=32, num_attention_heads=2,
                                           num_key_value_heads=2, num_local_experts=2)),
    ],
)  # fmt: skip
def test_pissa_where_it_cannot_work(kind, config, options, tmp_path, capsys):
    kind(config).save_pretrained(tmp_path / "odd")
    make_tokenizer().save_pretrained(tmp_path / "odd")
    line = refused({**options, "model": tmp_path / "odd", "pissa-rank": 4}, capsys)
    assert f"{kind.__name__}: PiSSA has no adapters for it" in line
    assert "--pissa-rank 0 trains all weights" in line
    assert untouched(tmp_path)


# Trackers


def test_trackers_that_are_unknown_or_not_installed(options, tmp_path, capsys, monkeypatch):
    assert "no tracker 'wandbb'; there are" in refused(options, capsys, "--tracker=wandbb")
    monkeypatch.setattr(integration_utils, "is_wandb_available", lambda: False)
    line = refused({**options, "model": "/none"}, capsys, "--tracker=wandb")
    assert "tracker wandb: WandbCallback requires wandb to be installed" in line
    assert untouched(tmp_path)


class Noted(TrainerCallback):
    """A tracker that writes a file, and fails where it is told to."""

    fails = ""

    def __init__(self) -> None:
        self.logging_dir = None

    def on_train_begin(self, args, *_, **__) -> None:
        if self.fails == "begin":
            raise OSError("no key\nfor the server")
        self.file = Path(self.logging_dir or args.output_dir) / "noted.txt"
        self.file.parent.mkdir(parents=True, exist_ok=True)

    def on_log(self, args, state, *_, **__) -> None:
        if self.fails == "later":
            raise ConnectionError("gone")
        with self.file.open("a") as file:
            file.write(f"{state.global_step}\n")


@pytest.mark.parametrize("name", ["tensorboard", "codecarbon"])  # by its own folder, and by args
def test_what_trackers_write_outlives_a_resume(name, options, tmp_path, monkeypatch):
    monkeypatch.setitem(integration_utils.INTEGRATION_TO_CALLBACK, name, Noted)
    asked = {**options, "max-steps": 4, "save-every": 2}
    assert run(asked, f"--tracker={name}") == 0
    said = json.loads((tmp_path / "run" / "run.json").read_text())
    del said["finished"]
    (tmp_path / "run" / "run.json").write_text(json.dumps(said))
    shutil.rmtree(tmp_path / "run" / "checkpoints")
    assert run(asked, f"--tracker={name}") == 0
    (noted,) = (tmp_path / "run" / "logs").rglob("noted.txt")
    assert noted.read_text().split()[:5] == ["1", "2", "3", "4", "4"]
    assert noted.read_text().split().count("1") == 2


def test_a_tracker_that_cannot_begin_and_one_that_fails_later(
    options, tmp_path, capsys, monkeypatch
):
    monkeypatch.setitem(integration_utils.INTEGRATION_TO_CALLBACK, "mlflow", Noted)
    monkeypatch.setattr(Noted, "fails", "begin")
    assert run(options, "--tracker=mlflow") == 1
    said = capsys.readouterr().err
    assert "rfft: tracker mlflow cannot begin: no key for the server; mend that" in said
    assert "step 1" not in said
    monkeypatch.setattr(Noted, "fails", "later")
    assert run(options, "--tracker=mlflow") == 0
    said = capsys.readouterr().err
    assert said.count("tracker mlflow: gone; training goes on without it") == 1


# Weights


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def scrambled(path: Path) -> None:
    path.write_bytes(b"no weights" * 500)


def lacking(path: Path) -> None:
    weights = load_file(path)
    del weights["model.norm.weight"]
    save_file(weights, path, metadata={"format": "pt"})


def misshapen(path: Path) -> None:
    save_file(load_file(path) | {"model.norm.weight": torch.ones(5)}, path, {"format": "pt"})


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (cut, "model.safetensors: the weights are damaged"),
        (scrambled, "model.safetensors: the weights are damaged"),
        (lacking, "the weights are not whole: 1 tensors are missing, such as model.norm.weight"),
        (misshapen, "the weights are damaged"),
    ],
)
def test_weights_that_are_damaged(damage, said, options, model, tmp_path, capsys):
    shutil.copytree(model, tmp_path / "broken")
    damage(tmp_path / "broken" / "model.safetensors")
    line = refused({**options, "model": tmp_path / "broken"}, capsys)
    assert said in line
    assert "copy or download them again" in line
    assert untouched(tmp_path)


# Room on the disk


def test_a_disk_without_room_for_the_checkpoints(options, tmp_path, capsys):
    config = json.loads((options["model"] / "config.json").read_text())
    config |= {"hidden_size": 1 << 15, "intermediate_size": 1 << 17, "num_attention_heads": 64,
               "num_key_value_heads": 64, "head_dim": 512, "num_hidden_layers": 400}  # fmt: skip
    config["layer_types"] = ["full_attention"] * 400
    config["no_rope_layers"] = [1] * 400
    shutil.copytree(options["model"], tmp_path / "huge")
    (tmp_path / "huge" / "config.json").write_text(json.dumps(config))
    line = refused({**options, "model": tmp_path / "huge"}, capsys)
    assert "run: checkpoints and model will take" in line
    assert "GiB, and there is room for" in line
    assert "make room, or take a folder on another disk" in line
    assert untouched(tmp_path)


FULL = """
import resource, sys
from rfft.tracer.commands.trace import main
resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("most", [150_000, 400_000])  # below the weights; below the optimiser's
def test_a_disk_that_will_not_take_a_checkpoint(most, options, tmp_path):
    asked = ["train", *(f"--{name}={value}" for name, value in options.items())]
    command = [sys.executable, "-c", FULL.format(most=most), *asked]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"rfft: {tmp_path / 'run'}")
    assert "cannot be written" in last or "File too large" in last
    assert "Traceback" not in done.stderr
    assert run(options) == 0, "the same command goes on"


# Corpora


def test_a_corpus_of_the_side_test(options, tested, tmp_path, capsys):
    line = refused({**options, "corpus": tested}, capsys)
    assert "is of the side test" in line
    assert "--side train, or give --any-side" in line
    assert run({**options, "corpus": tested}, "--any-side") == 0
    assert "is of the side test; the model will have seen it" in capsys.readouterr().err


def test_a_validation_corpus_that_is_not_apart(options, corpus, tested, tmp_path, capsys):
    assert run({**options, "validation": corpus}) == 0
    assert "is of the side train, as what is trained on" in capsys.readouterr().err
    assert run({**options, "validation": tested, "out": tmp_path / "b"}) == 0
    assert "weights chosen by it are not tested by it" in capsys.readouterr().err


def test_a_corpus_without_rows(options, tmp_path, capsys):
    broken = 'def fails(nums: list[int]) -> int:\n    """Sum {nums}."""\n    return nums[99]\n'
    empty = corpus_in(tmp_path / "empty", tasks=("fails",), more={"fails": broken})
    line = refused({**options, "corpus": empty}, capsys)
    assert "is a corpus without a sample; rfft corpus stats" in line
    line = refused({**options, "validation": empty}, capsys)
    assert "is a corpus without a sample; rfft corpus stats" in line


def test_a_model_that_cannot_be_made_without_its_weights_is_trained_all_the_same(
    options, tmp_path, monkeypatch
):
    config = LlamaConfig(**SHAPE | {"hidden_size": 16}, num_attention_heads=2, intermediate_size=16)
    LlamaForCausalLM(config).save_pretrained(tmp_path / "odd")
    make_tokenizer().save_pretrained(tmp_path / "odd")
    looks = lambda self, module: [float(p.sum()) for p in module.parameters()]  # noqa: E731
    monkeypatch.setattr(LlamaForCausalLM, "_init_weights", looks)
    assert run({**options, "model": tmp_path / "odd"}) == 0


def test_a_model_from_nothing_is_made_without_values_in_no_time():
    with torch.device("meta"):
        made = make_model("small", seed=0, copies=False)
    assert all(weight.is_meta for weight in made.parameters())
