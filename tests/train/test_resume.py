"""Training may be killed at any moment; the same command goes on to the same losses."""

import json
import multiprocessing
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from rfft.train import checkpoints
from rfft.train.training import Plan, train

from .small import plan_for

FORK = multiprocessing.get_context("fork")


def losses(run: Path) -> list[tuple[int, str, float]]:
    """Return what `metrics.jsonl` says of each step, but for the speed."""
    found = []
    path = run / "metrics.jsonl"
    for line in path.read_text().splitlines(keepends=True) if path.exists() else []:
        if not line.endswith("\n"):
            break  # it is being written
        said = json.loads(line)
        name = "eval_loss" if "eval_loss" in said else "loss"
        found.append((said["step"], name, said[name]))
    return found


def settings(held_out: Path) -> dict[str, object]:
    return {"max_steps": 9, "epochs": 3, "validation": held_out, "evaluate_every": 4,
            "save_every": 3}  # fmt: skip


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory, corpus, held_out, model) -> Path:
    """Return the folder of a run that nothing has disturbed."""
    plan = plan_for(tmp_path_factory.mktemp("unbroken"), corpus, model, **settings(held_out))
    train(plan)
    return plan.out


def killed(plan: Plan, lines: int, after: float) -> bool:
    """Train in a process of its own; kill it some time after it has written so many lines.

    Tells whether it was killed; a run that has ended by then was not.
    """
    process = FORK.Process(target=train, args=(plan,))
    process.start()
    while process.is_alive() and len(losses(plan.out)) < lines:
        time.sleep(0.005)
    process.join(after)
    process.kill()
    process.join()
    return process.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("rank", [0, 4])
def test_a_run_that_is_killed_again_and_again_ends_the_same(
    rank, unbroken, tmp_path, corpus, held_out, model
):
    plan = plan_for(tmp_path / "killed", corpus, model, **settings(held_out), pissa_rank=rank)
    if rank:
        whole = plan_for(tmp_path / "whole", corpus, model, **settings(held_out), pissa_rank=rank)
        train(whole)
    rng = random.Random(rank)
    kills = [killed(plan, lines, rng.uniform(0, 0.6)) for lines in (0, 2, 4, 8)]
    assert sum(kills) >= 2
    train(plan)
    expected = whole.out if rank else unbroken
    assert losses(plan.out) == losses(expected)
    weights = [(run / "model.safetensors").read_bytes() for run in (plan.out, expected)]
    assert weights[0] == weights[1]


def test_checkpoints_that_are_not_whole_are_passed_over(
    unbroken, tmp_path, corpus, held_out, model
):
    plan = plan_for(tmp_path / "run", corpus, model, **settings(held_out))
    process = FORK.Process(target=train, args=(plan,))
    process.start()
    while not checkpoints.whole(plan.out / "checkpoints"):
        time.sleep(0.01)
        assert process.is_alive()
    process.kill()
    process.join()
    (good, *_) = checkpoints.whole(plan.out / "checkpoints")
    damaged = good.with_name("checkpoint-8")
    shutil.copytree(good, damaged, dirs_exist_ok=True)
    (damaged / "optimizer.pt").write_bytes(b"half")
    (good.with_name("checkpoint-7")).mkdir()
    assert checkpoints.whole(plan.out / "checkpoints")[-1] == good
    train(plan)
    assert losses(plan.out) == losses(unbroken)


@pytest.mark.parametrize("rate", [3e-3, 1.5])  # one trains to the end, one stops early
def test_a_run_that_is_killed_at_the_very_end_only_ends(rate, tmp_path, corpus, held_out, model):
    plan = plan_for(
        tmp_path, corpus, model, max_steps=20, epochs=9, validation=held_out, evaluate_every=2,
        patience=2, learning_rate=rate, schedule="constant",
    )  # fmt: skip
    done = train(plan)
    assert (done["steps"] < 20) == (rate > 1)
    before = losses(plan.out)
    said = json.loads((plan.out / "run.json").read_text())
    said.pop("finished")
    (plan.out / "run.json").write_text(json.dumps(said))
    (plan.out / "model.safetensors").unlink()
    assert train(plan) == done
    assert losses(plan.out) == before
    assert (plan.out / "model.safetensors").exists()


def test_lines_of_later_steps_and_half_lines_are_removed(tmp_path):
    from rfft.train.callbacks import truncate

    path = tmp_path / "metrics.jsonl"
    path.write_text('{"step": 1, "loss": 2.0}\n{"step": 2, "loss": 1.5}\n{"step": 3, "lo')
    truncate(path, 1)
    assert path.read_text() == '{"step": 1, "loss": 2.0}\n'
