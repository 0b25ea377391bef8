"""The commands say what they do, and what is wrong in one line."""

import json

import pytest

from .small import options, run


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    done = run("build", *options(folder), "--out", folder / "out", "--workers", 1)
    return folder, done


def test_a_build_ends_with_a_summary_and_is_quiet_otherwise(corpus):
    _, done = corpus
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert " samples, plan " in lines[0]
    assert lines[1].startswith("shards: ")
    assert lines[2] == "not planned: flip: 1 of 4 lengths are left out; it has lengths 1 to 3"
    assert lines[3] == "exhausted: 3 times a task has too few inputs; README.md lists them"


def test_a_build_goes_on_without_options(corpus):
    folder, _ = corpus
    done = run("build", "--out", folder / "out")
    assert " 0 built, " in done.stdout


def test_a_plan_can_be_shown(corpus):
    folder, _ = corpus
    done = run("plan", *options(folder))
    assert "tasks: 2 (add_up, flip)\nlengths: 1-4\n" in done.stdout
    assert "samples: 140, at most" in done.stdout
    said = json.loads(run("plan", *options(folder), "--format", "json").stdout)
    assert said["settings"]["per_length"] == 20
    assert (folder / "out/plan.json").read_text() == json.dumps(said, indent=1) + "\n"


def test_rows_can_be_shown_and_made_again(corpus):
    folder, _ = corpus
    done = run("show", folder / "out", "add_up:4:1", "--format", "json", "--regenerate")
    if done.returncode == 2:  # the instance is of another side
        done = run("show", folder / "out", "add_up:4:2", "--format", "json", "--regenerate")
    assert done.returncode == 0, done.stderr
    assert done.stderr.endswith("made again it is the same\n")
    row = json.loads(done.stdout)
    assert (row["task"], row["length"]) == ("add_up", 4)
    text = run("show", folder / "out", row["id"])
    assert text.stdout == row["prompt"] + "\n" + row["completion"]


def test_statistics(corpus):
    folder, _ = corpus
    rows = json.loads(run("stats", folder / "out", "--format", "json").stdout)
    found = {(r["task"], r["length"]): (r["samples"], r["exhausted"]) for r in rows}
    assert found["add_up", 4] == (20, False)
    assert found["flip", 3][1]
    assert run("stats", folder / "out").stdout.splitlines()[0].split()[:3] == [
        "task", "length", "samples",
    ]  # fmt: skip


def test_verification(corpus):
    folder, _ = corpus
    done = run("verify", folder / "out", "--sample", 5, "--workers", 1)
    assert (done.returncode, done.stderr) == (0, "")
    (next(folder.glob("out/conversational/*"))).unlink()
    done = run("verify", folder / "out", "--sample", 0, "--format", "json")
    assert done.returncode == 1
    assert done.stderr == "rfft: problems: 1\n"
    assert len(json.loads(done.stdout)["problems"]) == 1
    run("build", "--out", folder / "out")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["build", "--out", "{out}", "--preset", "rf"], "no preset 'rf'; there are adapt, icl"),
        (["build", "--out", "new"], "--preset is missing; there are adapt, icl, programs"),
        (["build", "--out", "{out}", "--seed", "2"], "--seed needs --preset, too"),
        (["build", "--out", "new", "--preset", "adapt"], "preset adapt needs a task: --task NAME"),
        (["build", "--out", "new", "--preset", "adapt", "--task", "x"], "no task 'x'"),
        (["build", "--out", "{out}", "--shard", "3/2"], "--shard is K/N, such as 1/4, and not 3/2"),
        (["build", "--out", "new", "--preset", "test", "--style", "x"], "no style 'x'; there are"),
        (["build", "--out", "{out}/plan.json", "--preset", "test"], "plan.json"),
        (["plan", "--preset", "test", "--lengths", "x"], "lengths are given as 1-15 or 31"),
        (["plan", "--preset", "test", "--config", "x"], "no config 'x'; there are"),
        (["show", "{out}", "add_up"], "'add_up' is no id; an id is task:length:number"),
        (["show", "{out}", "add_up:9:1"], "the plan has no task 'add_up' at length 9"),
        (["show", "{out}", "add_up:4:99999"], "has no row add_up:4:99999"),
        (["verify", "new"], "new: is no corpus, there is no plan.json"),
        (["stats", "{out}", "--tokenizer", "./none.json"], "no tokenizer ./none.json: "),
        (["launch", "{out}", "--executor", "cloud"], "no executor 'cloud'"),
        (["launch", "{out}", "--set", "time"], "--set is NAME=VALUE, and not time"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(corpus, tmp_path, arguments, says):
    folder, _ = corpus
    given = [argument.format(out=folder / "out") for argument in arguments]
    done = run(*given, cwd=tmp_path, env={"HF_HUB_OFFLINE": "1"})
    assert done.returncode in (1, 2)
    assert done.stderr.startswith("rfft: ")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_help_names_the_commands():
    done = run("--help")
    for command in ("plan", "build", "verify", "stats", "show", "export", "launch"):
        assert command in done.stdout
