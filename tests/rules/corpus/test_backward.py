"""Corpora that ask for an input, given the answer."""

import json
from hashlib import sha256

import pytest

from rfft.rules.corpus import plan as plans
from rfft.rules.corpus import reading
from rfft.rules.corpus.build import build
from rfft.rules.corpus.errors import CorpusRejected
from rfft.rules.corpus.verify import verify

from ..programs.sets import put
from .small import plan_in, run

SIZE = {"lengths": (2, 3), "per_length": 4, "format": "jsonl", "direction": "backward"}


def built(folder, **changes):
    plan = plan_in(folder, **SIZE | changes)
    build(plan, folder / "out", workers=1)
    return plan, folder / "out"


def rows_of(plan, folder) -> list[dict]:
    return [row for n in range(len(plan.shards)) for row in reading.rows(plan, folder, n)]


@pytest.mark.parametrize("style", ["rfft", "natural", "scratchpad", "direct", "granular"])
def test_rows_ask_for_an_input_and_follow_the_rule_on_one(tmp_path, style):
    plan, folder = built(tmp_path, style=style)
    assert verify(folder, sample=None).problems == []
    for row in rows_of(plan, folder):
        assert row["direction"] == "backward"
        assert row["answer"] == ", ".join(row["arguments"])
        assert row["arguments"][0] not in row["prompt"] or row["output"] in row["arguments"][0]
        name = {"add_up": "nums", "flip": "coins"}[row["task"]]
        assert f"For which {name} is the answer {row['output']}?" in row["prompt"]
        lines = row["completion"].splitlines()
        assert lines[-1] == f"So the arguments are {row['answer']}"
        assert (lines[0] == f"Call {row['task']}({row['answer']}).") == (style != "direct")


def test_programs_ask_for_inputs_with_names_and_nested_values(tmp_path):
    source = "def f(a, *, k='x'):\n    return [a, k]\n"
    rows = [
        {"id": "a", "source": source, "inputs": ["{'p': [(1, None)]}, k='\"'"]},
        {"id": "none", "source": "def g():\n    return 1\n", "inputs": [""]},
    ]
    out = tmp_path / "out"
    said = run("build", "--programs", put(tmp_path / "set.jsonl", rows), "--direction", "backward",
               "--out", out, "--format=jsonl", "--workers=1")  # fmt: skip
    assert said.returncode == 0, said.stderr
    assert "no_arguments" in said.stdout
    (row,) = rows_of(plans.read(out), out)
    assert row["completion"].startswith("Call f({'p': [(1, None)]}, k='\"').\n")
    assert verify(out).problems == []
    assert run("stats", out).returncode == 0


@pytest.mark.parametrize(
    ("column", "value", "wrong"),
    [
        ("output", "77", "another answer"),
        ("direction", "forward", "does not have the columns of the plan"),
        ("answer", "[9]", "its answer is not its input"),
        ("completion", "Call add_up([1]).\nSo the arguments are [1]\n", "another trace"),
    ],
)
def test_rows_that_do_not_agree_are_found(tmp_path, column, value, wrong):
    _, folder = built(tmp_path, tasks=("add_up",), configs=("prompt_completion",))
    (file,) = folder.glob("prompt_completion/*.jsonl")
    row, *rest = map(json.loads, file.read_text().splitlines())
    row[column] = value
    file.write_text("".join(json.dumps(r) + "\n" for r in (row, *rest)))
    record = folder / "records/000000.json"
    said = json.loads(record.read_text())
    (about,) = said["files"].values()
    about.update(bytes=file.stat().st_size, sha256=sha256(file.read_bytes()).hexdigest())
    record.write_text(json.dumps(said))
    found = verify(folder, sample=None).problems
    assert any(wrong in line for line in found), found


def test_examples_and_other_directions_are_refused(tmp_path):
    with pytest.raises(CorpusRejected, match="goes without worked examples"):
        plan_in(tmp_path, **SIZE, example=True)
    with pytest.raises(CorpusRejected, match="no direction 'up'; there are forward, backward"):
        plan_in(tmp_path, direction="up")
