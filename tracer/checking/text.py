"""Lines of a text that somebody else has written, and when two of them count as the same.

White space is forgiven where it says nothing: lines may be indented, may have blanks at their end,
and lines with nothing else are skipped; where the true line has blanks, any number of blanks or
tabs will do. Nothing else is forgiven. Where there is no blank there must be none, and white space
inside a string literal counts. If it is not plain where the literals of a line begin and end (an
apostrophe, a quote that is not closed), all white space inside that line counts.
"""

import re
from collections.abc import Iterable, Iterator
from typing import IO, TypeAlias

Text: TypeAlias = "str | bytes | IO[str] | IO[bytes] | Iterable[str] | Iterable[bytes]"
"""A text, an open file, or the pieces of a text, which are read only as far as is needed."""

BLANKS = " \t\r"
_PIECE = 1 << 16
# A literal that stands by itself, another quote, or blanks.
_PART = re.compile(
    r"""(?P<literal>(?<![\w'"])(?:[rbfuRBFU]{1,2})?(?:'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")(?![\w'"]))
      | (?P<quote>['"]) | (?P<blanks>[ \t\r]+)""",
    re.VERBOSE,
)


def tidy(line: str) -> str:
    """Return a line with the white space taken out that is forgiven."""
    return collapse(line.strip(BLANKS))


def collapse(text: str) -> str:
    """Return a part of a line with each run of blanks that is forgiven as one blank."""
    if "  " not in text and "\t" not in text and "\r" not in text:
        return text
    parts = []
    end = 0
    for match in _PART.finditer(text):
        if match["quote"]:
            return text
        parts.append(text[end : match.start()])
        parts.append(match["literal"] or " ")
        end = match.end()
    parts.append(text[end:])
    return "".join(parts)


def written_lines(text: str) -> list[str]:
    """Return the lines of a text of our own, without blank ones."""
    return [line for line in text.split("\n") if line.strip(BLANKS)]


class Lines:
    """The lines of a text, read when asked for, with bounds on what is read and kept.

    Iterating gives pairs: the number of a line, from 1, and the line; blank lines are left out. A
    line longer than `width` is cut there. After `budget` characters no more is read, and `cut` is
    true; the budget can be lowered on the way. `ended` tells whether the last line given had a line
    break after it. Bytes that are not UTF-8 become U+FFFD.
    """

    def __init__(self, text: Text, width: int, budget: int) -> None:
        self._pieces = _pieces(text)
        self._width = width
        self.budget = budget
        self.read = 0
        self.cut = False
        self.ended = True

    def __iter__(self) -> Iterator[tuple[int, str]]:
        number, line = 1, _Line(self._width)
        for piece in self._pieces:
            room = self.budget - self.read
            if len(piece) > room:
                self.cut = True
                piece = piece[: max(room, 0)]
            self.read += len(piece)
            *whole, rest = piece.split("\n")
            for part in whole:
                line.add(part)
                if line.parts:
                    yield number, line.text
                    line = _Line(self._width)
                number += 1
            line.add(rest)
            if self.cut:
                break
        if line.parts:
            self.ended = False
            yield number, line.text


class _Line:
    """A line that is put together from parts; of a long one the head is kept."""

    __slots__ = ("over", "parts", "room")

    def __init__(self, width: int) -> None:
        self.parts: list[str] = []
        self.room = width
        self.over = False  # something else than blanks is left out

    def add(self, part: str) -> None:
        """Add a part; blanks at the start of the line are left out."""
        if not self.parts:
            part = part.lstrip(BLANKS)
        if part:
            self.over = self.over or bool(part[self.room :].strip(BLANKS))
            self.parts.append(part[: self.room])
            self.room -= len(self.parts[-1])

    @property
    def text(self) -> str:
        """The line, marked if its end is left out, so that it equals no other."""
        return "".join(self.parts) + ("\0..." if self.over else "")


def _pieces(text: Text) -> Iterator[str]:
    """Yield a text in pieces of bounded size."""
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for piece in _raw_pieces(text):
        yield piece if isinstance(piece, str) else decoder.decode(piece)
    rest = decoder.decode(b"", final=True)
    if rest:
        yield rest


def _raw_pieces(text: Text) -> "Iterator[str | bytes]":
    if isinstance(text, str | bytes):
        for start in range(0, len(text), _PIECE):
            yield text[start : start + _PIECE]
    elif hasattr(text, "read"):
        while piece := text.read(_PIECE):
            yield piece
    else:
        for given in text:
            yield from _raw_pieces(given)
