"""Rewards: from 0 to 1, more for a text that goes right for longer."""

import inspect
from pathlib import Path

import pytest

from rfft.tracer import Rule, check, grpo_reward, reward, trace
from rfft.tracer.checking.rewards import reward_of
from rfft.tracer.errors import InputRejected, StyleNotFound
from rfft.tracer.styles import load

from ...styles import BUILT_IN, OWN
from ..examples import EXAMPLES, example

RULE = example("add_digits")
TEXT = trace(RULE, 95).response()
LINES = TEXT.splitlines(keepends=True)
SOURCE = (EXAMPLES / "add_digits.py").read_text()


def test_a_right_text_has_one_and_an_empty_text_none():
    assert reward(RULE, (95,), TEXT) == 1
    assert reward(RULE, "95", "") == 0


def test_every_line_further_counts():
    rewards = [reward(RULE, (95,), "".join(LINES[:n])) for n in range(len(LINES) + 1)]
    assert rewards == sorted(rewards)
    assert len(set(rewards)) == len(rewards)
    assert rewards[-2] <= 0.9 < rewards[-1]


def test_what_follows_from_a_slip_counts():
    carried = trace(RULE, 96).response()
    scattered = TEXT.replace("num = 95\n", "num = 96\n", 1)
    assert reward(RULE, (95,), carried) > 0.3
    assert reward(RULE, (95,), scattered) < 1


def test_going_on_and_on_does_not_pay():
    once = reward(RULE, (95,), "".join(LINES[:20]))
    again = reward(RULE, (95,), "".join(LINES[:20] + LINES[8:20] * 30))
    assert again < once + 0.05
    assert reward(RULE, (95,), TEXT * 2) < 0.8


def test_from_columns():
    prompts = ["Q"] * 3
    chat = [{"role": "assistant", "content": TEXT}]
    found = grpo_reward(
        prompts=prompts,
        completions=[TEXT, "So the answer is 5\n", chat],
        rule=[SOURCE] * 3,
        arguments=["95"] * 3,
        style=["rfft"] * 3,
        answer=["5"] * 3,
        trainer_state=None,
    )
    assert found[0] == found[2] == 1
    assert found[1] == reward_of(check(RULE, (95,), "So the answer is 5\n"))
    assert all(isinstance(value, float) for value in found)
    assert grpo_reward(prompts[:1], [TEXT], rule=[SOURCE], arguments=["95"]) == [1]


def test_the_signature_is_that_of_the_trainer():
    parameters = inspect.signature(grpo_reward).parameters
    assert list(parameters)[:2] == ["prompts", "completions"]
    assert parameters["columns"].kind is inspect.Parameter.VAR_KEYWORD


def test_a_row_without_a_rule_is_refused():
    with pytest.raises(ValueError, match="no function"):
        grpo_reward(["Q"], ["x"], rule=["1 + 1"], arguments=[""])


def test_a_row_has_no_style_file_run(tmp_path):
    text = Path(OWN).read_text()
    path, ran = tmp_path / "rows_style.py", tmp_path / "ran"
    path.write_text(f"open({str(ran)!r}, 'w').close()\n{text}")
    columns = {"rule": [SOURCE], "arguments": ["95"], "style": [str(path)]}
    with pytest.raises(StyleNotFound, match="if it is your own, load it first"):
        grpo_reward(["Q"], [""], **columns)
    assert not ran.exists()
    response = trace(RULE, 95).response(load(str(path)))
    assert grpo_reward(["Q"], [response], **columns) == [1]


@pytest.mark.parametrize("style", BUILT_IN)
@pytest.mark.parametrize("example", [None, trace(example("move_zeroes"), [0, 1])])
def test_from_a_row_of_a_corpus(style, example):
    """Arguments are a list of texts, and only the prompt tells the style."""
    rule = Rule.from_file(EXAMPLES / "long_addition.py")
    traced = trace(rule, "95", "7")
    row = {"rule": rule.text, "arguments": ["'95'", "'7'"], "answer": "'102'", "task": "nupa_add"}
    prompt = traced.prompt(style, "What is 95 + 7?", example)
    columns = {name: [value] for name, value in row.items()}
    assert grpo_reward([prompt], [traced.response(style)], **columns) == [1]
    talk = [{"role": "user", "content": prompt}]
    assert grpo_reward([talk], [traced.response(style)], **columns) == [1]


def test_a_prompt_of_no_style_asks_for_the_usual_one():
    assert grpo_reward(["Go on."], [TEXT], rule=[SOURCE], arguments=["95"]) == [1]


def test_rows_that_ask_for_an_input_are_refused():
    with pytest.raises(InputRejected, match="grpo_reward is for rows that ask for the answer"):
        grpo_reward(["Q"], ["R"], ["def f(a): return a"], [["1"]], direction=["backward"])
