"""Corpora in which variants stand in place of tasks and programs."""

import json
from hashlib import sha256

import pytest

from rfft.rules.corpus import plan as plans
from rfft.rules.corpus import reading, split
from rfft.rules.corpus.build import build
from rfft.rules.corpus.errors import CorpusRejected
from rfft.rules.corpus.verify import verify
from rfft.rules.task import Task

from ..programs.sets import COUNT, DOUBLE, put
from .small import contents, options, plan_in, run

SIZE = {"lengths": (2, 3), "per_length": 4, "shard_rows": 5, "vary": 2, "format": "jsonl"}


@pytest.fixture(scope="module")
def tasks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("varied")
    plan = plan_in(folder, **SIZE)
    build(plan, folder / "out", workers=1)
    return plan, folder / "out"


def rows_of(plan, folder) -> list[dict]:
    return [row for n in range(len(plan.shards)) for row in reading.rows(plan, folder, n)]


def test_each_task_is_there_in_variants_of_the_same_instances(tasks):
    plan, folder = tasks
    rows = rows_of(plan, folder)
    names = ["add_up~1", "add_up~2", "flip~1", "flip~2"]
    assert sorted({row["task"] for row in rows}) == names
    one, two = ([r for r in rows if r["task"] == name] for name in names[:2])
    assert [r["arguments"] for r in one] == [r["arguments"] for r in two]
    assert one[0]["rule"] != two[0]["rule"]
    assert {r["variant_of"] for r in one} == {r["variant_of"] for r in two}
    assert f"sum of the numbers {one[0]['arguments'][0]}?" in one[0]["prompt"]
    assert verify(folder).problems == []


def test_variants_are_on_the_side_of_their_task(tasks):
    plan, folder = tasks
    text = plan.tasks["add_up"]
    identity = split.identity(Task.from_source(text, "add_up").rule.text)
    for row in rows_of(plan, folder):
        if row["task"].startswith("add_up"):
            assert row["variant_of"] == identity
            assert split.side(split.key(identity, row["arguments"])) == "train"


def test_the_same_bytes_come_again_in_parts_and_other_seeds_make_other_variants(tasks, tmp_path):
    plan, folder = tasks
    again = plan_in(tmp_path, **SIZE)
    assert again.hash == plan.hash
    for k in (1, 2):
        build(again, tmp_path / "out", part=(k, 2), workers=1)
    assert contents(tmp_path / "out") == contents(folder)
    assert plan_in(tmp_path, **SIZE | {"seed": 1}).variants != plan.variants
    assert plans.checked(folder).variants == plan.variants


def test_a_rule_that_is_not_the_variant_is_found(tasks, tmp_path):
    plan, _ = tasks
    copy = tmp_path / "copy"
    build(plan, copy, workers=1)
    for file in copy.glob("*/000000.jsonl"):
        row, *rest = map(json.loads, file.read_text().splitlines())
        row["variant_of"] = "0" * 32
        file.write_text("".join(json.dumps(r) + "\n" for r in (row, *rest)))
    record = copy / "records/000000.json"
    said = json.loads(record.read_text())
    for name, about in said["files"].items():
        data = (copy / name).read_bytes()
        about.update(bytes=len(data), sha256=sha256(data).hexdigest())
    record.write_text(json.dumps(said))
    found = verify(copy, sample=0).problems
    assert any("is not the variant that the plan has" in line for line in found)


def test_plans_without_variants_have_the_hash_that_they_had(tmp_path):
    plan = plan_in(tmp_path)
    assert '"vary"' not in plan._canonical
    assert '"direction"' not in plan._canonical


def test_drawn_rules_are_not_varied(tmp_path):
    with pytest.raises(CorpusRejected, match="goes without rules that are drawn"):
        plan_in(tmp_path, vary=2, synthetic=5)


def test_programs_are_there_in_variants_and_what_has_none_is_told(tmp_path):
    rows = [
        {"id": "a", "source": DOUBLE, "inputs": ["[1]", "[2]"], "outputs": ["[2]", "[4]"]},
        {"id": "b", "source": COUNT, "inputs": ["'a'"]},
        {"id": "looks", "source": "def f(a):\n    return eval('a')\n", "inputs": ["1"]},
        {"id": "raises", "source": "def g(a):\n    return a / 0\n", "inputs": ["1"]},
    ]
    out = tmp_path / "out"
    said = run("build", "--programs", put(tmp_path / "set.jsonl", rows), "--vary", 2, "--out", out,
               "--format=jsonl", "--workers=1")  # fmt: skip
    assert said.returncode == 0, said.stderr
    assert "variants: 4 of 4 traced, on 6 of 6 inputs" in said.stdout
    assert "programs: 4, of which 2 have fewer variants than 2" in said.stdout
    left = [json.loads(line) for line in (out / "left_out.jsonl").read_text().splitlines()]
    assert [(one["id"], one["status"]) for one in left] == [
        ("looks", "no_variant"), ("raises", "no_variant"),
    ]  # fmt: skip
    plan = plans.read(out)
    assert {row["task"] for row in rows_of(plan, out)} == {"a~1", "a~2", "b~1", "b~2"}
    assert verify(out).problems == []
    shown = run("show", out, "a~2:3:1", "--regenerate")
    assert "made again it is the same" in shown.stderr


def test_a_set_without_variants_is_refused(tmp_path):
    rows = [{"id": "looks", "source": "def f(a):\n    return eval('a')\n", "inputs": ["1"]}]
    said = run("build", "--programs", put(tmp_path / "set.jsonl", rows), "--vary", 2,
               "--out", tmp_path / "out")  # fmt: skip
    assert (said.returncode, "no program" in said.stderr) == (2, True)


def test_the_command_takes_it_for_tasks(tmp_path):
    said = run("plan", *options(tmp_path, vary=1))
    assert (said.returncode, "samples: 140, at most" in said.stdout) == (0, True)
