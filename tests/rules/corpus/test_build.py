"""A build gives rows that say what the rules do, the same to the byte however it is run."""

import json
import random
import time

import pytest

from rfft.rules import Task
from rfft.rules.corpus import files, reading, records
from rfft.rules.corpus.build import build
from rfft.rules.corpus.errors import CorpusRejected
from rfft.rules.corpus.rows import CONFIGS
from rfft.rules.corpus.tracing import LIMITS, Tracer
from rfft.rules.corpus.verify import verify
from rfft.tracer.errors import Unprotected
from rfft.tracer.sandbox import Sandbox, worker
from rfft.tracer.sandbox import Task as Request
from rfft.tracer.sandbox.protection import WALLS
from rfft.tracer.values.show import show

from .small import TASKS, contents, options, plan_in, rules_in, run

BAD = {
    "raises": "def raises(nums: list[int]):\n    assert nums[0] % 2\n    return nums",
    "tampers": "import sys\n\n\ndef tampers(n: int):\n    f = sys._getframe(0)\n    return n",
    "endless": "def endless(nums: list[int]):\n    while nums:\n        pass\n    return 1",
    "half": "def half(n: int):\n    return n\n\n\ndef question(n):\n    return '\\ud800'",
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Return a plan and the folder of its corpus."""
    folder = tmp_path_factory.mktemp("corpus")
    plan = plan_in(folder)
    build(plan, folder / "out", workers=2)
    return plan, folder / "out"


def rows_of(plan, folder):
    return [row for n in range(len(plan.shards)) for row in reading.rows(plan, folder, n)]


def test_rows_need_nothing_else(corpus):
    for row in rows_of(*corpus):
        task = Task.from_source(TASKS[row["task"]], row["task"])
        values = [eval(text) for text in row["arguments"]]
        assert row["answer"] == show(task.rule.load()(*values))
        assert row["completion"].endswith(f"So the answer is {row['answer']}\n")
        assert row["rule"] in row["prompt"]
        assert all(text in row["prompt"] for text in row["arguments"])
        assert row["prompt"].endswith("\n")


def test_a_row_has_the_text_that_the_tracer_writes(corpus):
    row = rows_of(*corpus)[0]
    task, length, number = row["id"].split(":")
    task = Task.from_source(TASKS[task], task)
    values = task.arguments(int(length), 0, int(number))
    assert row["prompt"] == task.prompt(values)
    assert row["completion"] == task.rule.writer()(*values).response


def test_no_row_comes_twice(corpus):
    rows = rows_of(*corpus)
    assert len({row["id"] for row in rows}) == len(rows)
    assert len({(row["task"], *row["arguments"]) for row in rows}) == len(rows)


def test_the_manifest_says_what_there_is(corpus):
    plan, folder = corpus
    said = json.loads((folder / records.MANIFEST).read_text())
    rows = rows_of(plan, folder)
    assert (said["rows"], said["wanted"], said["plan"]) == (len(rows), plan.samples, plan.hash)
    assert said["exhausted"] == ["flip:1", "flip:2", "flip:3"]
    assert said["left_out"] == []
    assert set(said["files"]) == {f for f in contents(folder) if f.endswith(".parquet")}


def test_the_card_says_what_there_is(corpus):
    plan, folder = corpus
    card = (folder / "README.md").read_text()
    assert plan.hash in card
    assert "| add_up | 4 | 20 | " in card
    assert "- flip at length 1\n" in card
    assert "flip: 1 of 4 lengths are left out" in card


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_every_config_says_the_same(corpus, tmp_path, form):
    expected = rows_of(*corpus)
    plan = plan_in(tmp_path, format=form, configs=tuple(CONFIGS))
    build(plan, tmp_path / "out", workers=1)
    shards = range(len(plan.shards))
    found = {
        config: [
            row
            for n in shards
            for row in files.read(tmp_path / "out" / files.name(config, n, form))
        ]
        for config in CONFIGS
    }
    for n, row in enumerate(expected):
        asked = {"role": "user", "content": row["prompt"].rstrip("\n")}
        answered = {"role": "assistant", "content": row["completion"].rstrip("\n")}
        rest = {k: v for k, v in row.items() if k not in ("prompt", "completion")}
        assert found["prompt_completion"][n] == {**row, "prompt": row["prompt"] + "\n"}
        assert found["conversational"][n] == {**rest, "prompt": [asked], "completion": [answered]}
        assert found["messages"][n] == {**rest, "messages": [asked, answered]}


@pytest.mark.parametrize("config", ["conversational", "messages"])
def test_rows_are_read_the_same_from_any_config(corpus, tmp_path, config):
    plan = plan_in(tmp_path, format="jsonl", configs=(config,))
    build(plan, tmp_path / "out", workers=1)
    assert rows_of(plan, tmp_path / "out") == rows_of(*corpus)
    assert verify(tmp_path / "out", sample=5, workers=1).problems == []


def test_rows_of_older_corpora_have_no_blank_line(corpus, tmp_path):
    plan = plan_in(tmp_path, format="jsonl")
    build(plan, tmp_path / "out", workers=1)
    path = tmp_path / "out" / files.name("prompt_completion", 0, "jsonl")
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    older = [{**row, "prompt": row["prompt"].removesuffix("\n")} for row in rows]
    assert older != rows
    path.write_text("".join(json.dumps(row) + "\n" for row in older))
    assert list(reading.rows(plan, tmp_path / "out", 0)) == older


def test_workers_and_a_clock_that_jumps_change_nothing(corpus, tmp_path, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + random.uniform(-1e6, 1e6))
    plan = plan_in(tmp_path)
    build(plan, tmp_path / "out", workers=3)
    assert contents(tmp_path / "out") == contents(corpus[1])


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_hash_seed_changes_nothing(corpus, tmp_path, seed):
    done = run("build", *options(tmp_path), "--out", tmp_path / "out", "--workers", 1,
               env={"PYTHONHASHSEED": seed})  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert contents(tmp_path / "out") == contents(corpus[1])


def test_parts_make_the_whole(corpus, tmp_path):
    plan = plan_in(tmp_path)
    for k in (3, 1, 2):
        built = build(plan, tmp_path / "out", part=(k, 3), workers=1)
        assert (built.manifest is not None) == (k == 2)
    assert contents(tmp_path / "out") == contents(corpus[1])


def test_a_shard_can_be_built_alone(corpus, tmp_path):
    plan, folder = corpus
    count = len(plan.shards)
    build(plan_in(tmp_path), tmp_path / "out", part=(2, count), workers=1)
    made = contents(tmp_path / "out")
    assert {f: data for f, data in contents(folder).items() if f in made} == made
    assert "conversational/000001.parquet" in made


def test_nothing_is_done_again(corpus):
    plan, folder = corpus
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}
    built = build(plan, folder)
    assert (built.shards, built.kept) == (0, len(plan.shards))
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")} == before


def test_every_row_can_be_made_again_from_its_id(corpus):
    plan, folder = corpus
    rows = random.Random(1).sample(rows_of(plan, folder), 10)
    with Tracer(plan, 1) as tracer:
        for row in rows:
            task, length, number = row["id"].split(":")
            assert tracer.one(task, int(length), int(number)).rows == [row]


def test_samples_that_fail_are_left_out_with_a_reason(tmp_path):
    plan = plan_in(tmp_path, ("add_up", *BAD), lengths=(2, 2), per_length=3, more=BAD)
    built = build(plan, tmp_path / "out", workers=2)
    said = json.loads((tmp_path / "out" / records.MANIFEST).read_text())["left_out"]
    found = {(one["id"].split(":")[0], one["status"]) for one in said}
    assert found == {("raises", "rule_error"), ("tampers", "tainted"), ("endless", "limit_steps"),
                     ("half", "unwritable")}  # fmt: skip
    assert built.left_out == len(said)
    kept = [row["task"] for row in rows_of(plan, tmp_path / "out")]
    assert set(kept) == {"add_up", "raises"}
    assert "tampers:2:" in (tmp_path / "out/README.md").read_text()


CARRIES = {
    "rounds": """
from decimal import Decimal, getcontext

def rounds(n: int) -> str:
    if n % 2:
        getcontext().prec = 5
    return str(Decimal(n) / Decimal(7))
""",
    "collects": """
SEEN = []

def collects(nums: list[int]) -> int:
    SEEN.extend(nums)
    return len(SEEN)
""",
}


def test_rows_are_what_the_rule_does_alone(tmp_path):
    plan = plan_in(tmp_path, tuple(CARRIES), lengths=(2, 3), per_length=8, more=CARRIES)
    build(plan, tmp_path / "out", workers=2)
    rows = rows_of(plan, tmp_path / "out")
    with Sandbox(limits=LIMITS) as sandbox:
        for row in rows:
            (alone,) = sandbox.run(
                Request(row["rule"], (", ".join(row["arguments"]),), steps=False)
            )
            assert (alone["response"], alone["answer"]) == (row["completion"], row["answer"])
    assert {row["task"] for row in rows} == CARRIES.keys()
    assert verify(tmp_path / "out", sample=None, workers=2).problems == []


UNSTEADY = {
    "order": """
def order(text: str) -> str:
    letters = ""
    for letter in set("abcdefgh" + text):
        letters += letter
    return letters
""",
    "clock": """
import time

def clock(n: int) -> int:
    now = vars(time)["ti" + "me"]
    return int(now()) + n
""",
}


def test_samples_of_rules_that_do_not_do_the_same_again_are_left_out(tmp_path):
    plan = plan_in(tmp_path, ("add_up", *UNSTEADY), lengths=(2, 2), per_length=3, more=UNSTEADY)
    build(plan, tmp_path / "out", workers=2)
    said = json.loads((tmp_path / "out" / records.MANIFEST).read_text())["left_out"]
    assert {one["id"].split(":")[0] for one in said} == UNSTEADY.keys()
    assert {one["status"] for one in said} == {"tainted"}
    assert all("the rule does not do the same again: line " in one["reason"] for one in said)
    assert {row["task"] for row in rows_of(plan, tmp_path / "out")} == {"add_up"}


def test_examples_and_synthetic_rules(tmp_path):
    plan = plan_in(tmp_path, ("add_up",), lengths=(2, 2), per_length=5, synthetic=5, example=True,
                   style="rfft-icl")  # fmt: skip
    build(plan, tmp_path / "out", workers=2)
    rows = rows_of(plan, tmp_path / "out")
    assert [row["task"] for row in rows] == ["add_up"] * 5 + ["synthetic"] * 5
    for row in rows:
        assert row["prompt"].count("Q: ") == 2
        assert row["prompt"].count("So the answer is ") == 1
        assert row["prompt"].count(row["rule"]) == (2 if row["task"] == "add_up" else 1)


@pytest.mark.parametrize("style", ["scratchpad", "direct", "rfft-icl"])
def test_every_style_makes_a_corpus(tmp_path, style):
    plan = plan_in(tmp_path, ("add_up",), lengths=(2, 2), per_length=3, style=style)
    built = build(plan, tmp_path / "out", workers=1)
    assert (built.rows, built.left_out) == (3, 0)


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    plan = plan_in(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    with pytest.raises(CorpusRejected, match=r"is not empty and no corpus; it has thesis\.txt"):
        build(plan, tmp_path / "out")


def test_nothing_is_built_where_nothing_holds_rules_back(tmp_path, monkeypatch):
    plan = plan_in(tmp_path, ("add_up",), lengths=(2, 2), per_length=2)
    monkeypatch.setattr(worker, "pretended", WALLS)
    with pytest.raises(Unprotected, match="cannot hold rules back at all"):
        build(plan, tmp_path / "out", workers=1)
    assert build(plan, tmp_path / "out", workers=1, unprotected=True).rows == 2


def test_own_rules_join_the_library(tmp_path):
    rules = rules_in(tmp_path)
    done = run("plan", "--preset", "rf-pretrain", "--rules", rules)
    assert "tasks: 78 (pretrain)" in done.stdout
