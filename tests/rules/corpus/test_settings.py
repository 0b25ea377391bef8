"""Presets say what the papers' sets are made of, and every number can be another."""

from pathlib import Path

import pytest

from rfft.rules.corpus import settings as presets
from rfft.rules.corpus.errors import CorpusRejected


@pytest.mark.parametrize(
    ("name", "tasks", "lengths", "per_length", "side"),
    [
        ("rf-pretrain", "pretrain", (1, 15), 300, "train"),
        ("rf-pretrain-validation", "pretrain", (31, 31), 10, "validation"),
        ("adapt", (), (1, 5), 1000, "train"),
        ("test", "downstream", (1, 30), 100, "test"),
        ("icl", "pretrain", (1, 15), 300, "train"),
    ],
)
def test_presets_are_those_of_the_paper(name, tasks, lengths, per_length, side):
    found = presets.load(name)
    said = (found.tasks, found.lengths, found.per_length, found.side)
    assert said == (tasks, lengths, per_length, side)


def test_icl_has_examples_and_synthetic_rules():
    found = presets.load("icl")
    assert (found.example, found.synthetic, found.style) == (True, 100_000, "rfft-icl")


def test_every_number_can_be_another():
    found = presets.load("adapt", tasks=("a",), lengths=(2, 3), per_length=7, seed=5, style="x")
    assert (found.tasks, found.lengths, found.per_length) == (("a",), (2, 3), 7)
    assert (found.seed, found.style) == (5, "x")


def test_all_presets_are_listed():
    assert presets.FILES.names() == [
        "adapt",
        "icl",
        "programs",
        "rf-pretrain",
        "rf-pretrain-validation",
        "test",
    ]


def test_a_file_can_be_a_preset(tmp_path: Path):
    file = tmp_path / "mine.toml"
    file.write_text('tasks = ["a"]\nlengths = "3"\nper_length = 2\nside = "test"\nstyle = "rfft"\n')
    assert presets.load(str(file)).lengths == (3, 3)
    assert presets.load(str(file)).preset == "mine"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("lengths = ", "mine.toml: Invalid value"),
        ("length = 3", "mine.toml: there is no length; there are tasks, "),
        ("per_length = true", "mine.toml: per_length cannot be True"),
        ("seed = 1", "mine.toml: says nothing of tasks, lengths"),
        (
            'tasks = "a"\nlengths = "1"\nper_length = 1\nside = "left"\nstyle = "s"',
            "no side 'left'",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, text: str, says: str):
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(CorpusRejected, match=says):
        presets.load(str(file))


@pytest.mark.parametrize("text", ["", "5-1", "a-b", "-3", "1-2-3", "1.5"])
def test_lengths_that_are_none_are_refused(text):
    with pytest.raises(CorpusRejected, match="lengths are given as 1-15 or 31"):
        presets.lengths(text)
