import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("transformers", reason="needs the extra `train`")

from rfft.rules import catalog
from rfft.train.tokenizer import make_tokenizer

tokenizer = make_tokenizer()
TRACED = ("leetcode_2544", "leetcode_1598", "nupa_digit_max", "leetcode_283")


def pieces(text):
    """The texts of a text's tokens."""
    return [tokenizer.decode([i]) for i in tokenizer(text)["input_ids"]]


def trace(name, length, style="rfft"):
    task = catalog()[name]
    prompt = task.prompt(task.arguments(length, 0, 0), style)
    return prompt + "\n" + task.rule.writer(style)(*task.arguments(length, 0, 0)).response


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text):
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


@given(st.text("ab 1'\"\n\t<>=,.:[]_ePo\0é𝄞"))
def test_any_layout_comes_back(text):
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


@pytest.mark.parametrize("text", ["<eos>", "a <pad> b", "'<eos><eos>'", "<eos>\n<pad>"])
def test_a_text_has_no_special_tokens(text):
    ids = tokenizer(text)["input_ids"]
    assert not {tokenizer.eos_token_id, tokenizer.pad_token_id} & set(ids)
    assert tokenizer.decode(ids, skip_special_tokens=True) == text


def test_the_end_and_padding_have_tokens_of_their_own():
    assert tokenizer.eos_token_id != tokenizer.pad_token_id
    assert tokenizer.decode([tokenizer.eos_token_id]) == tokenizer.eos_token == "<eos>"
    assert tokenizer.decode([tokenizer.eos_token_id], skip_special_tokens=True) == ""


def test_digits_and_punctuation_are_single_tokens():
    assert pieces("1048576") == list("1048576")
    assert pieces("[[1],('','')]") == list("[[1],('','')]")
    for mark in string.punctuation:
        assert pieces(f"a{mark}b") == ["a", mark, "b"]
    for n in range(len(tokenizer)):
        token = tokenizer.decode([n])
        assert not re.search(r"\d.|.\d", token)
        assert not re.search(r"[\[\](){}'\"`,;_].*[\[\](){}'\"`,;_]", token)


def test_a_name_is_the_same_token_wherever_it_stands():
    text = "while num > 0:\nnum = num // num\nif num in num and not num == num, num"
    assert pieces(text).count("num") == 9
    assert " num" not in pieces(text)


def test_text_in_quotes_is_spelled():
    assert pieces("'result'[0]") == list("'result'[0]")
    assert pieces("result[0]") == ["result", "[", "0", "]"]


def test_line_breaks_take_the_indentation():
    assert pieces("if x:\n        x") == ["if ", "x", ":", "\n        ", "x"]


@pytest.mark.parametrize("name", TRACED)
@pytest.mark.parametrize("style", ["rfft", "rfft-icl", "scratchpad"])
def test_traces_are_short(name, style):
    text = trace(name, 5, style)
    ids = tokenizer(text)["input_ids"]
    assert tokenizer.decode(ids) == text
    assert len(ids) < 0.7 * len(text)


def test_every_call_gives_the_same_vocabulary():
    assert make_tokenizer().get_vocab() == tokenizer.get_vocab()
