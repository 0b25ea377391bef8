"""What a model is given and what it learns."""

import json

import pytest

from rfft.rules.corpus import templates
from rfft.rules.corpus.encoding import (
    IGNORED,
    Sample,
    encode_completions,
    encode_prompt,
    encode_rows,
)
from rfft.rules.corpus.errors import CorpusRejected
from rfft.rules.corpus.templates import Template, choose, choose_for

from ...train.small import CHAT, TURNS, byte_tokenizer

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


def text_of(tokenizer, **settings) -> str:
    template = choose(tokenizer, "m", **settings)
    (sample,) = encode_rows(tokenizer, [ROW], template)
    return tokenizer.decode(sample.input_ids)


def test_the_end_of_a_turn_closes_a_response():
    tokenizer = byte_tokenizer(turns=True)
    assert tokenizer.eos_token == "<end>"
    assert text_of(tokenizer) == (
        "<|im_start|>user\nQ: 1 + 1?<|im_end|>\n"
        "<|im_start|>assistant\n1 + 1 = 2\nSo the answer is 2<|im_end|>"
    )


@pytest.mark.parametrize(
    ("behind", "closed"),
    [
        ("</s>", "</s>"),  # which is no special token: the end of texts comes after it
        ("\n<|im_end|>\n<end>", "\n<|im_end|>"),
        ("<end>", ""),
        ("", ""),
    ],
)
def test_what_a_template_writes_behind_a_response_is_learnt_up_to_its_end(behind, closed):
    tokenizer = byte_tokenizer(turns=True)
    text = "{% for m in messages %}[{{ m.content }}" + behind + "{% endfor %}"
    (ids,) = encode_completions(tokenizer, ["3\n"], Template(text))
    end = "" if closed.endswith("<|im_end|>") else "<end>"
    assert tokenizer.decode(ids) == f"3{closed}{end}"


def test_none_takes_no_template_and_a_file_takes_the_place_of_the_models(tmp_path):
    plain = "<bos>Q: 1 + 1?\n\n1 + 1 = 2\nSo the answer is 2\n<end>"
    assert text_of(byte_tokenizer(turns=True), source="none") == plain
    (tmp_path / "chat.jinja").write_text(CHAT)
    named = str(tmp_path / "chat.jinja")
    for tokenizer in (byte_tokenizer(turns=True), byte_tokenizer()):
        assert text_of(tokenizer, source=named) == text_of(byte_tokenizer(chat=True))


def test_system_and_arguments_go_into_the_template():
    tokenizer = byte_tokenizer(turns=True)
    found = text_of(tokenizer, system="Be brief.", arguments={"hurry": True})
    assert found.startswith("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n")
    assert "<|im_start|>assistant\n<hurry>1 + 1 = 2" in found
    assert "hurry" not in text_of(tokenizer, arguments={"hurry": False})


@pytest.mark.parametrize(
    ("template", "wanted", "line"),
    [
        (None, {"source": "model"}, "m: has no chat template; --template none, or a file"),
        (None, {"system": "Be brief."}, "--system goes into a chat template, and there is none"),
        (TURNS, {"source": "none", "arguments": {"hurry": 1}}, "--template-arg goes into a chat"),
        (TURNS, {"arguments": {"hury": 1}}, "m: its template takes no hury"),
        (TURNS, {"arguments": {"tokenize": 1}}, "--template-arg tokenize is none that can be"),
        (TURNS, {"source": "no/such"}, "none, model or a file, not no/such: No such file"),
        ("{% for", {}, "m: its template cannot be used: "),
        ("{{ raise_exception('no system') }}", {}, "m: its template cannot be used: no system"),
        (CHAT.replace("m in messages", "m in messages[1:]"), {}, "leaves out 'What is 1"),
    ],
)
def test_a_template_that_cannot_be_is_one_line(template, wanted, line):
    tokenizer = byte_tokenizer()
    tokenizer.chat_template = template
    with pytest.raises(CorpusRejected) as refused:
        choose(tokenizer, "m", **wanted)
    assert line in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_model_is_asked_by_the_template_that_it_was_trained_under(tmp_path):
    tokenizer = byte_tokenizer(turns=True)
    arguments = {"hurry": True}
    trained = choose(tokenizer, "m", system="Be brief.", arguments=arguments)
    (tmp_path / templates.RUN).write_text(json.dumps({"configuration": trained.said()}))
    (inside := tmp_path / "checkpoints/checkpoint-2").mkdir(parents=True)
    for folder in (tmp_path, inside):
        found = choose_for(str(folder), tokenizer, "model", "Be brief.", arguments)
        assert found == trained
        with pytest.raises(CorpusRejected) as refused:
            choose_for(str(folder), tokenizer, "none", None, {})
        options = "--template model --system 'Be brief.' --template-arg hurry=true"
        assert str(refused.value) == (
            f"{folder}: was trained with {options}, not --template none: give {options}"
        )


def test_a_model_of_no_run_is_asked_by_any_template(tmp_path):
    (tmp_path / templates.RUN).write_text('{"configuration": {"corpus": 1}}')
    for name in (str(tmp_path), "some/model"):
        assert choose_for(name, byte_tokenizer(chat=True), "none", None, {}).text is None
