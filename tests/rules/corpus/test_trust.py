"""Nothing that a corpus carries runs in the process of whoever reads it, unless it is trusted."""

import json
import time
from pathlib import Path

import pytest

from rfft.eval import questions
from rfft.eval.errors import EvalRejected
from rfft.rules.corpus import plan as plans
from rfft.rules.corpus import reading
from rfft.rules.corpus.build import build
from rfft.rules.corpus.errors import CorpusRejected
from rfft.rules.corpus.rows import parse_id
from rfft.rules.corpus.tracing import Tracer
from rfft.rules.corpus.verify import verify

from .small import contents, options, plan_in, rules_in, run

WRITES = "open({mark!r}, 'a').write('x')"
TOUCHING = {
    "body": '''
try:
    {writes}
except BaseException:
    pass


def body(n: int) -> int:
    """What is {{n}} and one?"""
    return n + 1


def oracle(n):
    return n + 1
''',
    "functions": """
def touch():
    try:
        {writes}
    except BaseException:
        pass


def functions(n: int) -> int:
    return n + 1


def inputs(length, rng):
    touch()
    return rng.randrange(10 ** length)


def question(n):
    touch()
    return f"What is {{n}} and one?"


def oracle(n):
    touch()
    return n + 1
""",
    "hints": '''
def hints(n: (int, {writes})[0] = {writes}) -> int:
    """What is {{n}} and one?"""
    return n + 1
''',
}
"""Tasks that write a file wherever a task has code."""

