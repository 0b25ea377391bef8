"""Corpora are encoded once for each tokenizer, and are read as they were encoded."""

import pytest

from rfft.rules.corpus import reading
from rfft.rules.corpus.encoding import encode_rows
from rfft.train import tokens
from rfft.train.errors import TrainingFailed

from .small import byte_tokenizer, corpus_in


def rows_of(corpus: tokens.Corpus) -> list[dict[str, object]]:
    return [
        row for r in corpus.records for row in reading.rows(corpus.plan, corpus.folder, r["shard"])
    ]


@pytest.mark.parametrize(
    "changes",
    [{"format": "jsonl"}, {"format": "parquet"}, {"configs": ("messages",)}],
    ids=["jsonl", "parquet", "messages"],
)
def test_samples_are_those_of_the_rows(changes, tmp_path, monkeypatch):
    monkeypatch.setattr(tokens, "_BATCH", 7)
    corpus = tokens.Corpus(corpus_in(tmp_path, **changes))
    seen: list[int] = []
    made = tokens.load(corpus, byte_tokenizer(), tmp_path / "cache", seen.append)
    rows = rows_of(corpus)
    assert len(made) == len(rows) == corpus.rows == seen[-1]
    assert made.rows == [row["id"] for row in rows]
    for number, sample in enumerate(encode_rows(byte_tokenizer(), rows)):
        assert made.ids(number).tolist() == sample.input_ids
        assert made.prompts[number] == len(sample.prompt)
        assert made.lengths[number] == len(sample.input_ids)


def test_a_corpus_is_encoded_once_for_each_tokenizer(corpus, tmp_path):
    found = tokens.Corpus(corpus)
    seen: list[int] = []
    for _ in range(2):
        tokens.load(found, byte_tokenizer(), tmp_path, seen.append)
    assert seen.count(found.rows) == 1
    tokens.load(found, byte_tokenizer(chat=True), tmp_path, seen.append)
    assert seen.count(found.rows) == 2
    assert len(list(tmp_path.iterdir())) == 2


def test_what_is_asked_of_a_tokenizer_does_not_make_it_another():
    one, other = byte_tokenizer(), byte_tokenizer()
    other(["a", "abc"], padding=True, truncation=True, max_length=2)
    assert tokens.identity(one) == tokens.identity(other)
    assert tokens.identity(one) != tokens.identity(byte_tokenizer(chat=True))


def test_encoding_that_breaks_off_leaves_nothing(corpus, tmp_path):
    def stop(rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tokens.load(tokens.Corpus(corpus), byte_tokenizer(), tmp_path, stop)
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_cannot_be_written(corpus, tmp_path):
    (tmp_path / "cache").touch()
    with pytest.raises(TrainingFailed, match="cannot be written: Not a directory"):
        tokens.load(tokens.Corpus(corpus), byte_tokenizer(), tmp_path / "cache")
