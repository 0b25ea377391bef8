"""Reports show what runs have found, hold all they need, and let nothing hostile out."""

import json
import re

import pytest

from rfft.eval.errors import EvalRejected
from rfft.eval.questions import read
from rfft.rules.corpus import plan
from rfft.rules.corpus import settings as presets
from rfft.rules.corpus.build import build

from .small import Reply, corpus_in, on, rows_of, run, serving, slipping, truth


@pytest.fixture(scope="module")
def runs(corpus, rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    for name, answer in (("good", slipping(lambda n: n / 20)), ("bad", slipping(lambda n: n / 9))):
        with serving(rows, answer) as server:
            done = run("--corpus", corpus, "--out", folder / name, *on(server))
            assert (done.returncode, done.stderr) == (0, "")
    return folder


def test_a_run_has_pictures_and_a_page(runs):
    names = {path.name for path in (runs / "bad/figures").iterdir()}
    assert names == {"curves.png", "curves.svg", "errors.png", "errors.svg"}
    assert (runs / "bad/figures/curves.png").read_bytes().startswith(b"\x89PNG")
    svg = (runs / "bad/figures/curves.svg").read_text()
    for words in ("add_up", "count_down", "mean of all tasks", "accuracy"):
        assert words in svg


def test_the_page_needs_nothing_else(runs):
    page = (runs / "bad/report.html").read_text()
    assert re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', page) == []
    assert "default-src 'none'" in page
    ours, papers = page.split('<table id="paper">')  # the paper's own figures stand apart
    assert "0.77 / 0.98" in papers
    assert "0.77 / 0.98" not in ours


def test_each_wrong_answer_leads_to_its_trace(runs, chromium):
    scores = [json.loads(line) for line in (runs / "bad/scores.jsonl").read_text().splitlines()]
    wrong = [score for score in scores if not score["right"]]
    page = chromium.new_page()
    problems = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"file://{runs}/bad/report.html")
    links = page.locator("a[data-trace]")
    assert links.all_text_contents() == [score["id"] for score in wrong]
    late = next(n for n, score in enumerate(wrong) if score["verdict"]["kind"] == "left_early")
    links.nth(late).click()
    frame = page.frame_locator("#frame")
    said = f"Wrong at line {wrong[late]['verdict']['line']}: left a loop too early"
    frame.get_by_text(said).wait_for()
    page.locator("#close").click()
    page.locator("#filter").fill("left a loop too early")
    kinds = [score["verdict"]["kind"] for score in wrong]
    assert page.locator("#wrong tbody tr:visible").count() == kinds.count("left_early")
    page.close()
    assert problems == []


def test_a_hostile_answer_is_only_text(corpus, rows, tmp_path):
    hostile = "</script><img src=x onerror=alert(1)>\nSo the answer is '<script>alert(2)</script>'"
    with serving(rows, lambda row, times: Reply(hostile)) as server:
        run("--corpus", corpus, "--out", tmp_path / "r", *on(server), "--limit", "2")
    page = (tmp_path / "r/report.html").read_text()
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(2)" in page


def test_so_many_traces_as_are_wanted(corpus, rows, tmp_path):
    with serving(rows, lambda row, times: Reply("no")) as server:
        run("--corpus", corpus, "--out", tmp_path / "r", *on(server), "--traces", "7")
    page = (tmp_path / "r/report.html").read_text()
    assert page.count('id="trace-') == 7
    assert f"7 of {len(rows)} wrong answers" in page


def test_runs_are_compared_on_the_same_rows(runs, tmp_path):
    done = run("compare", runs / "good", runs / "bad", "--out", tmp_path / "c")
    assert (done.returncode, done.stderr) == (0, "")
    assert "against good" in done.stdout
    rights = [
        {s["id"]: s["right"] for s in map(json.loads, (runs / name / "scores.jsonl").open())}
        for name in ("good", "bad")
    ]
    only_first = sum(right and not rights[1][i] for i, right in rights[0].items())
    line = next(line for line in done.stdout.splitlines()[3:] if line.startswith("bad"))
    assert line.split()[1:3] == [str(len(rights[0])), str(only_first)]
    page = (tmp_path / "c/report.html").read_text()
    assert "Each against good, on the same rows" in page
    assert (tmp_path / "c/figures/errors.svg").exists()


