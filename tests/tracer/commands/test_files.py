"""Tests of reading texts to check."""

from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from rfft.tracer.commands import files
from rfft.tracer.errors import Refused


@pytest.mark.parametrize("repeated", ["a", "\0", "é", "\N{SNOWMAN}", "\N{GRINNING FACE}"])
def test_a_text_is_read_up_to_a_number_of_characters(
    repeated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_TEXT", 1000)
    file = tmp_path / "answer.txt"
    file.write_text(repeated * 999, encoding="utf-8")
    assert files.read_text(str(file)) == repeated * 999
    file.write_text(repeated * 5000, encoding="utf-8")
    assert files.read_text(str(file)) == repeated * 1000
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(file.read_bytes())))
    assert files.read_text("-") == repeated * 1000


def test_what_is_no_text_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "answer.txt"
    file.write_bytes(b"a\r\n\xff\xe2\x98")
    assert files.read_text(str(file)) == "a\r\n\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for name in (tmp_path, tmp_path / "missing", "a\0b"):
        with pytest.raises(Refused):
            files.read_text(str(name))
