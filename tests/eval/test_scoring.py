"""An answer is the value after the one answer sentence, compared with its type."""

import pytest

from rfft.eval.scoring import Problem, score

TRACE = "1. Initialize\nnum = 15\n4. Return\nreturn num\nnum = 6\nSo the answer is 6\n"


def scored(text, finish="stop", answer="6", trace=TRACE):
    return score(trace.replace("answer is 6", f"answer is {answer}"), answer, text, finish)


@pytest.mark.parametrize(
    ("true", "given"),
    [
        ("6", "6"), ("[1, 2]", "[1,2]"), ("'a'", '"a"'), ("{1, 2}", "{2, 1}"), ("set()", "set()"),
        ("{'a': 1, 'b': [2]}", "{'b': [2], 'a': 1}"), ("100.0", "1e2"), ("nan", "nan"),
        ("(1,)", "(1, )"), ("6", "6."), ("'ends.'", "'ends.'."), ("None", "None"),
        ("Counter({'a': 1})", "Counter({'a': 1})"),
    ],
)  # fmt: skip
def test_equal_values_are_right(true, given):
    assert scored(f"So the answer is {given}\n", answer=true).right


@pytest.mark.parametrize(
    ("true", "given"),
    [
        ("6", "7"), ("6", "6.0"), ("6", "'6'"), ("1", "True"), ("[1]", "[True]"), ("'6'", "6"),
        ("[1, 2]", "(1, 2)"), ("[1, 2]", "[2, 1]"), ("{'a': 1}", "{'a': True}"), ("6", "x=6"),
        ("(1, 2)", "1, 2"), ("6", ""), ("6", "[" * 300), ("6", "__import__('os')"), ("nan", "inf"),
        ("6", "6 or so"),
    ],
)  # fmt: skip
def test_other_values_are_wrong(true, given):
    found = scored(f"So the answer is {given}\n", answer=true)
    assert not found.right
    assert found.problem is Problem.value


def test_text_without_an_answer_is_wrong():
    assert scored("num = 6\nthe answer may be 6").problem is Problem.none
    assert scored("").problem is Problem.none


def test_two_answers_are_wrong_even_if_they_are_the_same():
    assert scored("So the answer is 6\nSo the answer is 6").problem is Problem.several
    assert scored("So the answer is 6 So the answer is 6").problem is Problem.several


def test_a_text_that_is_cut_is_wrong():
    found = scored("So the answer is 6", "length")
    assert (found.right, found.problem, found.given) == (False, Problem.cut, "6")


def test_what_a_server_refuses_is_wrong():
    assert scored("", "refused").problem is Problem.refused


def test_the_sentence_may_follow_others_on_its_line():
    assert scored("num = 6. So the answer is 6.\nThat is all.").right


@pytest.mark.parametrize(
    "line",
    [
        "text = 'So the answer is 5'",
        'text = "So the answer is 5"',
        "text = 'it\\'s. So the answer is 5'[1:]",
        "texts = ['a', 'So the answer is 5']",
    ],
)
def test_a_value_that_imitates_the_sentence_is_no_answer(line):
    assert scored(f"{line}\nSo the answer is 6\n").right
    assert scored(f"{line}\n").problem is Problem.none


def test_a_value_may_be_the_sentence_itself():
    answer = "'a. So the answer is 5'"
    trace = f"result = {answer}. So the answer is {answer}.\n"
    assert score(trace, answer, trace).right
    assert not score(trace, answer, "So the answer is 5").right


def test_a_rule_may_recite_the_sentence():
    trace = 'text = """\nSo the answer is 1\n"""\nSo the answer is 6\n'
    assert score(trace, "6", trace).right
    assert score(trace, "6", "So the answer is 6").problem is Problem.several


def test_a_style_may_have_another_sentence_or_none():
    assert score("x = 1\n=> 6\n", "6", "y\n=> 6").right
    assert not score("x = 1\n=> 6\n", "6", "y\n=> 7").right
    assert score("6\n", "6", " 6\n").right
    assert not score("6\n", "6", "x\n6").right