def test_a_method_may_have_a_run_for_each_task_and_another_style(runs, corpus, rows, tmp_path):
    plain = corpus_in(tmp_path, style="direct")
    with serving(rows_of(plain), truth) as server:
        for task in ("add_up", "count_down"):
            out = tmp_path / "direct" / task
            done = run("--corpus", plain, "--out", out, "--task", task, *on(server))
            assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(run("compare", tmp_path / "direct", runs / "bad", "--format", "json").stdout)
    assert [one["run"] for one in said] == ["direct", "bad"]
    assert said[0]["questions"] == said[0]["right"] == len(rows) == said[1]["versus_first"]["rows"]


def test_a_method_may_have_models_of_several_seeds(runs, corpus, rows, tmp_path):
    with serving(rows, truth) as server:
        for seed in "01":
            asked = ("--corpus", corpus, "--task", "add_up", *on(server, f"seed{seed}"))
            done = run(*asked, "--out", tmp_path / "two" / f"add_up-{seed}")
            assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(run("compare", runs / "bad", tmp_path / "two", "--format", "json").stdout)
    of_task = sum(row["task"] == "add_up" for row in rows)
    assert said[1]["questions"] == said[1]["right"] == 2 * of_task
    assert said[1]["versus_first"]["rows"] == of_task


def test_runs_of_the_same_model_are_no_method(runs):
    done = run("compare", runs)
    assert (done.returncode, done.stderr) == (
        2, f"rfft: {runs}: two of its runs are of the same model\n",
    )  # fmt: skip


def test_questions_are_taken_by_the_title_of_their_task(tmp_path):
    tasks = ("leetcode_258", "nupa_length")
    made = plan.make(presets.load("test", tasks=tasks, lengths=(1, 2), per_length=2))
    build(made, tmp_path, workers=1)
    found = read(tmp_path, tasks=["Add Digits"]).all
    assert {question.task for question in found} == {"leetcode_258"}
    with pytest.raises(
        EvalRejected, match=r"has no row of leetcode_25; did you mean leetcode_258\?"
    ):
        read(tmp_path, tasks=["leetcode_25"])


def test_a_task_that_the_corpus_lacks_is_one_line(corpus, tmp_path):
    done = run("--corpus", corpus, "--out", tmp_path / "r", "--model", "m", "--task", "nothing")
    assert (done.returncode, done.stderr) == (2, f"rfft: {corpus}: has no row of nothing\n")


def test_a_comparison_as_json(runs):
    done = run("compare", runs / "good", runs / "bad", "--format", "json")
    said = json.loads(done.stdout)
    assert [one["run"] for one in said] == ["good", "bad"]
    assert said[0]["in_distribution"]["value"] >= said[1]["in_distribution"]["value"]
    assert said[1]["versus_first"]["rows"] == said[0]["questions"]


def test_the_same_runs_make_the_same_page(runs, tmp_path):
    for name in ("one", "two"):
        run("compare", runs / "good", runs / "bad", "--out", tmp_path / name)
    one, two = ((tmp_path / name / "report.html").read_bytes() for name in ("one", "two"))
    assert one == two


def test_one_shot_runs_have_a_picture(tmp_path):
    corpus = corpus_in(tmp_path, example=True, lengths=(1, 3))
    with serving(rows_of(corpus), truth) as server:
        run("--corpus", corpus, "--out", tmp_path / "r", *on(server), "--limit", "6")
    assert (tmp_path / "r/figures/one-shot.png").exists()
    assert "One worked example" in (tmp_path / "r/report.html").read_text()


def test_what_cannot_be_compared_is_one_line(runs, corpus, tmp_path):
    other = corpus_in(tmp_path, lengths=(4, 5), seed=1)
    with serving(rows_of(other), truth) as server:
        run("--corpus", other, "--out", tmp_path / "other", *on(server))
    for folder, line in (
        (tmp_path / "other", "the runs are on different corpora"),
        (corpus, "is no run, there is no run.json"),
    ):
        done = run("compare", runs / "good", folder)
        assert done.returncode == 2
        (said,) = done.stderr.splitlines()
        assert line in said


def test_a_run_that_is_not_complete_cannot_be_compared(runs, tmp_path):
    (tmp_path / "half").mkdir()
    (tmp_path / "half/run.json").write_bytes((runs / "good/run.json").read_bytes())
    done = run("compare", tmp_path / "half")
    assert (done.returncode, done.stderr) == (
        2,
        f"rfft: {tmp_path / 'half'}: is not complete; the command that began it goes on\n",
    )
