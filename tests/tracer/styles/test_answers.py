"""An answer is read back whatever words its style has for it, and whatever stands around it."""

import pytest

from rfft.tracer.styles import Lines, Outcome, Style, load
from rfft.tracer.styles.answer import answers, words_of

from ...styles import BUILT_IN

PHRASES = [
    "6", "-2.5", "[1, 2]", "'So the answer is 3.'", "'a. b, c'", '"it\'s. So the answer is 4"',
    "['So the answer is 5.']", "'two\\nlines\\nSo the answer is 6'", "{'a.': (1.0, 'b. ')}", "nan",
    "<A 'b'>", "None", "'.'", "''", "1e+16",
]  # fmt: skip


class Ask(Style):
    """A style that says how it states answers."""

    name = "ask"
    answer = ("The result:\n\t", " (sure)")


class Tell(Style):
    """A style that does not say it."""

    name = "tell"

    def result(self, scope, statement, nested) -> Lines:
        return [("=> ", Outcome(), ";")]


def line(style: Style, value: str) -> str:
    if style.name == "tell":
        return f"=> {value};"
    return style.answer[0] + value + style.answer[1]


STYLES = [*map(load, BUILT_IN), Ask(), Tell()]


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
@pytest.mark.parametrize("value", PHRASES)
def test_the_answer_of_a_text_is_found(style, value):
    true = f"x = 1\ny = {value}\n{line(style, value)}\n"
    words = words_of(style, true, value)
    assert answers(true, words) == [value]
    assert answers(f"{true}\nQ: And what is next?\n", words) == [value]
    assert answers(line(style, value), words) == [value]
    assert answers(f"x = 1\ny = {value}\n", words) == []
    assert len(answers(true + true, words)) == 2
    assert answers(line(style, "7"), words) == ["7"]


def test_sentences_may_stand_around_the_answer():
    words = load("natural").answer
    assert answers("m = 6.5. So the answer is 6.5. That is all. Or not.", words) == ["6.5"]
    assert answers("So the answer is 'a. b'. So it is.", words) == ["'a. b'"]
    assert answers("So the answer is 6 and no more", words) == ["6 and no more"]


def test_a_value_alone():
    class Bare(Style):
        name = "bare"

    words = words_of(Bare(), "6\n", "6")
    assert (answers(" 6\n", words), answers("x\n6", words)) == (["6"], ["x\n6"])
    words = words_of(Bare(), "x = 6\n  6\n", "6")
    assert answers("x = 7\ny\n7\n", words) == ["7"]


@pytest.mark.parametrize("name", BUILT_IN)
def test_styles_state_answers_by_these_words(name):
    from rfft.tracer import trace

    def rule(x):
        return x * 2

    style = load(name)
    assert trace(rule, 4).response(style).endswith("8".join(style.answer) + "\n")
