"""A plan has a hash over what decides about the bytes, and opens without enumerating anything."""

import time
from collections import Counter

import pytest

from rfft.rules.corpus import plan
from rfft.rules.corpus import settings as presets
from rfft.rules.corpus import versions as code
from rfft.rules.corpus.errors import CorpusRejected

from .small import plan_in


@pytest.mark.parametrize(
    ("preset", "cells", "samples"),
    [("rf-pretrain", 1138, 341_400), ("test", 360, 36_000), ("icl", 1153, 441_400)],
)
def test_presets_have_as_many_samples_as_the_paper_says(preset, cells, samples):
    made = plan.make(presets.load(preset))
    assert (len(made.cells), made.samples) == (cells, samples)


def test_a_plan_of_100_million_samples_opens_within_a_second(tmp_path):
    settings = presets.load("rf-pretrain", per_length=88_000)
    (tmp_path / plan.FILE).write_text(plan.make(settings).text())
    start = time.process_time()
    opened = plan.read(tmp_path)
    assert opened.samples > 100_000_000
    assert len(opened.shards) > 20_000
    assert time.process_time() - start < 1


def test_shards_hold_each_cell_once(tmp_path):
    made = plan_in(tmp_path, shard_rows=30, per_length=7, synthetic=200)
    held = Counter()
    for shard in made.shards:
        assert sum(part.count for part in shard) <= 30
        for part in shard:
            held[part.task, part.length] += part.count
    assert held == {(cell.task, cell.length): cell.count for cell in made.cells}


def test_parts_are_all_shards_once(tmp_path):
    made = plan_in(tmp_path, shard_rows=10)
    parts = [list(made.part(k, 3)) for k in (1, 2, 3)]
    assert sorted(number for part in parts for number in part) == list(range(len(made.shards)))


def test_lengths_that_a_task_does_not_have_are_left_out_and_said(tmp_path):
    made = plan_in(tmp_path, lengths=(2, 5))
    assert [c.length for c in made.cells if c.task == "flip"] == [2, 3]
    said = "flip: 2 of 4 lengths are left out; it has lengths 1 to 3"
    assert made.left_out == [said]


def test_a_plan_can_be_read_again(tmp_path):
    made = plan_in(tmp_path)
    (tmp_path / plan.FILE).write_text(made.text())
    again = plan.read(tmp_path)
    assert (again.hash, again.shards, again.settings) == (made.hash, made.shards, made.settings)


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"style": "direct"},
        {"per_length": 21},
        {"side": "test"},
        {"lengths": (1, 3)},
        {"example": True},
        {"format": "jsonl"},
        {"more": {"add_up": "def add_up(x): return x"}},
    ],
)
def test_the_hash_changes_with_what_decides_about_the_bytes(tmp_path, change):
    one, other = plan_in(tmp_path), plan_in(tmp_path, **change)
    assert one.hash != other.hash
    assert plan.difference(one, other)


def test_the_hash_changes_with_the_code(tmp_path, monkeypatch):
    one = plan_in(tmp_path)
    monkeypatch.setattr(code, "code_hashes", lambda *_: (("tracer", "x"), ("rules", "y")))
    other = plan_in(tmp_path)
    assert one.hash != other.hash
    assert (
        plan.difference(one, other)
        == "another version of tracer; another version of rules; another version of corpus"
    )


def test_the_hash_does_not_change_with_the_name_of_the_preset(tmp_path):
    (tmp_path / "mine.toml").write_text((presets.FILES.folder / "test.toml").read_text())
    mine = plan.make(presets.load(str(tmp_path / "mine.toml")))
    assert mine.hash == plan.make(presets.load("test")).hash


def test_the_hash_does_not_change_with_how_tasks_are_named():
    named = [("leetcode_258", "nupa_length"), ("length Integer", "Add Digits")]
    one, other = (plan.make(presets.load("test", tasks=tasks)) for tasks in named)
    assert one.hash == other.hash


def test_one_of_several_functions_of_a_file_is_a_task(tmp_path):
    file = tmp_path / "two.py"
    file.write_text(
        "def one(n: int) -> int:\n    return n\n\n\ndef two(n: int) -> int:\n    return -n\n"
    )
    made = plan.make(presets.load("test", tasks=(f"{file}::two",), lengths=(1, 2)))
    (tmp_path / plan.FILE).write_text(made.text())
    task = plan.read(tmp_path, trust=True).task("two")
    assert task.rule.function == "two"
    assert "one" not in task.rule.text


def test_a_damaged_plan_is_said_to_be(tmp_path):
    text = plan_in(tmp_path).text()
    (tmp_path / plan.FILE).write_text(text.replace('"seed": 0', '"seed": 9'))
    with pytest.raises(CorpusRejected, match="is damaged: the plan does not have the hash"):
        plan.read(tmp_path)
    (tmp_path / plan.FILE).write_text(text[:100])
    with pytest.raises(CorpusRejected, match="is damaged"):
        plan.read(tmp_path)


def test_a_folder_without_a_plan_is_no_corpus(tmp_path):
    with pytest.raises(CorpusRejected, match=r"is no corpus, there is no plan\.json"):
        plan.read(tmp_path)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"tasks": "none"}, "no task is of split 'none'"),
        ({"tasks": ()}, "preset rf-pretrain needs a task: --task NAME"),
        ({"lengths": (9, 9), "tasks": ("flip",)}, "nothing to build"),
        ({"format": "csv"}, "no format 'csv'; there are parquet, jsonl"),
        ({"configs": ("chat",)}, "no config 'chat'; there are prompt_completion"),
        ({"synthetic": 1, "synthetic_kind": "x"}, "no synthetic rules of kind 'x'"),
        ({"per_length": -1}, "per_length must be 0 or more"),
        ({"tasks": ("flip", "flip")}, "two tasks are named flip"),
    ],
)
def test_what_cannot_be_planned_is_said(tmp_path, change, says):
    with pytest.raises(CorpusRejected, match=says):
        plan_in(tmp_path, **change)