QUIET = {
    name: text.replace("{writes}", "0").replace("{{n}}", "{n}") for name, text in TOUCHING.items()
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> tuple[Path, Path]:
    """Return a corpus that is whole and whose tasks would write a file, and that file."""
    folder = tmp_path_factory.mktemp("hostile")
    mark = folder / "written"
    tasks = {
        name: text.format(writes=WRITES.format(mark=str(mark))) for name, text in TOUCHING.items()
    }
    # What blocks makes no corpus: it is made of quiet tasks, and then given the others.
    plan = plan_in(folder, tuple(QUIET), more=QUIET, lengths=(3, 3), per_length=4, format="jsonl")
    out = folder / "out"
    build(plan, out, workers=1)
    swap(out, tasks)
    return out, mark


def swap(out: Path, tasks: dict[str, str], **changes: object) -> plans.Plan:
    """Put other tasks and settings into the plan of a corpus, with all hashes right."""
    data = json.loads((out / plans.FILE).read_text())
    old = data["plan"]
    data["tasks"] = tasks or data["tasks"]
    data["settings"] |= changes
    settings = {k: tuple(v) if isinstance(v, list) else v for k, v in data["settings"].items()}
    plan = plans.Plan(plans.Settings(**settings), data["tasks"], data["versions"])
    (out / plans.FILE).write_text(plan.text())
    for path in (*out.glob("records/*.json"), out / "manifest.json"):
        path.write_text(path.read_text().replace(old, plan.hash))
    return plan


def first_ids(out: Path) -> list[str]:
    plan = plans.read(out)
    rows = [row for n in range(len(plan.shards)) for row in reading.rows(plan, out, n)]
    return list({row["task"]: row["id"] for row in rows}.values())


def test_readers_run_nothing(hostile):
    out, mark = hostile
    assert verify(out, sample=None, workers=1).traced == 9  # an argument with a default keeps it
    ids = first_ids(out)
    assert len(ids) == 3
    for command in (["verify", out], ["stats", out], ["verify", out, "--against", out],
                    *(["show", out, i] for i in ids)):  # fmt: skip
        run(*command)
        assert not mark.exists(), command
    assert len(questions.read(out).all) == 9
    assert not mark.exists()


def test_makers_run_nothing(hostile):
    out, mark = hostile
    for row_id in first_ids(out):
        done = run("show", out, row_id, "--regenerate")
        assert done.returncode in (0, 1, 2)
        assert len(done.stderr.splitlines()) == 1
        assert not mark.exists()
    record = out / "records/000000.json"
    text = record.read_text()
    record.unlink()
    done = run("build", "--out", out)
    record.write_text(text)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not mark.exists()


def test_trust_runs_it(hostile):
    out, mark = hostile
    row_id = next(i for i in first_ids(out) if i.startswith("functions"))
    done = run("show", out, row_id, "--regenerate", "--trust")
    assert mark.exists(), done.stderr
    mark.unlink()


def test_texts_are_the_same_with_trust_and_without(tmp_path):
    plan = plan_in(tmp_path, per_length=10)
    build(plan, tmp_path / "apart", workers=1)
    plan.trust = True
    build(plan, tmp_path / "here", workers=1)
    assert contents(tmp_path / "apart") == contents(tmp_path / "here")


def test_rows_are_made_again_in_the_sandbox(tmp_path):
    plan = plan_in(tmp_path, lengths=(2, 2), per_length=3, example=True)
    build(plan, tmp_path / "out", workers=1)
    read = plans.read(tmp_path / "out")
    with Tracer(read, 1) as tracer:
        for row in reading.rows(read, tmp_path / "out", 0):
            assert tracer.one(*parse_id(row["id"])).rows == [row]


STYLE = """
open({mark!r}, "w").write("x")
from rfft.tracer.styles import Rfft


class Mine(Rfft):
    name = "mine"
"""


def test_a_style_that_is_a_file_is_not_loaded(tmp_path):
    plan = plan_in(tmp_path, ("add_up",), lengths=(2, 2), per_length=3, format="jsonl")
    out, mark = tmp_path / "out", tmp_path / "written"
    build(plan, out, workers=1)
    file = tmp_path / "mine.py"
    file.write_text(STYLE.format(mark=str(mark)))
    swap(out, {}, style=str(file))
    for command in (["verify", out], ["build", "--out", out], ["launch", out],
                    ["show", out, first_ids(out)[0], "--regenerate"]):  # fmt: skip
        done = run(*command)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
        assert "--trust" in done.stderr or command[0] == "launch"
    assert run("stats", out).returncode == 0
    assert not mark.exists()


def test_a_preset_that_is_given_by_its_path_may_name_one(tmp_path):
    mark, file = tmp_path / "written", tmp_path / "mine.py"
    file.write_text(STYLE.format(mark=str(mark)))
    preset = tmp_path / "own.toml"
    lines = ['tasks = ["add_up"]', 'lengths = "2-2"', "per_length = 3", 'side = "train"']
    preset.write_text("\n".join([*lines, f'style = "{file}"']))
    done = run("plan", "--preset", preset, "--rules", rules_in(tmp_path))
    assert done.returncode == 0, done.stderr
    assert mark.exists()


def test_a_style_that_a_row_names_is_not_loaded(tmp_path):
    plan = plan_in(tmp_path, ("add_up",), lengths=(2, 2), per_length=3, format="jsonl")
    out = tmp_path / "out"
    row = {"id": "add_up:2:0", "task": "add_up", "length": 2, "style": str(tmp_path / "mine.py"),
           "prompt": "", "completion": "", "answer": "1", "rule": "def f(): pass",
           "arguments": []}  # fmt: skip
    build(plan, out, workers=1)
    (out / "prompt_completion/000000.jsonl").write_text(json.dumps(row) + "\n")
    data = (out / "prompt_completion/000000.jsonl").read_bytes()
    record = json.loads((out / "records/000000.json").read_text())
    from hashlib import sha256

    said = {"bytes": len(data), "sha256": sha256(data).hexdigest()}
    record["files"]["prompt_completion/000000.jsonl"] = said
    (out / "records/000000.json").write_text(json.dumps(record))
    with pytest.raises(EvalRejected, match="--trust"):
        questions.read(out)


@pytest.mark.parametrize("ending", ["SystemExit(0)", "SystemExit", "GeneratorExit", "Own('x')"])
@pytest.mark.parametrize("trust", [(), ("--trust",)])
def test_whatever_a_question_raises_is_one_line(tmp_path, ending, trust):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/ends.py").write_text(f"""
class Own(BaseException):
    pass


def ends(n: int) -> int:
    return n


def question(n):
    raise {ending}
""")
    done = run("build", *options(tmp_path), "--task=ends", "--out", tmp_path / "out", *trust)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert f"ends: question raised {ending.partition('(')[0]}" in line


ABSURD = [
    {"shards": 10**9},
    {"samples": 10**30},
    {"settings": {"lengths": [1, 10**9]}},
    {"settings": {"lengths": [10**9, 10**9]}},
    {"settings": {"lengths": [1, 2, 3]}},
    {"settings": {"lengths": [5, 1]}},
    {"settings": {"per_length": 10**12}},
    {"settings": {"per_length": 10**9, "shard_rows": 1}},
    {"settings": {"per_length": 1e300}},
    {"settings": {"per_length": "many"}},
    {"settings": {"per_length": True}},
    {"settings": {"shard_rows": 10**10}},
    {"settings": {"synthetic": 10**20}},
    {"settings": {"style": ["rfft"]}},
    {"settings": {"configs": ["../../elsewhere"]}},
    {"settings": {"format": "../x"}},
    {"settings": {"seed": None}},
    {"settings": []},
    {"tasks": {"add_up": 5}},
    {"tasks": []},
    {"tasks": {"add_up": "x = 1\n" * (1 << 20)}},
    {"versions": 5},
]


@pytest.mark.parametrize("change", ABSURD, ids=lambda change: json.dumps(change)[:50])
def test_absurd_plans_are_refused_at_once(tmp_path, change):
    plan = plan_in(tmp_path, ("add_up",), lengths=(2, 2), per_length=3)
    data = plan.to_json()
    for name, value in change.items():
        is_part = isinstance(value, dict) and name == "settings"
        data[name] = {**data[name], **value} if is_part else value
    (tmp_path / plans.FILE).write_text(json.dumps(data))
    since = time.process_time()
    with pytest.raises(CorpusRejected) as refused:
        plans.read(tmp_path)
    assert time.process_time() - since < 1
    assert len(str(refused.value).splitlines()) == 1
    assert len(str(refused.value)) < 600


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "5", '{"settings": {"seed": 1' + "0" * 5000 + "}}"]
)
def test_files_that_are_no_plan_are_refused(tmp_path, text):
    (tmp_path / plans.FILE).write_text(text)
    for command in ("verify", "stats"):
        done = run(command, tmp_path)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
