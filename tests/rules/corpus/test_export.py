"""Corpora in the forms of other programs."""

import contextlib
import io
import json
import subprocess
import sys

import pytest

from rfft.rules.corpus import export, exporting, plan, reading, records
from rfft.rules.corpus.build import build
from rfft.tracer.commands import disk
from rfft.tracer.commands.trace import main

from .small import contents, plan_in

NAMES = {
    "lm-eval": {"validation": "validation.jsonl", "test": "test.jsonl"},
    "mlx": {"train": "train.jsonl", "validation": "valid.jsonl", "test": "test.jsonl"},
    "openai": {"train": "train.jsonl", "validation": "validation.jsonl", "test": "test.jsonl"},
    "verl": {
        "train": "train.parquet",
        "validation": "validation.parquet",
        "test": "test.parquet",
    },
}


def run(*arguments: object) -> tuple[int, str, str]:
    """Run ``rfft corpus export`` in this process; return its exit code and what it said."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["corpus", "export", *map(str, arguments)])
    return code, out.getvalue(), err.getvalue()


def rows_of(folder):
    of = plan.read(folder)
    return [row for shard in range(len(of.shards)) for row in reading.rows(of, folder, shard)]


def read(path):
    if path.suffix == ".parquet":
        parquet = pytest.importorskip("pyarrow.parquet")
        return parquet.read_table(path).to_pylist()
    return [json.loads(line) for line in path.read_text().splitlines()]


def instance(row):
    return row["rule"], tuple(row["arguments"])


@pytest.mark.parametrize(("target", "code"), [("verl", 2), ("lm-eval", 2), ("openai", 0)])
def test_steps_go_where_rows_are_not_scored(tmp_path, target, code):
    side = {"lm-eval": "test"}.get(target, "train")
    made = plan_in(tmp_path, ("flip",), lengths=(2, 2), per_length=2, unit="step", side=side,
                   format="jsonl")  # fmt: skip
    build(made, tmp_path / "steps", workers=1)
    done, _, said = run(tmp_path / "steps", "--to", target, "--output", tmp_path / "out")
    assert (done, "whose rows have no answer to score" in said) == (code, code == 2)


@pytest.fixture(scope="module")
def corpora(tmp_path_factory):
    """Return the folders of corpora: a side each, and the training one in another style."""
    folder = tmp_path_factory.mktemp("corpora")
    asked = {
        "train": {},
        "other-style": {"style": "natural"},
        "validation": {"side": "validation"},
        "test": {"side": "test", "format": "jsonl"},
    }
    for name, changes in asked.items():
        build(plan_in(folder, lengths=(1, 3), per_length=12, **changes), folder / name, workers=1)
    return folder


@pytest.mark.parametrize("target", NAMES)
def test_each_side_has_its_file(corpora, tmp_path, target):
    sides = list(NAMES[target])
    code, said, errors = run(
        *(corpora / side for side in sides), "--to", target, "-o", tmp_path / "made"
    )
    assert (code, errors) == (0, "")
    counts = {side: len(rows_of(corpora / side)) for side in sides}
    assert f"{sum(counts.values()):,} rows" in said
    assert str(tmp_path / "made") in said.splitlines()[1]  # how it is used
    for side, name in NAMES[target].items():
        assert len(read(tmp_path / "made" / name)) == counts[side]
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_targets_are_the_files_of_the_folder():
    assert export.names() == list(NAMES)


def test_rows_of_verl(corpora, tmp_path):
    datasets = pytest.importorskip("datasets")
    run(corpora / "train", "--to", "verl", "-o", tmp_path / "made")
    file = str(tmp_path / "made/train.parquet")
    found = datasets.load_dataset("parquet", data_files=file, cache_dir=str(tmp_path / "cache"))
    for number, (made, row) in enumerate(
        zip(found["train"], rows_of(corpora / "train"), strict=True)
    ):
        assert made["prompt"] == [{"role": "user", "content": row["prompt"].rstrip("\n")}]
        assert made["reward_model"] == {"style": "rule", "ground_truth": row["answer"]}
        assert made["data_source"] == f"rfft/{row['task']}"
        assert made["ability"]
        extra = made["extra_info"]
        assert (extra["split"], extra["index"]) == ("train", number)
        for name in ("id", "rule", "arguments", "style", "completion", "length"):
            assert extra[name] == row[name]


@pytest.mark.parametrize("target", ["mlx", "openai"])
def test_conversations_and_nothing_else(corpora, tmp_path, target):
    run(corpora / "train", "--to", target, "-o", tmp_path / "made")
    rows = rows_of(corpora / "train")
    for made, row in zip(read(tmp_path / "made/train.jsonl"), rows, strict=True):
        said = [row[part].rstrip("\n") for part in ("prompt", "completion")]
        roles = ("user", "assistant")
        talk = [{"role": r, "content": text} for r, text in zip(roles, said, strict=True)]
        assert made == {"messages": talk}


def test_mlx_is_told_to_learn_the_response_and_to_cut_nothing(corpora, tmp_path):
    run(corpora / "train", "--to", "mlx", "-o", tmp_path / "made")
    said = dict(line.split(": ") for line in (tmp_path / "made/lora.yaml").read_text().splitlines())
    longest = max(len((r["prompt"] + r["completion"]).encode()) for r in rows_of(corpora / "train"))
    assert said["mask_prompt"] == "true"
    assert int(said["max_seq_length"]) > longest


def test_questions_of_the_harness_are_those_of_rfft_eval(corpora, tmp_path):
    run(corpora / "test", "--to", "lm-eval", "-o", tmp_path / "exam 1")
    for made, row in zip(
        read(tmp_path / "exam 1/test.jsonl"), rows_of(corpora / "test"), strict=True
    ):
        assert made["text"] == row["prompt"].rstrip("\n") + "\n\n"
        assert made["message"] == row["prompt"].rstrip("\n")
        assert {k: made[k] for k in ("completion", "answer", "style", "length")} == {
            k: row[k] for k in ("completion", "answer", "style", "length")
        }
    assert sorted(path.name for path in (tmp_path / "exam 1").glob("*.yaml")) == [
        "rfft_exam_1.yaml", "rfft_exam_1_chat.yaml",
    ]  # fmt: skip


def test_a_share_is_for_validation_and_shares_no_instance(corpora, tmp_path):
    both = (corpora / "train", corpora / "other-style")
    code, *_ = run(*both, "--to", "verl", "--validation", "0.2", "-o", tmp_path / "made")
    assert code == 0
    found = {
        side: [row["extra_info"] for row in read(tmp_path / f"made/{side}.parquet")]
        for side in ("train", "validation")
    }
    assert {row["style"] for row in found["validation"]} == {"rfft", "natural"}
    kept, held = ({instance(row) for row in rows} for rows in found.values())
    assert not kept & held
    assert kept | held == {instance(row) for folder in both for row in rows_of(folder)}
    assert 0.05 < len(held) / len(kept | held) < 0.4
    run(*both, "--to", "verl", "--validation", "0.2", "-o", tmp_path / "again")
    assert contents(tmp_path / "made") == contents(tmp_path / "again")


def test_a_corpus_can_be_for_validation(corpora, tmp_path):
    code, *_ = run(
        corpora / "train", "--to", "mlx", "--validation", corpora / "validation",
        "-o", tmp_path / "made",
    )  # fmt: skip
    assert code == 0
    assert len(read(tmp_path / "made/valid.jsonl")) == len(rows_of(corpora / "validation"))


def test_the_new_folder_can_stand_last(corpora, tmp_path):
    code, *_ = run("--to", "mlx", corpora / "train", corpora / "test", tmp_path / "made")
    assert code == 0
    assert (tmp_path / "made/test.jsonl").exists()
    for given in ([corpora / "train"], [corpora / "train", corpora / "test"]):
        code, _, said = run("--to", "mlx", *given)
        line = "--output is missing: the new folder to write into (see rfft corpus export --help)"
        assert (code, said) == (2, f"rfft: {line}\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["{train}", "--to", "trl"], "--to takes lm-eval, mlx, openai, verl, and not 'trl'"),
        (["{train}", "--to", "lm-eval"], "is of side train; this takes rows of side validation or"),
        (["none", "--to", "mlx"], "none: is no corpus, there is no plan.json"),
        (["{train}", "{train}", "--to", "mlx"], "has the same rows as "),
        (["{train}", "--to", "mlx", "--validation", "1.5"], "a share between 0 and 1, such as"),
        (["{train}", "--to", "mlx", "--validation", "nan"], "a share between 0 and 1, such as"),
        (["{train}", "--to", "mlx", "--validation", "{test}"], "is of side test; --validation"),
        (["{train}", "--to", "mlx", "--validation", "0.0001"], "leaves no row for validation"),
        (["{train}", "--to", "mlx", "--validation", "0.9999"], "leaves no row for training"),
        (["{test}", "--to", "mlx", "--validation", "0.1"], "a share for validation is one of"),
        (["{train}"], "Missing option '--to'"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(corpora, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    given = [a.format(train=corpora / "train", test=corpora / "test") for a in arguments]
    code, _, said = run(*given, "-o", tmp_path / "made")
    assert (code, said.count("\n")) == (2, 1)
    assert says in said
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(corpora, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    code, _, said = run(corpora / "train", "--to", "mlx", "-o", tmp_path)
    assert (code, said) == (2, f"rfft: {tmp_path}: has mine.txt in it; take a new folder\n")
    code, _, said = run(corpora / "train", "--to", "mlx", "-o", tmp_path / "mine.txt")
    assert (code, said) == (2, f"rfft: {tmp_path / 'mine.txt'}: is no folder; take a new one\n")
    assert contents(tmp_path) == {"mine.txt": b"mine"}


def test_a_corpus_that_is_not_whole_is_refused(tmp_path):
    of = plan_in(tmp_path, format="jsonl")
    build(of, tmp_path / "out", workers=1)
    manifest = (tmp_path / "out" / records.MANIFEST).read_bytes()
    (tmp_path / "out" / records.MANIFEST).unlink()
    code, _, said = run(tmp_path / "out", "--to", "mlx", "-o", tmp_path / "made")
    assert (code, "is not complete; rfft corpus build --output " in said) == (2, True)
    (tmp_path / "out" / records.MANIFEST).write_bytes(manifest)
    file = next((tmp_path / "out").glob("*/000001.jsonl"))
    file.write_text(file.read_text().replace("0", "1"))
    code, _, said = run(tmp_path / "out", "--to", "mlx", "-o", tmp_path / "made")
    assert (code, "is damaged: " in said, "build it again" in said) == (2, True, True)
    assert not (tmp_path / "made").exists()


def test_a_corpus_without_rows_is_refused(tmp_path):
    raising = "def odd(n: int) -> int:\n    '''Odd {n}?'''\n    raise ValueError\n"
    of = plan_in(tmp_path, tasks=("odd",), more={"odd": raising}, per_length=2)
    build(of, tmp_path / "out", workers=1)
    code, _, said = run(tmp_path / "out", "--to", "mlx", "-o", tmp_path / "made")
    assert (code, said) == (2, f"rfft: {tmp_path / 'out'}: has no rows\n")


def test_what_fails_on_the_way_leaves_nothing(corpora, tmp_path, monkeypatch):
    def fails(row):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export.load("mlx").__class__, "row", lambda *row: fails(row))
    code, _, said = run(corpora / "train", "--to", "mlx", "-o", tmp_path / "made")
    assert (code, said) == (
        1, f"rfft: {tmp_path / 'made'}: cannot be written: No space left on device\n",
    )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_a_killed_export_is_begun_again(corpora, tmp_path):
    left = tmp_path / ".made.tmp"
    left.mkdir()
    (left / ".lock").touch()
    (left / "train.jsonl").write_text("half a li")
    assert run(corpora / "train", "--to", "openai", "-o", tmp_path / "made")[0] == 0
    assert len(read(tmp_path / "made/train.jsonl")) == len(rows_of(corpora / "train"))
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_two_exports_into_one_folder(corpora, tmp_path):
    with disk.locked(tmp_path / ".made.tmp/.lock", "busy"):
        code, _, said = run(corpora / "train", "--to", "openai", "-o", tmp_path / "made")
    assert (code, said) == (2, f"rfft: {tmp_path / 'made'}: another export is at work there\n")


def test_rows_are_not_held(corpora, tmp_path, monkeypatch):
    """A row is written before the next group of rows is read."""
    monkeypatch.setattr(exporting, "_GROUP", 1)
    alive: list[int] = []
    of = plan.read(corpora / "train")
    rows = reading.rows

    def counted(*arguments):
        for row in rows(*arguments):
            alive.append(1)
            yield row

    monkeypatch.setattr(reading, "rows", counted)
    target = export.load("openai")
    most = 0

    def done(count: int) -> None:
        nonlocal most
        most = max(most, len(alive))
        alive.clear()

    exporting.export([corpora / "train"], target, tmp_path / "made", done=done)
    assert most == 1
    assert sum(len(shard) for shard in of.shards) > 1


def test_the_reward_beside_verls_rows_works_in_a_fresh_process(corpora, tmp_path):
    run(corpora / "test", "--to", "verl", "-o", tmp_path / "made")
    row = read(tmp_path / "made/test.parquet")[0]
    script = (
        "import json, sys; from reward import compute_score; row = json.loads(sys.stdin.read());"
        "print([compute_score(row['data_source'], t, row['reward_model']['ground_truth'],"
        "row['extra_info']) for t in (row['extra_info']['completion'], 'no')],"
        " 'torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=json.dumps(row), capture_output=True, text=True,
        cwd=tmp_path / "made",
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("[1.0, 0.0] False\n", "")
