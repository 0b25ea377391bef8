"""The study: its plans fit together, and it goes on where it stopped."""

import csv
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the extra `eval`")

STUDY = Path(__file__).parents[2] / "examples" / "study"
PLANS = sorted(path.stem for path in STUDY.glob("*.toml"))

SMALL = """
expected = "some minutes"
jobs = 2
seeds = [0, 1]
model = "tiny"
targets = ["nupa_length"]
pretraining = ["leetcode_485"]
trained = "1-2"
lengths = [1, 3, 4]
eval = ["--max-factor", "1.25"]

[corpora]
pretrain = ["--lengths", "1-2", "--per-length", "4", "--synthetic", "4"]
icl = ["--lengths", "1-2", "--per-length", "2", "--synthetic", "2"]
adapt = ["--lengths", "1-2", "--per-length", "4"]
test = ["--lengths", "1-4", "--per-length", "1"]
one-shot = ["--lengths", "1-4", "--per-length", "1"]

[training]
every = ["--max-steps", "2"]

[gate]
training = ["--max-steps", "1"]
lengths = [1, 4]
questions = 2
"""


@pytest.fixture
def study(monkeypatch):
    monkeypatch.syspath_prepend(str(STUDY))
    import study

    return study


def run(*arguments):
    return subprocess.run(
        [sys.executable, STUDY / "study.py", *map(str, arguments)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("name", PLANS)
def test_each_stage_needs_stages_before_it(study, name):
    plan = tomllib.loads((STUDY / f"{name}.toml").read_text())
    before = set()
    for stage in study.stages(plan):
        assert before.issuperset(stage.needs)
        before.add(stage.name)
        if stage.name.startswith("eval"):
            assert ("--shots" in stage.command) == stage.name.startswith("eval one-shot")
    assert stage.name == "report"
    answered = {need.split()[1] for need in stage.needs}
    assert answered == {"meta", "vanilla", "scratchpad", "direct", "one-shot"}


@pytest.mark.parametrize("name", PLANS)
def test_no_target_is_pretrained_on(name):
    plan = tomllib.loads((STUDY / f"{name}.toml").read_text())
    assert not set(plan["targets"]) & set(plan["pretraining"])


@pytest.mark.parametrize("name", PLANS)
def test_what_tells_most_comes_first(study, name):
    plan = tomllib.loads((STUDY / f"{name}.toml").read_text())
    evals = [s.name.split()[1:] for s in study.stages(plan) if s.name.startswith("eval")]
    first = [run for method, run in evals[: len(plan["targets"])] if method == "meta"]
    assert first == [f"{task}-{plan['seeds'][0]}" for task in plan["targets"]]


def test_a_gate_is_a_shorter_pretraining(study):
    plan = tomllib.loads(SMALL)
    found = {stage.name: stage for stage in study.stages(plan)}
    gate, pretrain = found["train gate"].command, found["train pretrain"].command
    assert [part for part in gate if part != "models/gate"] == [
        *(part for part in pretrain if part != "models/pretrain"),
        *plan["gate"]["training"],
    ]
    assert found["look gate"].needs == ("corpus test-rfft", "train gate")


def test_nothing_is_reported_before_a_method_is_complete(tmp_path):
    done = run("--scale", "cpu", "--out", tmp_path / "s", "--so-far")
    assert done.returncode == 2
    assert "no method has answered" in done.stderr


def test_a_study_goes_on_with_what_is_not_done(study, tmp_path, capsys):
    listed = study.Stage("list", ("rules", "list"))
    fails = study.Stage("fail", ("rules", "show", "nothing"), ("list",))
    after = study.Stage("after", ("rules", "list", "--format", "json"), ("fail",))
    assert not study.Study([listed, fails, after], tmp_path, jobs=2).run()
    said = capsys.readouterr().out
    assert "list: " in said
    assert "fail: failed: rfft: " in said
    assert (tmp_path / "logs" / "list.txt").read_text().count("\n") > 80
    mended = study.Stage("fail", ("rules", "show", "nupa_length"), ("list",))
    assert study.Study([listed, mended, after], tmp_path, jobs=2).run()
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "fail",
        "after",
    ]


def test_what_rests_on_a_changed_stage_is_done_again(study, tmp_path, capsys):
    first = study.Stage("first", ("rules", "list"))
    other = study.Stage("other", ("rules", "list"))
    last = study.Stage("last", ("rules", "list", "--format", "json"), ("first",))
    assert study.Study([first, other, last], tmp_path, jobs=1).run()
    capsys.readouterr()
    changed = study.Stage("first", ("rules", "list", "--format", "json"))
    assert study.Study([changed, other, last], tmp_path, jobs=1).run()
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "first",
        "last",
    ]


def test_the_plan_is_printed(tmp_path):
    done = run("--scale", "cpu", "--plan", "--out", tmp_path / "s")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(line.startswith("rfft ") for line in done.stdout.splitlines())
    assert not (tmp_path / "s").exists()


def test_an_unknown_scale_is_refused(tmp_path):
    done = run("--scale", "huge", "--out", tmp_path / "s")
    assert done.returncode == 2
    assert "there are cpu, smol and gpu" in done.stderr


@pytest.mark.slow
def test_a_small_study_from_beginning_to_end(study, tmp_path):
    (tmp_path / "small.toml").write_text(SMALL)
    done = run("--scale", tmp_path / "small.toml", "--out", tmp_path / "s")
    assert (done.returncode, done.stderr) == (0, "")
    said = (tmp_path / "s" / "report" / "README.md").read_text()
    for method in ("Meta-RFFT", "vanilla RFFT", "scratchpad", "direct answer", "one-shot"):
        assert method in said
    figures = {path.name for path in (tmp_path / "s" / "report" / "figures").glob("*.png")}
    assert figures == {"curves.png", "errors.png", "one-shot.png"}
    with (tmp_path / "s" / "report" / "answers.csv").open() as file:
        answers = list(csv.DictReader(file))
    assert {row["method"] for row in answers} == {*study.STYLES, "one-shot"}
    assert {row["length"] for row in answers} == {"1", "3", "4"}
    assert {row["seed"] for row in answers if row["method"] == "meta"} == {"0", "1"}
    looked = json.loads((tmp_path / "s" / "results" / "look-gate.json").read_text())
    assert {share["length"] for share in looked} == {1, 4}
    shutil.rmtree(tmp_path / "s" / "results" / "meta" / "nupa_length-1")
    shutil.rmtree(tmp_path / "s" / "results" / "vanilla" / "nupa_length-0")
    again = run("--scale", tmp_path / "small.toml", "--out", tmp_path / "s", "--so-far")
    assert (again.returncode, again.stderr) == (0, "")
    with (tmp_path / "s" / "report" / "answers.csv").open() as file:
        left = {(row["method"], row["seed"]) for row in csv.DictReader(file)}
    assert {seed for method, seed in left if method == "meta"} == {"0"}
    assert {seed for method, seed in left if method == "vanilla"} == {"1"}
