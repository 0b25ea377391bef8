"""A model is rolled from step to step: by the states that it states, with any back end."""

import json

import pytest

from rfft.eval.backends import Answer
from rfft.eval.errors import EvalRejected
from rfft.eval.questions import read
from rfft.eval.rolling import left, roll, whole, wrong_step
from rfft.rules.corpus.steps import parted

from .small import Reply, corpus_in, on, rows_of, run, serving, truth


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    return corpus_in(tmp_path_factory.mktemp("rolling"), unit="step", lengths=(3, 4), per_length=2)


def answers_of(folder):
    return [json.loads(line) for line in (folder / "answers.jsonl").read_text().splitlines()]


def scores_of(folder):
    return [json.loads(line) for line in (folder / "scores.jsonl").read_text().splitlines()]


def test_a_question_is_a_run_and_its_truth_that_of_the_whole(steps, tmp_path):
    asked = read(steps).all
    plain = {row["id"]: row for row in rows_of(corpus_in(tmp_path, lengths=(3, 4), per_length=2))}
    assert {question.id for question in asked} == plain.keys()
    for question in asked:
        assert question.completion == plain[question.id]["completion"]
        assert len(question.steps) > 3
    assert len(read(steps, limit=3).all) == 3


def test_true_steps_lead_to_the_answer(steps, tmp_path):
    rows = rows_of(steps)
    with serving(rows, truth) as server:
        done = run("--corpus", steps, "--out", tmp_path / "r", *on(server))
    assert (done.returncode, done.stderr) == (0, "")
    assert "8 of 8" in done.stdout
    assert sorted(a["id"] for a in answers_of(tmp_path / "r")) == sorted(r["id"] for r in rows)
    assert {score["wrong_step"] for score in scores_of(tmp_path / "r")} == {None}


def test_a_run_goes_on_with_what_was_stated_and_says_where_it_went_wrong(steps, tmp_path):
    rows = rows_of(steps)
    completions = {row["id"]: row["completion"] for row in rows}

    def again(row, times):
        """Answer a step of `add_up` with the state that it began with."""
        if row["task"] == "add_up" and row["id"].endswith(".2") and times == 1:
            return Reply(completions[row["id"][:-1] + "1"])
        return truth(row, times)

    with serving(rows, again) as server:
        done = run("--corpus", steps, "--out", tmp_path / "r", *on(server))
    assert "4 runs went wrong, at step 2 to 2 (median 2) of" in done.stdout
    scores = [score for score in scores_of(tmp_path / "r") if score["task"] == "add_up"]
    assert {(score["right"], score["wrong_step"], score["problem"]) for score in scores} == {
        (False, 2, "cut")
    }
    said = {answer["id"]: answer["text"] for answer in answers_of(tmp_path / "r")}
    for question in read(steps, tasks=["add_up"]).all:
        assert said[f"{question.id}.3"] == question.steps[2]  # it was asked with the stated state
    assert all(score["verdict"]["line"] for score in scores)
    assert [score["steps"] for score in scores] == [
        len(question.steps) for question in read(steps, tasks=["add_up"]).all
    ]


def test_a_run_that_was_stopped_goes_on_at_its_step(steps, tmp_path):
    rows = rows_of(steps)
    options = ["--corpus", steps, "--out", tmp_path / "r"]
    failing = [row for row in rows if row["id"].endswith(".3")]

    def refuse(body):
        prompts = [row["prompt"].strip() for row in failing]
        return (
            Reply("no", status=401) if body["messages"][0]["content"].strip() in prompts else None
        )

    with serving(rows, truth, refuse) as server:
        done = run(*options, *on(server))
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert f"answers of {len(rows)} are kept, the same command goes on" in done.stderr
        kept = len(answers_of(tmp_path / "r"))
        failing.clear()
        asked = len(server.requests)
        done = run(*options, *on(server))
        assert done.returncode == 0
        assert len(server.requests) - asked == len(rows) - kept
        assert run(*options, *on(server)).returncode == 0
        assert len(server.requests) - asked == len(rows) - kept  # a whole run asks nothing


class _Says:
    """A back end that answers by a function of the step's number and the question."""

    def __init__(self, says):
        self.says = says

    def answers(self, questions):
        for question in questions:
            number = int(question.id.rpartition(".")[2])
            yield Answer(question.id, *self.says(number, question), 1, 1)


def rolled(steps, says):
    asked = read(steps, limit=1).all
    known = {answer.id: answer for answer in roll(_Says(says), left(asked, {}))}
    return asked[0], known, whole(asked, known)[asked[0].id]


def test_a_run_ends_with_a_text_that_was_cut(steps):
    question, known, made = rolled(
        steps, lambda n, q: (q.completion, "length" if n == 1 else "stop")
    )
    assert (len(known), made.finish, made.written) == (2, "length", 2)
    assert wrong_step(question, known) == 1


def test_a_run_that_never_ends_is_cut_after_as_many_steps_as_the_true_one(steps):
    question, known, made = rolled(steps, lambda n, q: (question_of(q), "stop"))
    assert (len(known), made.finish) == (len(question.steps), "length")


def question_of(question):
    """Return the state that a question has: nothing happens."""
    return parted(question.prompt)[1]


def test_a_right_last_state_and_a_wrong_answer_went_wrong_at_the_end(steps):
    question, known, _ = rolled(
        steps, lambda n, q: (q.completion.replace("So the answer is", "It is"), "stop")
    )
    assert wrong_step(question, known) == len(question.steps) - 1


def test_steps_that_are_missing_are_told(steps, tmp_path, monkeypatch):
    monkeypatch.setattr("rfft.eval.questions._rows", lambda *_: rows_of(steps)[1:])
    with pytest.raises(EvalRejected, match="its steps are not all there"):
        read(steps)


def test_worked_examples_are_refused(steps, tmp_path):
    with serving(rows_of(steps), truth) as server:
        done = run("--corpus", steps, "--out", tmp_path / "r", "--shots", "1", *on(server))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "has no worked examples: --shots 0" in done.stderr
