"""A run asks what has no answer yet, loses nothing, and says in one line what is wrong."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rfft.tracer.commands.extras import installing

from .small import COMMAND, Reply, corpus_in, on, rows_of, rules_in, run, serving, slipping, truth


def answers_of(folder):
    return [json.loads(line) for line in (folder / "answers.jsonl").read_text().splitlines()]


def results_of(folder):
    return json.loads((folder / "results.json").read_text())


def test_true_traces_are_all_right(corpus, rows, tmp_path):
    with serving(rows, truth) as server:
        done = run("--corpus", corpus, "--out", tmp_path / "r", *on(server), "--price", "1,2")
    assert (done.returncode, done.stderr) == (0, "")
    said = results_of(tmp_path / "r")
    assert (said["questions"], said["right"], said["problems"]) == (len(rows), len(rows), {})
    assert said["headline"]["in_distribution"]["value"] == 1
    assert said["headline"]["longest_90"]["value"] == 8
    assert said["headline"]["accuracy_at_30"] is None
    tokens = said["tokens"]
    assert tokens["written"] == sum(len(row["completion"]) for row in rows)
    assert said["cost"] == pytest.approx((tokens["read"] + 2 * tokens["written"]) / 1e6, abs=1e-6)
    assert f"{len(rows)} of {len(rows)}" in done.stdout


def test_results_say_what_they_are_of(corpus, rows, tmp_path):
    with serving(rows, truth) as server:
        run("--corpus", corpus, "--out", tmp_path / "r", *on(server), "--limit", "3")
    said = results_of(tmp_path / "r")
    assert said["model"]["name"] == "m"
    assert said["corpus"]["limit"] == said["corpus"]["rows"] == 3
    assert len(said["corpus"]["hash"]) == 32
    assert said["decoding"]["greedy"] is True
    assert {"meta-rfft", "openai"} <= said["versions"].keys()


def test_requests_are_greedy_and_bounded(corpus, rows, tmp_path):
    options = ["--set", "reasoning_effort=low", "--set", "seed=3", "--max-factor", "1.5"]
    with serving(rows, truth) as server:
        run("--corpus", corpus, "--out", tmp_path / "r", *on(server), "--limit", "4", *options)
    known = {row["prompt"].strip(): row for row in rows}
    for request in server.requests:
        row = known[request["messages"][0]["content"]]
        assert (request["temperature"], request["reasoning_effort"], request["seed"]) == (
            0,
            "low",
            3,
        )
        assert len(row["completion"]) / 2 < request["max_tokens"] < len(row["completion"]) + 20


def test_plain_texts_and_options_that_are_left_out(corpus, rows, tmp_path):
    options = ["--template", "none", "--set", "temperature=null"]
    with serving(rows, truth) as server:
        run("--corpus", corpus, "--out", tmp_path / "r", *on(server), "--limit", "2", *options)
    assert {request["path"] for request in server.requests} == {"/v1/completions"}
    assert all("temperature" not in request for request in server.requests)
    assert all(request["prompt"].endswith("?\n\n") for request in server.requests)
    assert results_of(tmp_path / "r")["right"] == 2


def test_system_and_template_arguments_go_to_the_server(corpus, rows, tmp_path):
    options = ["--system", "Be brief.", "--template-arg", "enable_thinking=false"]
    asked = ["--corpus", corpus, "--out", tmp_path / "r", "--limit", "2"]
    with serving(rows, truth) as server:
        run(*asked, *on(server), *options)
        other = run(*asked, *on(server))
    for request in server.requests:
        assert request["messages"][0] == {"role": "system", "content": "Be brief."}
        assert request["chat_template_kwargs"] == {"enable_thinking": False}
    assert other.returncode == 2
    assert "is of another run: decoding system Be brief., not None" in other.stderr


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--template", "mine.jinja"], "--template mine.jinja: a server has its own; take none"),
        (["--template", "none", "--system", "x"], "--system goes into a chat template, and"),
    ],
)
def test_a_template_that_no_server_can_be_asked_by(corpus, rows, tmp_path, options, line):
    with serving(rows, truth) as server:
        done = run("--corpus", corpus, "--out", tmp_path / "r", *on(server), *options)
    assert (done.returncode, server.requests) == (2, [])
    assert done.stderr.startswith(f"rfft: {line}")


def test_the_limit_is_spread_over_the_corpus(corpus, rows, tmp_path):
    with serving(rows, truth) as server:
        run("--corpus", corpus, "--out", tmp_path / "r", *on(server), "--limit", "16")
    cells = {tuple(answer["id"].split(":")[:2]) for answer in answers_of(tmp_path / "r")}
    assert len(cells) == 16


def test_requests_go_out_together(corpus, rows, tmp_path):
    with serving(rows, lambda row, times: Reply(row["completion"], seconds=0.1)) as server:
        run("--corpus", corpus, "--out", tmp_path / "r", *on(server), "--concurrency", "4")
    assert server.most_at_once == 4


@pytest.mark.parametrize(
    "said",
    [
        (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
            "'max_completion_tokens' instead."
        ),
        "unknown field: max_tokens",
    ],
)
def test_a_server_that_calls_the_bound_otherwise_is_asked_so(corpus, rows, tmp_path, said):
    def newer(body):
        return Reply(said, status=400) if "max_tokens" in body else None

    options = ["--corpus", corpus, "--limit", "12"]
    with serving(rows, truth, newer) as server:
        done = run(*options, "--out", tmp_path / "a", *on(server), "--concurrency", "1")
        assert (done.returncode, done.stderr) == (0, "")
        bounds = [request.get("max_completion_tokens") for request in server.requests]
        assert bounds[0] is None
        assert len(bounds) == 13
        assert all(40 < bound < 2000 for bound in bounds[1:])
        done = run(*options, "--out", tmp_path / "b", *on(server))
    assert (done.returncode, results_of(tmp_path / "b")["right"]) == (0, 12)


def test_a_bound_that_is_too_large_stays_as_it_is_called(corpus, rows, tmp_path):
    def small(body):
        return Reply("max_tokens is too large: at most 10", status=400)

    with serving(rows, truth, small) as server:
        done = run("--corpus", corpus, "--out", tmp_path / "r", *on(server), "--concurrency", "1")
    assert done.returncode == 1
    assert "max_tokens is too large" in done.stderr
    assert len(server.requests) == 1


def test_what_fails_for_a_while_is_asked_again(corpus, rows, tmp_path):
    def busy(row, times):
        if times == 1:
            return Reply("slow down", status=429, headers={"retry-after": "0.01"})
        if times == 2:
            return Reply("out of order", status=503, headers={"retry-after": "0.01"})
        return truth(row, times)

    with serving(rows, busy) as server:
        done = run("--corpus", corpus, "--out", tmp_path / "r", *on(server), "--limit", "6")
    assert (done.returncode, results_of(tmp_path / "r")["right"]) == (0, 6)
    assert len(server.requests) == 18


def test_a_server_that_gives_up_loses_nothing(corpus, rows, tmp_path):
    folder = tmp_path / "r"

    def gives_up(row, times):
        if row["length"] < 5 or healthy:
            return truth(row, times)
        return Reply("no such key", status=401)

    healthy = False
    with serving(rows, gives_up) as server:
        options = ["--corpus", corpus, "--out", folder, *on(server)]
        done = run(*options, "--concurrency", "1")
        assert done.returncode == 1
        (line,) = done.stderr.splitlines()
        assert "does not take the key in OPENAI_API_KEY: " in line
        kept = len(answers_of(folder))
        assert f"{kept} answers of {len(rows)} are kept, the same command goes on" in line
        assert kept > 0
        assert not (folder / "results.json").exists()
        healthy = True
        before = len(server.requests)
        done = run(*options)
        assert (done.returncode, done.stderr) == (0, "")
        assert len(server.requests) - before == len(rows) - kept
    assert results_of(folder)["right"] == len(rows)


def test_no_server_is_one_line(corpus, tmp_path):
    done = run("--corpus", corpus, "--out", tmp_path / "r", "--backend", "openai", "--model", "m",
               "--server", "http://127.0.0.1:9/v1", "--limit", "1")  # fmt: skip
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "http://127.0.0.1:9/v1/ cannot be reached" in line


def test_a_prompt_that_a_server_refuses_counts_as_wrong(corpus, rows, tmp_path):
    def too_long(row, times):
        return truth(row, times) if row["length"] < 8 else Reply("too long", status=400)

    with serving(rows, too_long) as server:
        done = run("--corpus", corpus, "--out", tmp_path / "r", *on(server), "--concurrency", "1")
    assert done.returncode == 0
    said = results_of(tmp_path / "r")
    assert said["questions"] == len(rows)
    assert said["problems"] == {"refused": sum(row["length"] == 8 for row in rows)}


def test_a_server_that_refuses_everything_is_one_line(corpus, rows, tmp_path):
    with serving(rows, lambda row, times: Reply("no model m", status=400)) as server:
        done = run("--corpus", corpus, "--out", tmp_path / "r", *on(server))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "no model m" in line


def test_a_run_that_is_killed_goes_on(corpus, rows, tmp_path):
    folder = tmp_path / "r"
    with serving(rows, lambda row, times: Reply(row["completion"], seconds=0.05)) as server:
        options = ["--corpus", str(corpus), "--out", str(folder), *on(server), "--concurrency", "2"]
        environment = {**os.environ, "OPENAI_API_KEY": "none"}
        process = subprocess.Popen([COMMAND, "eval", *options], env=environment)
        while not (folder / "answers.jsonl").exists() or len(answers_of(folder)) < 5:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        kept = {answer["id"] for answer in answers_of(folder)}
        with (folder / "answers.jsonl").open("a") as file:
            file.write('{"id": "add_up:1')  # as a kill in the middle of a line leaves it
        asked = len(server.requests)
        done = run(*options)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(server.requests) - asked == len(rows) - len(kept)
    assert sorted(a["id"] for a in answers_of(folder)) == sorted(row["id"] for row in rows)


def test_a_run_that_is_complete_asks_nothing(corpus, rows, tmp_path):
    with serving(rows, truth) as server:
        options = ["--corpus", corpus, "--out", tmp_path / "r", *on(server), "--limit", "3"]
        first = run(*options)
        again = run(*options)
    assert len(server.requests) == 3
    assert first.stdout == again.stdout


@pytest.fixture(scope="module")
def answered(corpus, rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("answered")
    with serving(rows, truth) as server:
        run("--corpus", corpus, "--out", folder / "r", *on(server), "--limit", "3")
        yield ["--corpus", corpus, "--out", folder / "r", *on(server), "--limit", "3"]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (["--limit", "4"], "corpus rows 3, not 4"),
        (["--model", "n"], "model name m, not n"),
        (["--max-factor", "3"], "decoding max_factor 2.0, not 3.0"),
        (["--shots", "1"], "shots 0, not 1"),
        (["--set", "seed=1"], "decoding options {}, not {'seed': 1}"),
    ],
)
def test_a_folder_is_of_one_run(answered, corpus, changes, line):
    rules = ["--rules", corpus.parent / "rules"]
    done = run(*answered, *changes, *rules)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [f"rfft: {answered[3]}: is of another run: {line}"]


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--style", "natural"], "is of style rfft, not natural; rfft corpus build "),
        (["--corpus", "nowhere"], "nowhere: is no corpus, there is no plan.json"),
        (["--trained", "5-1"], "lengths are given as 1-15 or 31"),
        (["--max-factor", "0.5"], "--max-factor takes 1 to 1000"),
        (["--price", "free"], "--price is IN,OUT"),
        (["--set", "seed"], "--set is NAME=JSON"),
        (["--shots", "1"], "task add_up is none of yours; --rules names the folder"),
    ],
)
def test_what_cannot_be_is_one_line(corpus, tmp_path, options, line):
    done = run("--corpus", corpus, "--out", tmp_path / "r", "--backend", "openai", "--model", "m",
               *options)  # fmt: skip
    assert done.returncode == 2
    (said,) = done.stderr.splitlines()
    assert line in said
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("missing", ["jinja2", "matplotlib", "numpy", "scipy"])
def test_what_the_report_needs_is_missed_before_a_model_is_asked(
    corpus, rows, tmp_path, monkeypatch, missing
):
    monkeypatch.setitem(sys.modules, missing, None)
    line = f"rfft: rfft eval needs {missing}: {installing('eval')}\n"
    with serving(rows, truth) as server:
        done = run("--corpus", corpus, "--out", tmp_path / "r", *on(server))
        assert (done.returncode, done.stdout, done.stderr) == (2, "", line)
        assert not server.requests
    assert not (tmp_path / "r").exists()
    compared = run("compare", tmp_path)
    assert (compared.returncode, compared.stdout, compared.stderr) == (2, "", line)


WITHOUT = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("accelerate", "peft", "torch", "transformers"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
from rfft.tracer.commands.trace import main
sys.exit(main(["eval", *sys.argv[1:]]))
"""


