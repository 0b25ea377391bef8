"""The texts of the library are those of the last release; see `frozen.py`."""

import pytest

from . import frozen

HEAD, *REST = frozen.FILE.read_text().splitlines()
STYLES = HEAD.split()[1:]
LINES = {line.split()[0]: line for line in REST}


@pytest.mark.parametrize("name", frozen.names())
def test_texts_are_as_frozen(name: str) -> None:
    assert frozen.line(name, STYLES) == LINES[name]


def test_nothing_else_is_frozen() -> None:
    assert list(LINES) == frozen.names()
