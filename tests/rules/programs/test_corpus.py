"""Corpora that are made of sets of programs."""

import json
from pathlib import Path

import pytest

from rfft.rules.corpus import plan as plans
from rfft.rules.corpus import reading
from rfft.rules.corpus.build import build
from rfft.rules.corpus.errors import CorpusRejected
from rfft.rules.corpus.gathering import gathering
from rfft.rules.corpus.programs import differs, given
from rfft.rules.corpus.settings import load
from rfft.rules.corpus.verify import verify

from ..corpus.small import contents, run
from .sets import COUNT, DOUBLE, ROWS, many, put


def built(folder: Path, rows, *, fields=None, split=None, name="out", **changes) -> plans.Plan:
    """Build a corpus of the rows in a folder; return its plan."""
    source, out = put(folder / "set.jsonl", rows), folder / name
    settings = load("programs", format="jsonl", **changes)
    with gathering(source, fields, split, out) as gather:
        plan = plans.make(settings, programs=lambda: gather.collect(settings))
        build(plan, out, workers=1)
    return plan


def rows_of(plan, folder: Path) -> list[dict]:
    return [row for n in range(len(plan.shards)) for row in reading.rows(plan, folder, n)]


def left_out(folder: Path) -> list[tuple[str, str]]:
    lines = (folder / "left_out.jsonl").read_text().splitlines()
    return [(said["id"], said["status"]) for said in map(json.loads, lines)]


HARD = [
    {"id": "io:1:x", "source": DOUBLE, "inputs": ["[1, 2]", "[3]"], "outputs": ["[2, 4]", "[7]"]},
    {"id": "raises", "source": "def g(x):\n    return 1 // x\n", "inputs": ["0", "1"]},
    {"id": "ends never", "source": "def h(x):\n    while True:\n        x += 1\n", "inputs": ["0"]},
    {"id": "words", "source": "def w(*words, sep):\n    return sep.join(words)\n",
     "inputs": ["'a', 'b', sep='-'"], "outputs": ["'a-b'"]},
    {"id": "old", "source": "def f(x):\n    print x\n", "inputs": ["0"]},
]  # fmt: skip


@pytest.fixture(scope="module")
def hard(tmp_path_factory) -> tuple[Path, plans.Plan]:
    folder = tmp_path_factory.mktemp("hard")
    return folder / "out", built(folder, HARD)


def test_rows_are_traced_and_compared_and_the_others_are_told(hard):
    folder, plan = hard
    rows = {row["id"]: row for row in rows_of(plan, folder)}
    assert list(rows) == ["io:1:x:6:0", "raises:1:1", "words:17:0"]
    assert rows["words:17:0"]["arguments"] == ["'a'", "'b'", "sep='-'"]
    assert rows["words:17:0"]["answer"] == "'a-b'"
    assert "Given words = ('a', 'b') and sep = '-'" in rows["words:17:0"]["prompt"]
    assert left_out(folder) == [
        ("old", "python_2"), ("io:1:x:3:1", "other_output"), ("raises:1:0", "rule_error"),
        ("ends never:1:0", "limit_steps"),
    ]  # fmt: skip
    card = (folder / "README.md").read_text()
    assert "programs: 3 of 4 traced, on 3 of 6 inputs" in card
    assert "| rule_error: ZeroDivisionError | the program raised an exception | 1 |" in card


def test_it_verifies_and_a_row_of_another_answer_does_not(hard, tmp_path):
    folder, _ = hard
    assert verify(folder, sample=None, workers=1).problems == []
    copy = tmp_path / "copy"
    for name, data in contents(folder).items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(data)
    kept = copy / "programs.jsonl"
    kept.write_text(kept.read_text().replace("[2, 4]", "[2, 5]"))
    assert "is not the file" in verify(copy, workers=1).problems[0]
    with pytest.raises(Exception, match="is not the file"):
        plans.checked(copy)


def test_a_row_is_shown_and_made_again(hard):
    folder, _ = hard
    done = run("show", folder, "io:1:x:6:0", "--regenerate")
    assert (done.returncode, "So the answer is [2, 4]" in done.stdout) == (0, True), done.stderr
    assert "made again it is the same" in done.stderr
    for name in ("io:1:x:6:9", "none:1:0"):
        done = run("show", folder, name)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_shards_parts_and_a_killed_build_give_the_same_bytes(tmp_path):
    source = put(tmp_path / "set.jsonl", many(6))
    options = ["--programs", source, "--shard-rows", 4, "--shard-format", "jsonl", "--workers", 1]
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert run("build", *options, "--out", whole).returncode == 0
    run("plan", *options[:-2], "--out", parts)
    source.unlink()  # which is not needed any more
    for k in (2, 1, 3):
        done = run("build", "--out", parts, "--shard", f"{k}/3", "--workers", 1)
        assert done.returncode == 0, done.stderr
    assert contents(parts) == contents(whole)
    (parts / "prompt_completion/000001.jsonl").write_text("")
    (parts / "manifest.json").unlink()
    assert run("build", "--out", parts).returncode == 0
    assert contents(parts) == contents(whole)
    stats = run("stats", parts).stdout
    assert "12 samples" in stats