def test_a_server_is_asked_without_what_runs_models(corpus, rows, tmp_path):
    with serving(rows, truth) as server:
        command = ["--corpus", corpus, "--out", tmp_path / "r", *on(server), "--limit", "3"]
        done = subprocess.run(
            [sys.executable, "-c", WITHOUT, *map(str, command)], capture_output=True, text=True,
            env={**os.environ, "OPENAI_API_KEY": "none"}, timeout=120,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert results_of(tmp_path / "r")["headline"]["in_distribution"]["value"] == 1


def test_a_missing_key_is_one_line(corpus, tmp_path):
    done = run("--corpus", corpus, "--out", tmp_path / "r", "--backend", "openai", "--model", "m",
               env={"OPENAI_API_KEY": ""})  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("rfft: OPENAI_API_KEY is not set")


def test_the_key_of_the_environment_is_sent(corpus, rows, tmp_path):
    with serving(rows, truth) as server:
        run("--corpus", corpus, "--out", tmp_path / "r", *on(server), "--limit", "1",
            env={"OPENAI_API_KEY": "secret"})  # fmt: skip
    assert server.keys == {"Bearer secret"}
    for file in (tmp_path / "r").iterdir():
        assert file.is_dir() or "secret" not in file.read_text()


def test_a_folder_that_is_no_run_is_left_alone(corpus, rows, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with serving(rows, truth) as server:
        done = run("--corpus", corpus, "--out", tmp_path, *on(server))
    assert done.returncode == 2
    assert "is no run and has notes.txt in it" in done.stderr


@pytest.fixture
def broken(tmp_path):
    return corpus_in(tmp_path, lengths=(1, 2), per_length=2)


def refused(corpus, tmp_path):
    done = run("--corpus", corpus, "--out", tmp_path / "r", "--backend", "openai", "--model", "m")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    return line


def test_a_corpus_that_was_changed_is_refused(broken, tmp_path):
    file = next((broken / "prompt_completion").iterdir())
    file.write_text(file.read_text().replace("total", "tOtal"))
    assert "is damaged: " in refused(broken, tmp_path)


def test_a_corpus_that_is_not_complete_is_refused(broken, tmp_path):
    (broken / "manifest.json").unlink()
    assert "is not complete; rfft corpus build --output " in refused(broken, tmp_path)


def test_damaged_answers_are_one_line(corpus, rows, tmp_path):
    with serving(rows, truth) as server:
        options = ["--corpus", corpus, "--out", tmp_path / "r", *on(server), "--limit", "3"]
        run(*options)
        path = tmp_path / "r" / "answers.jsonl"
        path.write_text("nonsense\n" + path.read_text())
        done = run(*options)
    assert done.returncode == 2
    assert done.stderr.endswith("answers.jsonl: line 1 is damaged; take it out\n")


def test_two_runs_cannot_share_a_folder(corpus, rows, tmp_path):
    from rfft.eval.run import locked

    with serving(rows, truth) as server, locked(tmp_path / "r"):
        done = run("--corpus", corpus, "--out", tmp_path / "r", *on(server))
    assert done.returncode == 2
    assert done.stderr.endswith("another run is at work there\n")


# One-shot


def test_a_worked_example_is_a_training_instance_of_the_task(corpus, rows, tmp_path):
    from rfft.rules.corpus import sources, split

    with serving(rows, truth) as server:
        done = run("--corpus", corpus, "--out", tmp_path / "r", *on(server), "--shots", "1",
                   "--rules", rules_in(tmp_path), "--limit", "20")  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    said = results_of(tmp_path / "r")
    assert (said["shots"], said["right"]) == (1, 20)
    tests = {row["prompt"].partition("Q: ")[2].strip() for row in rows}
    by_prompt = {row["prompt"].strip().partition("\n")[2]: row for row in rows}
    for request in server.requests:
        shown, _, asked = request["messages"][0]["content"].partition("Follow the above example")
        question, _, trace = shown.partition("Q: ")[2].partition("\n")
        assert question not in tests
        assert trace.rstrip().rpartition("\n")[2].startswith("So the answer is ")
        row = by_prompt[asked.partition("\n")[2].strip()]
        arguments = [question.partition("numbers ")[2].rstrip("?")]
        if row["task"] == "count_down":
            arguments = [question.partition("is ")[2].removesuffix(" backwards?")]
        assert split.side(sources.pair(row["rule"], arguments, row["task"])) == "train"


def test_a_worked_example_that_is_another_one_each_time_is_none(tmp_path):
    from rfft.eval.errors import EvalRejected
    from rfft.eval.oneshot import prompts
    from rfft.eval.questions import Question
    from rfft.rules.corpus import plan, rows, settings
    from rfft.tracer import styles

    (tmp_path / "mixed.py").write_text(
        'def mixed(word: str) -> str:\n    """Mix {word}."""\n    word += "abcdef"\n'
        '    return "".join(set(word))\n'
    )
    chosen = settings.load("test", tasks=("mixed",), lengths=(9, 9), per_length=1)
    made = plan.make(chosen, [tmp_path])
    asked = made.source("mixed").draw(9, 0)
    question = Question(
        rows.row_id("mixed", asked), "mixed", 9, "rfft", asked.prompt(styles.load("rfft")), "", "",
        asked.rule, asked.arguments,
    )  # fmt: skip
    with pytest.raises(EvalRejected, match="its worked example ends with tainted"):
        prompts(made, [question], [tmp_path])


def test_a_corpus_that_has_examples_is_one_shot(tmp_path):
    corpus = corpus_in(tmp_path, example=True, lengths=(1, 3))
    rows = rows_of(corpus)
    with serving(rows, truth) as server:
        run("--corpus", corpus, "--out", tmp_path / "r", *on(server), "--limit", "3")
        assert results_of(tmp_path / "r")["shots"] == 1
        done = run("--corpus", corpus, "--out", tmp_path / "r0", *on(server), "--shots", "0")
    assert done.returncode == 2
    assert done.stderr.endswith("has a worked example in each prompt; take --shots 1\n")


# Diagnosis


def test_wrong_answers_are_diagnosed(corpus, rows, tmp_path):
    with serving(rows, slipping(lambda length: length / 8)) as server:
        done = run("--corpus", corpus, "--out", tmp_path / "r", *on(server))
    assert done.returncode == 0, done.stderr
    said = results_of(tmp_path / "r")
    diagnosis = said["diagnosis"]
    wrong = said["questions"] - said["right"]
    assert diagnosis["wrong"] == wrong > 10
    errors = {name: error["count"] for name, error in diagnosis["errors"].items()}
    assert errors["loop"] + errors["non_loop"] == wrong
    assert errors["unknown"] == 0
    assert sum(diagnosis["first_wrong_step"].values()) == wrong
    assert set(diagnosis["loop_count_error"]) == {"add_up", "count_down"}
    assert sum(diagnosis["first_wrong_asked"].values()) == wrong
    told = json.loads(run("wrong", tmp_path / "r", "--format", "json").stdout)
    assert sum(row["count"] for row in told) == wrong
    assert {row["task"] for row in told} == {"add_up", "count_down"}
    assert all(row["expected"] != row["given"] for row in told)
    shown = run("wrong", tmp_path / "r").stdout
    assert "the first wrong line asked for" in shown


def test_only_some_lengths_are_asked(corpus, rows, tmp_path):
    with serving(rows, truth) as server:
        asked = ("--corpus", corpus, "--out", tmp_path / "r", *on(server))
        assert run(*asked, "--length", 2, "--length", 5).returncode == 0
        other = run(*asked, "--length", 3)
        none = run(*asked, "--length", 3, "--length", 99)
    assert {cell["length"] for cell in results_of(tmp_path / "r")["cells"]} == {2, 5}
    assert "is of another run" in other.stderr
    assert none.stderr.endswith("has no row of length 99\n")


@pytest.mark.parametrize(
    ("change", "kind", "loop"),
    [
        (lambda text: text.replace("nums = [", "nums = [1, ", 1), "state", False),
        (lambda text: text[: text.index("now,")] + "So the answer is 0\n", None, True),
        (lambda text: text.replace("So the answer is ", "So the answer is 1"), "answer", False),
    ],
)
def test_a_diagnosis_names_the_first_wrong_step(corpus, rows, tmp_path, change, kind, loop):
    rows = [row for row in rows if row["task"] == "add_up" and row["length"] == 3]

    def answer(row, times):
        return Reply(change(row["completion"]).replace("is 1", "is 91"))

    with serving(rows_of(corpus), answer) as server:
        run("--corpus", corpus, "--out", tmp_path / "r", *on(server))
    scores = [json.loads(line) for line in (tmp_path / "r/scores.jsonl").read_text().splitlines()]
    found = next(score for score in scores if score["id"] == rows[0]["id"])
    assert kind is None or found["verdict"]["kind"] == kind
    assert any(n["stated"] != n["true"] for n in found["verdict"]["loops"]) is loop


def test_a_style_without_a_trace_has_no_diagnosis(tmp_path):
    corpus = corpus_in(tmp_path, style="direct", lengths=(1, 3))
    rows = rows_of(corpus)
    with serving(rows, lambda row, times: Reply("So the answer is 'no'")) as server:
        done = run("--corpus", corpus, "--out", tmp_path / "r", *on(server), "--style", "direct")
    assert (done.returncode, done.stderr) == (0, "")
    said = results_of(tmp_path / "r")
    assert said["diagnosis"] is None
    assert said["problems"] == {"value": len(rows)}


def test_a_rule_of_a_hostile_corpus_reaches_nothing(corpus, rows, tmp_path):
    from rfft.tracer.checking.sandboxed import judge_all
    from rfft.tracer.records import Limits, Task

    target = tmp_path / "written"
    source = f"""
def rule(x):
    try:
        open({str(target)!r}, "w").write("x")
        reached = True
    except BaseException:
        reached = False
    return reached
"""
    ((answer,),) = judge_all(
        [Task(source, ("1",), texts=("So the answer is True\n",))], Limits(seconds=5)
    )
    assert not target.exists()
    assert answer["verdict"] is None or not answer["verdict"]["right"]


def test_no_rule_runs_where_nothing_holds_it_back(corpus, rows, tmp_path, monkeypatch):
    from rfft.tracer.sandbox import protection, worker

    monkeypatch.setattr(worker, "pretended", protection.WALLS)
    shot = ["--shots", "1", "--rules", rules_in(tmp_path)]
    with serving(rows, lambda row, times: Reply("So the answer is 'no'")) as server:
        asked = ["--corpus", corpus, *on(server), "--limit", "2"]
        for more in ([], shot):
            done = run(*asked, "--out", tmp_path / "r", *more)
            assert done.returncode == 2
            assert "cannot hold rules back at all; --allow-unprotected" in done.stderr
            assert server.requests == []
        allowed = ["--trust", "--allow-unprotected"]
        done = run(*asked, "--out", tmp_path / "r", *shot, *allowed)
    assert (done.returncode, done.stderr) == (0, "")
    assert results_of(tmp_path / "r")["diagnosis"] is not None


@pytest.mark.parametrize("style", ["natural", str(Path(__file__).parents[1] / "own_style.py")])
def test_answers_are_read_in_the_words_of_the_style(style, tmp_path):
    corpus = corpus_in(tmp_path, style=style, lengths=(2, 3), per_length=3)
    rows = rows_of(corpus)
    assert {row["style"] for row in rows} == {style}

    def answer(row, times):
        last = row["completion"].rstrip().rpartition("\n")[2]
        wrong = row["completion"].replace(last, last.replace(row["answer"], "'other'"))
        return Reply(wrong if row["length"] == 2 else row["completion"])

    with serving(rows, answer) as server:
        trust = ["--trust"] if style.endswith(".py") else []
        done = run("--corpus", corpus, "--out", tmp_path / "r", *on(server), *trust)
    assert done.returncode == 0, done.stderr
    said = results_of(tmp_path / "r")
    assert said["style"] == style
    wrong = sum(row["length"] == 2 for row in rows)
    assert (said["right"], said["problems"]) == (len(rows) - wrong, {"value": wrong})
