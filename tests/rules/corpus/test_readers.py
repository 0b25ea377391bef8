"""Trainers read a corpus with nothing in between."""

import json
import shutil

import pytest

from rfft.rules.corpus import plan, reading
from rfft.rules.corpus.build import build
from rfft.rules.corpus.cluster import executor
from rfft.rules.corpus.errors import CorpusRejected
from rfft.rules.corpus.rows import talk
from rfft.tracer.commands.extras import installing

from ...train.small import byte_tokenizer
from .small import contents, options, plan_in, run


@pytest.fixture(scope="module", params=["parquet", pytest.param("jsonl", marks=pytest.mark.slow)])
def corpus(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("readers")
    configs = ("conversational", "prompt_completion", "messages")
    plan = plan_in(folder, format=request.param, configs=configs)
    rows = build(plan, folder / "out", workers=1).rows
    return folder / "out", rows


def talks_of(folder):
    """Return the conversations of a corpus."""
    of = plan.read(folder)
    return [talk(row) for n in range(len(of.shards)) for row in reading.rows(of, folder, n)]


def test_datasets_loads_every_config(corpus, tmp_path):
    datasets = pytest.importorskip("datasets")
    folder, rows = corpus
    rest = {"id", "task", "length", "style", "answer", "rule", "arguments"}
    columns = {
        None: rest | {"prompt", "completion"},
        "prompt_completion": rest | {"prompt", "completion"},
        "messages": rest | {"messages"},
    }
    for config, wanted in columns.items():
        found = datasets.load_dataset(str(folder), config, cache_dir=str(tmp_path))
        assert list(found) == ["train"]
        assert (set(found["train"].column_names), len(found["train"])) == (wanted, rows)
    row = datasets.load_dataset(str(folder), cache_dir=str(tmp_path))["train"][0]
    assert [m["role"] for m in (*row["prompt"], *row["completion"])] == ["user", "assistant"]


def test_no_cache_of_datasets_gives_the_rows_of_another_corpus(tmp_path):
    datasets = pytest.importorskip("datasets")

    def loaded(folder, cache):
        found = datasets.load_dataset(str(folder), split="train", cache_dir=str(tmp_path / cache))
        return [(row["id"], row["arguments"]) for row in found]

    def built(folder, seed):
        made = tmp_path / folder / "corpus"
        made.parent.mkdir(exist_ok=True)
        plan = plan_in(made.parent, seed=seed, per_length=3)
        build(plan, made, workers=1)
        rows = [row for n in range(len(plan.shards)) for row in reading.rows(plan, made, n)]
        return made, [(row["id"], row["arguments"]) for row in rows]

    one, rows = built("one", 1)
    other, others = built("other", 2)
    assert rows != others
    for _ in range(2):  # with a fresh cache, and with a warm one
        assert loaded(one, "cache") == rows
        assert loaded(other, "cache") == others
    shutil.rmtree(one)
    one, again = built("one", 3)
    assert again not in (rows, others)
    for cache in ("cache", "new"):
        assert loaded(one, cache) == again
        assert loaded(other, cache) == others


def test_llama_factory_finds_files_and_columns(corpus):
    folder, _ = corpus
    said = json.loads((folder / "dataset_info.json").read_text())
    assert set(said) == {"rfft_prompt_completion", "rfft_messages"}
    for entry in said.values():
        files = list((folder / entry["file_name"]).iterdir())
        assert len({file.suffix for file in files}) == 1  # which it wants of a folder
    assert said["rfft_messages"]["formatting"] == "sharegpt"
    assert said["rfft_messages"]["tags"]["role_tag"] == "role"
    assert said["rfft_prompt_completion"]["columns"] == {
        "prompt": "prompt",
        "response": "completion",
    }


def test_jsonl_needs_no_pyarrow(tmp_path):
    (tmp_path / "pyarrow.py").write_text("raise ImportError")
    path = {"PYTHONPATH": str(tmp_path)}
    command = ["build", *options(tmp_path, **{"per-length": 2}), "--out", tmp_path / "out"]
    done = run(*command, "--format", "jsonl", env=path)
    assert (done.returncode, done.stderr) == (0, "")
    done = run(*command, env=path)
    assert done.returncode == 2
    assert f"rfft: Parquet needs pyarrow: {installing('corpus')}" in done.stderr


def test_tokens_are_counted(corpus, tmp_path):
    tokenizers = pytest.importorskip("tokenizers")
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    words.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    file = tmp_path / "tokenizer.json"
    words.save(str(file))
    folder, rows = corpus
    before = (folder / "README.md").read_text()
    done = run("stats", folder, "--tokenizer", file, "--card")
    assert (done.returncode, done.stderr) == (0, "")
    texts = [" ".join(m["content"] for m in talk) for talk in talks_of(folder)]
    counts = [len(text.split()) + 1 for text in texts]
    assert f"{sum(counts):,} tokens; max_length {max(counts)} cuts nothing" in done.stdout
    card = (folder / "README.md").read_text()
    assert f"`max_length: {max(counts)}` cuts nothing" in card
    (folder / "README.md").write_text(before)
    assert rows == len(counts)


def test_tokens_are_counted_under_the_chat_template(corpus, tmp_path):
    folder, _ = corpus
    tokenizer = byte_tokenizer(turns=True)
    tokenizer.save_pretrained(tmp_path)
    before = (folder / "README.md").read_text()

    def most(*options):
        done = run("stats", folder, "--tokenizer", tmp_path, "--format", "json", *options)
        assert (done.returncode, done.stderr) == (0, "")
        return max(row["most_tokens"] for row in json.loads(done.stdout))

    talks = talks_of(folder)
    whole = [len(tokenizer.apply_chat_template(talk)["input_ids"]) for talk in talks]
    bare = most()
    assert bare == max(whole)
    system = {"role": "system", "content": "Be brief."}
    whole = [len(tokenizer.apply_chat_template([system, *talk])["input_ids"]) for talk in talks]
    assert most("--system", "Be brief.") == max(whole)
    plain = [sum(len(m["content"].encode()) for m in talk) for talk in talks]
    assert most("--template", "none") == max(plain) + len("\n\n") + len("\n") + 2
    assert most("--template-arg", "hurry=true", "--card") == bare + len("<hurry>\n") - 2
    assert "with `--template model --template-arg hurry=true`" in (folder / "README.md").read_text()
    assert f"`max_length: {bare + 6}` cuts nothing" in (folder / "README.md").read_text()
    (folder / "README.md").write_text(before)


def test_tokens_of_a_corpus_with_lengths_of_which_there_is_nothing(tmp_path):
    byte_tokenizer().save_pretrained(tmp_path / "tokenizer")
    same = (
        "def same(n: int):\n    return n\n\n\ndef inputs(length, rng):\n    return 10 ** length\n"
    )
    more = {"same": same}
    plan = plan_in(tmp_path, ("add_up", "same"), format="jsonl", side="test", more=more)
    build(plan, tmp_path / "out", workers=1)
    done = run("stats", tmp_path / "out", "--tokenizer", tmp_path / "tokenizer", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    empty = [row for row in json.loads(done.stdout) if not row["samples"]]
    assert empty
    assert all(row["tokens"] == row["most_tokens"] == 0 for row in empty)
    done = run("stats", tmp_path / "out", "--tokenizer", tmp_path / "tokenizer")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--template", "none"], "--tokenizer is missing: it says of which model"),
        (["--tokenizer", "tokenizer", "--template", "model"], "tokenizer: has no chat template"),
        (["--tokenizer", "tokenizer", "--template-arg", "x"], "--template-arg is KEY=VALUE, and"),
        (["--tokenizer", "./nowhere"], "no tokenizer ./nowhere: "),
    ],
)
def test_tokens_that_cannot_be_counted(corpus, tmp_path, options, line):
    byte_tokenizer().save_pretrained(tmp_path / "tokenizer")
    done = run("stats", corpus[0], *options, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(f"rfft: {line}")
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_datatrove_builds_the_same(tmp_path):
    pytest.importorskip("datatrove")
    plan = plan_in(tmp_path)
    build(plan, tmp_path / "plain", workers=1)
    planned = run("plan", *options(tmp_path), "--out", tmp_path / "out")
    assert planned.returncode == 0, planned.stderr
    done = run("launch", tmp_path / "out", "--jobs", 3, "--workers", 1, "--set", "workers=2")
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "out") == contents(tmp_path / "plain")
    logs = tmp_path / "out/.work/logs" / f"{plan.hash}-3"
    assert len(list((logs / "completions").iterdir())) == 3


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["slurm", "ray"])
def test_other_executors_get_the_same_step(tmp_path, kind):
    pytest.importorskip("datatrove")
    run("plan", *options(tmp_path), "--out", tmp_path / "out")
    options_of = {"slurm": {"time": "1:00:00", "partition": "cpu"}, "ray": {}}
    made = executor(kind, tmp_path / "out", 4, 1, **options_of[kind])
    assert made.tasks == 4
    assert made.pipeline[0].folder == str(tmp_path / "out")


def test_an_executor_that_does_not_exist_is_said(tmp_path):
    with pytest.raises(CorpusRejected, match="no executor 'cloud'; there are local, slurm, ray"):
        executor("cloud", tmp_path, 1, 1)
