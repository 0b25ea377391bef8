"""What is wrong with a corpus is found and named."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from rfft.rules import Task
from rfft.rules.corpus import files, records, sources, split
from rfft.rules.corpus.build import build
from rfft.rules.corpus.truth import false_lines
from rfft.rules.corpus.verify import verify

from .small import TASKS, plan_in


@pytest.fixture(scope="module")
def corpora(tmp_path_factory) -> Path:
    """Return a folder with corpora of either side, and one of a rule under other names."""
    folder = tmp_path_factory.mktemp("corpora")
    same = TASKS["add_up"].replace("add_up", "total").replace("num", "x")
    build(plan_in(folder, format="jsonl"), folder / "train", workers=1)
    build(plan_in(folder, side="test", seed=3), folder / "test", workers=1)
    held = {"total": 'SPLIT = "downstream"\n' + same}
    build(plan_in(folder, ("total",), side="test", more=held), folder / "held", workers=1)
    return folder


def changed(corpora: Path, folder: Path, shard: int, **changes: str) -> Path:
    """Return a copy of a corpus in which the first row of a shard is another, checksums and all."""
    copy = folder / "copy"
    shutil.copytree(corpora / "train", copy)
    record = json.loads((copy / records.name(shard)).read_text())
    for config in ("conversational", "prompt_completion"):
        name = files.name(config, shard, "jsonl")
        first, *rest = (copy / name).read_text().splitlines(keepends=True)
        row = json.loads(first)
        row.update({k: v for k, v in changes.items() if k in row})
        data = "".join([json.dumps(row) + "\n", *rest]).encode()
        (copy / name).write_bytes(data)
        record["files"][name] = {"bytes": len(data), "sha256": sha256(data).hexdigest()}
    (copy / records.name(shard)).write_text(json.dumps(record))
    manifest = json.loads((copy / records.MANIFEST).read_text())
    manifest["files"].update(record["files"])
    (copy / records.MANIFEST).write_text(json.dumps(manifest))
    return copy


def test_a_good_corpus_is_good(corpora):
    report = verify(corpora / "train", sample=None, workers=1)
    assert report.problems == []
    assert report.rows == report.pairs == report.traced > 80


def test_either_side_shares_nothing_with_the_other(corpora):
    report = verify(corpora / "train", against=[corpora / "test"], sample=0)
    assert report.problems == []


def test_a_held_out_rule_is_found_under_other_names(corpora):
    report = verify(corpora / "train", against=[corpora / "held"], sample=0)
    assert report.problems == [f"{corpora / 'held'}: its task total has the rule of add_up"]


def test_a_missing_and_a_torn_shard_are_named(corpora, tmp_path):
    shutil.copytree(corpora / "train", tmp_path / "copy")
    (tmp_path / "copy" / "conversational/000000.jsonl").unlink()
    with (tmp_path / "copy" / "prompt_completion/000001.jsonl").open("ab") as file:
        file.write(b"x")
    report = verify(tmp_path / "copy", sample=0)
    assert report.problems[0] == "shard 0: conversational/000000.jsonl: No such file or directory"
    assert report.problems[1].startswith("shard 1: prompt_completion/000001.jsonl has ")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"completion": "So the answer is 9\n"}, "its rule makes another trace"),
        ({"answer": "12345"}, "its rule gives another answer"),
        ({"answer": "12345"}, "the completion does not end with the answer"),
        ({"answer": "12345"}, "0: the oracle says "),
        ({"rule": "def f(x):\n    return x"}, "its rule makes another trace"),
        ({"rule": "nothing"}, "its rule is no rule"),
        ({"id": "flip:9:1"}, "is a row of flip at length 3"),
    ],
)
def test_a_row_that_is_wrong_is_named(corpora, tmp_path, changes, says):
    shard = 6  # of `flip` at length 3
    report = verify(changed(corpora, tmp_path, shard, **changes), sample=None, workers=1)
    assert any(says in line for line in report.problems), report.problems


def test_a_row_of_another_side_is_named(corpora, tmp_path):
    rule = Task.from_source(TASKS["add_up"], "add_up").rule.text
    pairs = (([f"[{n}]"], sources.pair(rule, [f"[{n}]"], "add_up")) for n in range(1000))
    arguments = next(arguments for arguments, pair in pairs if split.side(pair) == "test")
    report = verify(changed(corpora, tmp_path, 0, arguments=arguments), sample=0)
    assert len(report.problems) == 1
    assert report.problems[0].endswith(": is of side test")


def test_a_row_that_comes_twice_is_named(corpora, tmp_path):
    path = corpora / "train" / files.name("prompt_completion", 0, "jsonl")
    second = json.loads(path.read_text().splitlines()[1])
    copy = changed(corpora, tmp_path, 0, id=second["id"], arguments=second["arguments"])
    report = verify(copy, sample=0)
    assert [line for line in report.problems if "twice" in line] == [
        f"{second['id']}: is there twice"
    ]


@pytest.mark.parametrize(
    ("line", "good"),
    [
        ("total = 0 + 5 = 5", True),
        ("total = 0 + 5 = 6", False),
        ("num % 10 = 5", True),
        ("5 % 10 = 5", True),
        ("result = 'a = b' + '' = 'a = b'", True),
        ("result = '912' + '' = '012'", False),
        ("x = [1, 2][0] = 1", True),
        ("x = [1, 2][0] = 2", False),
        ("x = 1 = True", False),
        ("a = -3 // 2 = -2", True),
        ("a = f(3) = 9", True),
        ("a = 'x' + 1 = 2", False),
        ("while nums:", True),
        ("while other:", False),
    ],
)
def test_equations_and_recited_lines(line, good):
    rule = "def f(nums):\n    while nums:\n        nums.pop()"
    assert (not list(false_lines(line + "\n", rule, True))) == good