def test_all_inputs_of_a_program_are_on_one_side(tmp_path):
    train = built(tmp_path, many(40), name="train", side="train")
    test = built(tmp_path, many(40), name="test", side="test")
    one, two = (
        {r["task"] for r in rows_of(p, tmp_path / n)} for p, n in ((train, "train"), (test, "test"))
    )
    assert one
    assert two
    assert not one & two
    assert len(rows_of(train, tmp_path / "train")) == 2 * len(one)
    assert verify(tmp_path / "train", against=[tmp_path / "test"], sample=0).problems == []
    built(tmp_path, many(40), name="all")
    report = verify(tmp_path / "all", against=[tmp_path / "test"], sample=0)
    assert "shares" in report.problems[0]


def test_a_given_split_is_taken(tmp_path):
    split = tmp_path / "split"
    split.write_text('{"test": ["p/1", "p/3"], "train": ["p/0"]}')
    plan = built(tmp_path, many(5), split=split, side="test")
    assert {r["task"] for r in rows_of(plan, tmp_path / "out")} == {"p/1", "p/3"}
    assert verify(tmp_path / "out", sample=0).problems == []
    split.write_text("p/4\n")
    assert given(split, "test")("p/4", "") == "test"
    assert given(split, "test")("p/5", "") is None


@pytest.mark.parametrize(
    ("text", "side", "line"),
    [
        ("p/1", "all", "say with --side"),
        ("{", "test", "is no object"),
        ('{"test": 5}', "test", "is no list"),
        ('{"tset": []}', "test", "no side 'tset'"),
        ('{"test": ["a"], "train": ["a"]}', "test", "of side test and of side train"),
    ],
)
def test_a_split_that_cannot_be_is_refused(tmp_path, text, side, line):
    (tmp_path / "split").write_text(text)
    with pytest.raises(CorpusRejected, match=line):
        given(tmp_path / "split", side)


def test_refusals_are_lines(tmp_path):
    source = put(tmp_path / "set.jsonl", many(2))
    for options, line in (
        (["--programs", source, "--task", "add"], "goes without tasks"),
        (["--programs", source, "--fields", "cruxeval"], "no program to trace: 2 bad_row"),
        (["--fields", "own", "--preset", "test"], "--fields goes with --programs"),
        (["--preset", "test", "--side", "all"], "--side all is for --programs"),
    ):
        done = run("build", "--out", tmp_path / "out", *options)
        assert (done.returncode, line in done.stderr) == (2, True), done.stderr
    run("build", "--out", tmp_path / "out", "--programs", source)
    other = put(tmp_path / "other.jsonl", many(3))
    done = run("build", "--out", tmp_path / "out", "--programs", other)
    assert "another set of programs" in done.stderr


@pytest.mark.parametrize(
    ("answer", "stated", "from_json", "same"),
    [
        ("2", "2.0", False, True),
        ("{1, 2}", "{2, 1}", False, True),
        ("[nan]", "[nan]", False, True),
        ("[inf, nan]", "[inf,nan]", False, True),
        ("Counter({'a': 1})", "{'a': 1}", False, True),
        ("defaultdict(<class 'int'>, {1: 2})", "{1: 2}", False, True),
        ("frozenset()", "set()", False, True),
        ("(1, 2)", "[1, 2]", False, False),
        ("(1, 2)", "[1, 2]", True, True),
        ("{1: (2,)}", "{'1': [2]}", True, True),
        ("'1'", "1", False, False),
        ("<object>", "3", False, False),
        ("3", None, False, True),
    ],
)
def test_answers_are_compared_as_values(answer, stated, from_json, same):
    assert (differs(answer, stated, from_json) == "") == same


def test_a_program_of_a_set_stands_for_a_rule_file(tmp_path):
    from rfft.tracer.commands.trace import main, trace_main

    source = put(
        tmp_path / "set.jsonl", [ROWS["mbpp"] | {"task_id": 5, "code": DOUBLE}, ROWS["mbpp"]]
    )
    output = tmp_path / "text"
    assert trace_main([f"{source}#11", "--only", "response", "--output", str(output)]) == 0
    assert output.read_text().endswith("So the answer is 3\n")
    assert trace_main([f"{source}#11", "--input", "'aa'", "--output", str(output)]) == 0
    assert output.read_text().endswith("So the answer is 2\n")
    arguments = ["rules", "trace", f"{source}#11", "--index", "1", "--output", str(output)]
    assert main(arguments) == 0
    assert output.read_text().endswith("So the answer is 0\n")
    assert COUNT.splitlines()[0] in output.read_text()


def test_programs_that_are_not_there_are_told(tmp_path, capfd):
    from rfft.tracer.commands.trace import main, trace_main

    source = put(tmp_path / "set.jsonl", [ROWS["mbpp"]])
    assert trace_main([f"{source}#12"]) == 2
    assert main(["rules", "trace", f"{source}#11", "--index", "7"]) == 2
    assert main(["rules", "trace", "move_zeroes"]) == 2
    said = capfd.readouterr().err
    for line in ("has no program '12'", "has 3 inputs", "Missing option '--length'"):
        assert line in said
