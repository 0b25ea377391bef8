"""Replies that state an input: any right one counts."""

import pytest

from rfft.eval import questions, results
from rfft.eval.backends import Answer
from rfft.eval.errors import EvalRejected
from rfft.eval.lm_eval import process_results
from rfft.eval.scoring import Problem, score_inputs, score_row
from rfft.eval.verl import compute_score
from rfft.rules.corpus.backward import WORDS
from rfft.rules.corpus.build import build

from ..rules.corpus.small import plan_in

RULE = """def f(a, b, c=''):
    if a == 9:
        while True:
            b += 1
    return [a + b, {c}]
"""
ROW = {
    "rule": RULE, "arguments": ["1", "2"], "output": "[3, {''}]", "direction": "backward",
    "completion": f"{WORDS[0]}1, 2\n", "answer": "1, 2", "style": "rfft", "length": 4,
}  # fmt: skip


@pytest.mark.parametrize("given", ["1, 2", "-4, 7", "b=0, a=3", "a=2,b=1,c=''", "3, 0, ''"])
def test_any_input_that_gives_the_answer_is_right(given):
    assert score_row(ROW, f"Call f(1).\nSo the answer is 7\nSo the arguments are {given}").right


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("1, 1", Problem.output),
        ("1.0, 2", Problem.output),
        ("1", Problem.no_input),
        ("1, 2, 3, 4", Problem.no_input),
        ("d=1, a=1, b=2", Problem.no_input),
        ("int('1'), 2", Problem.no_input),
        ("[1, 2", Problem.no_input),
        ("'1', 2", Problem.raises),
        ("9, 2", Problem.limit),
    ],
)
def test_others_are_wrong_with_a_reason(given, problem):
    found = score_row(ROW, f"So the arguments are {given}")
    assert (found.right, found.problem, found.given) == (False, problem, given)


def test_texts_without_one_input_are_wrong_as_texts_without_one_answer_are():
    texts = ["", "So the arguments are 1, 2\nSo the arguments are 1, 2", "So the arguments are 1"]
    found = score_inputs([(ROW, text, "stop") for text in texts])
    assert [one.problem for one in found] == [Problem.none, Problem.several, Problem.no_input]
    cut, refused = score_inputs([(ROW, "", "length"), (ROW, "", "refused")])
    assert (cut.problem, refused.problem) == (Problem.cut, Problem.refused)


def test_other_trainers_and_harnesses_score_alike():
    right, wrong = "So the arguments are 0, 3", "So the arguments are 0, 4"
    assert process_results(ROW, [right])["acc"] == 1.0
    assert process_results(ROW, [wrong])["acc"] == 0.0
    assert compute_score("rfft/f", right, ROW["answer"], extra_info=ROW) == 1.0
    assert compute_score("rfft/f", wrong, ROW["answer"], extra_info=ROW) == 0.0


def test_a_run_on_a_corpus_is_scored_and_has_no_diagnosis_of_steps(tmp_path):
    plan = plan_in(tmp_path, ("add_up",), lengths=(2, 2), per_length=3, format="jsonl",
                   direction="backward")  # fmt: skip
    build(plan, tmp_path / "out", workers=1)
    found = questions.read(tmp_path / "out")
    assert all(one.backward for one in found.all)
    replies = [f"So the arguments are [0, {found.all[0].output}]", found.all[1].completion, "?"]
    answers = {
        one.id: Answer(one.id, text, "stop", 1, 1)
        for one, text in zip(found.all, replies, strict=True)
    }
    scores = results.score(found.all, answers)
    assert [(one.right, one.problem) for one in scores] == [
        (True, None), (True, None), (False, "none"),
    ]  # fmt: skip
    with pytest.raises(EvalRejected, match="goes without worked examples"):
        questions.read(tmp_path / "out", shots=1)
