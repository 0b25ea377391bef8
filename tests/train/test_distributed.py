"""Several processes come to what one comes to."""

import json
import multiprocessing
import os
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import torch
import yaml
from safetensors.torch import load_file

from rfft.train import training
from rfft.train.training import Plan, train

from .small import RECIPE, plan_for
from .test_resume import losses

ROOT = Path(__file__).resolve().parents[2]
FORK = multiprocessing.get_context("fork")
CLUSTER = ROOT / "examples" / "cluster"


def settings(path: Path) -> dict[str, str]:
    """Return what `accelerate launch` makes of a configuration: variables for its processes."""
    said = yaml.safe_load(path.read_text())["fsdp_config"]
    fsdp = {name.upper(): str(value) for name, value in said.items()}
    return {**fsdp, "ACCELERATE_USE_FSDP": "true"}


def one_of_two(rank: int, port: int, plan: Plan, variables: dict[str, str]) -> None:
    from accelerate.state import AcceleratorState, PartialState
    from accelerate.utils import DistributedType

    AcceleratorState._reset_state(reset_partial_state=True)
    torchrun = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": 2, "LOCAL_WORLD_SIZE": 2,
                "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}  # fmt: skip
    os.environ.update(variables, **{name: str(value) for name, value in torchrun.items()})
    if variables:
        # accelerate shards on accelerators alone, torch on any device: say that there is one.
        made = training._arguments

        def arguments(*given: object) -> object:
            found = made(*given)  # type: ignore[arg-type]
            PartialState._shared_state["distributed_type"] = DistributedType.MULTI_XPU
            return found

        training._arguments = arguments
    train(plan)
    if variables:
        assert AcceleratorState().distributed_type is DistributedType.FSDP


def by_two(plan: Plan, variables: dict[str, str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    both = [FORK.Process(target=one_of_two, args=(n, port, plan, variables)) for n in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(240)
    codes = [process.exitcode for process in both]
    for process in both:
        process.kill()
    assert codes == [0, 0]


@pytest.mark.parametrize(
    ("configuration", "rank"),
    [("", 0), ("fsdp-7b.yaml", 0), ("fsdp-32b.yaml", 4)],
    ids=["ddp", "fsdp-full", "fsdp-pissa"],
)
def test_two_processes_have_the_losses_of_one(
    configuration, rank, tmp_path, corpus, held_out, model
):
    wanted = {"max_steps": 4, "epochs": 2, "validation": held_out, "evaluate_every": 2,
              "pissa_rank": rank}  # fmt: skip
    one = plan_for(tmp_path / "one", corpus, model, **wanted)
    two = plan_for(tmp_path / "two", corpus, model, **wanted)
    by_two(two, settings(CLUSTER / configuration) if configuration else {})
    train(one)
    expected, found = losses(one.out), losses(two.out)
    assert [line[:2] for line in found] == [line[:2] for line in expected]
    assert [line[2] for line in found] == pytest.approx([line[2] for line in expected], rel=1e-4)
    weights = [load_file(plan.out / "model.safetensors") for plan in (one, two)]
    for name, value in weights[0].items():
        torch.testing.assert_close(weights[1][name], value, rtol=1e-3, atol=2e-4)


@pytest.mark.parametrize("name", ["fsdp-7b.yaml", "fsdp-32b.yaml"])
def test_accelerate_reads_the_configurations(name):
    from accelerate.commands.config.config_args import load_config_from_file

    config = load_config_from_file(str(CLUSTER / name))
    assert config.distributed_type == "FSDP"
    assert config.mixed_precision == "bf16"
    assert settings(CLUSTER / name)["FSDP_VERSION"] == "2"


@pytest.mark.slow
def test_torchrun_starts_the_command(tmp_path, corpus, model):
    (tmp_path / "small.toml").write_text(RECIPE)
    folder = Path(sys.executable).parent
    command = [folder / "torchrun", "--nproc-per-node=2", folder / "rfft", "train",
               "--recipe", tmp_path / "small.toml", "--corpus", corpus, "--model", model,
               "--out", tmp_path / "run", "--max-steps", "2"]  # fmt: skip
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("2 steps, loss ") == 1
    assert json.loads((tmp_path / "run" / "run.json").read_text())["finished"]["steps"] == 2
    assert (
        tomllib.loads(RECIPE)["batch"]
        == json.loads((tmp_path / "run" / "metrics.jsonl").read_text().splitlines()[0])["samples"]
    )
