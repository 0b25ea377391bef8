"""What a model is given and what it learns."""

import pytest

from rfft.rules.corpus.encoding import (
    IGNORED,
    Sample,
    encode_completions,
    encode_prompt,
    encode_rows,
)

from ...train.small import byte_tokenizer

ROW = {"prompt": "Q: 1 + 1?\n", "completion": "1 + 1 = 2\nSo the answer is 2\n"}


def test_without_a_template_the_response_follows_a_blank_line():
    tokenizer = byte_tokenizer()
    (sample,) = encode_rows(tokenizer, [ROW])
    assert tokenizer.decode(sample.prompt) == "<bos>Q: 1 + 1?\n\n"
    assert tokenizer.decode(sample.completion) == ROW["completion"] + "<end>"


def test_a_prompt_without_a_line_end_has_the_same_ids():
    tokenizer = byte_tokenizer()
    assert encode_prompt(tokenizer, "Q: 1?") == encode_prompt(tokenizer, "Q: 1?\n")


def test_a_tokenizer_that_closes_texts_leaves_prompts_open():
    assert encode_prompt(byte_tokenizer(closing=True), "Q\n") == encode_prompt(
        byte_tokenizer(), "Q\n"
    )


def test_with_a_template_prompt_and_completion_are_messages():
    tokenizer = byte_tokenizer(chat=True)
    (sample,) = encode_rows(tokenizer, [ROW])
    assert tokenizer.decode(sample.input_ids) == (
        "<user>Q: 1 + 1?<end>\n<assistant>1 + 1 = 2\nSo the answer is 2<end>"
    )


@pytest.mark.parametrize("chat", [False, True])
def test_evaluation_gives_the_prompt_that_was_trained_on(chat):
    tokenizer = byte_tokenizer(chat=chat)
    rows = [ROW, {"prompt": "Q: a longer one, π?\n", "completion": "3\n"}]
    samples = encode_rows(tokenizer, rows)
    assert [s.prompt for s in samples] == [encode_prompt(tokenizer, r["prompt"]) for r in rows]


def test_only_the_completion_is_learnt():
    assert Sample([5, 6], [7, 2]).input_ids == [5, 6, 7, 2]
    assert Sample([5, 6], [7, 2]).labels == [IGNORED, IGNORED, 7, 2]


def test_a_tokenizer_without_an_end_is_refused():
    tokenizer = byte_tokenizer()
    tokenizer.eos_token = None
    with pytest.raises(ValueError, match="no end-of-text token"):
        encode_completions(tokenizer, ["a"])
