"""The texts of the library are those of the last release; see `frozen.py`."""

import pytest

from . import frozen

LINES = {line.split()[0]: line for line in frozen.FILE.read_text().splitlines()}


@pytest.mark.parametrize("name", frozen.names())
def test_texts_are_as_frozen(name: str) -> None:
    assert frozen.line(name) == LINES[name]


def test_nothing_else_is_frozen() -> None:
    assert list(LINES) == frozen.names()
