"""Lines of a text that somebody else has written, and when two of them count as the same.

White space is forgiven where it says nothing: lines may be indented, may have blanks at their end,
and lines with nothing else are skipped; where the true line has blanks, any number of blanks or
tabs will do; around a single ``=`` there may be blanks or none. Nothing else is forgiven. Elsewhere
there must be none where there is no blank, and white space inside a string literal counts. If it is
not plain where the literals of a line begin and end (an apostrophe, a quote that is not closed),
all white space inside that line counts. A text may stand in a fence of Markdown.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, TypeAlias

from ..styles import Style
from ..values.characters import BLANKS

Text: TypeAlias = "str | bytes | IO[str] | IO[bytes] | Iterable[str] | Iterable[bytes]"
"""A text, an open file, or the pieces of a text, which are read only as far as is needed."""

_PIECE = 1 << 16
# A literal that stands by itself, another quote, an equals sign, blanks, a bracket.
_PART = re.compile(
    r"""(?P<literal>(?<![\w'"])(?:[rbfuRBFU]{1,2})?(?:'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")(?![\w'"]))
      | (?P<quote>['"]) | (?P<equal>[ \t\r]*+(?<![-+*/%&|^@<>=!:])=(?!=)[ \t\r]*+)
      | (?P<blanks>[ \t\r]{2,}|[\t\r]) | (?P<open>[(\[{]) | (?P<close>[)\]}])""",
    re.VERBOSE,
)
_LOOSE = re.compile(r"  |[\t\r]|(?<! )=|=(?! )")
_OPEN = re.compile(r"[(\[{]")
_FENCE = re.compile(r"(`{3,}|~{3,})[ \w+-]*$")


def tidy(line: str) -> str:
    """Return a line with the white space taken out that is forgiven."""
    return collapse(line.strip(BLANKS)).strip(" ")


def collapse(text: str, depth: int = 0) -> str:
    """Return a part of a line with white space as it should be where it is forgiven.

    There is one blank at a time; an equals sign has one on each side, but none in brackets, as for
    an argument. `depth` is the number of brackets that the part stands in.
    """
    if not _LOOSE.search(text) and not depth:
        bracket = _OPEN.search(text)
        if bracket is None or text.find(" = ", bracket.start()) < 0:
            return text
    parts = []
    end = 0
    for match in _PART.finditer(text):
        kind = match.lastgroup
        if kind == "quote":
            return text
        parts.append(text[end : match.start()])
        end = match.end()
        if kind == "equal":
            parts.append("=" if depth > 0 else " = ")
        elif kind == "blanks":
            parts.append(" ")
        else:
            parts.append(match[0])
            depth += (kind == "open") - (kind == "close")
    parts.append(text[end:])
    return "".join(parts)


def written_lines(text: str) -> list[str]:
    """Return the lines of a text of our own, without blank ones."""
    return [line for line in text.split("\n") if line.strip(BLANKS)]


@dataclass
class Lines:
    """The lines of a text with their numbers, from 1; blank ones are left out.

    `cut` tells that there was more than was worth reading, `ended` whether the last line has a line
    break after it.
    """

    numbered: list[tuple[int, str]]
    cut: bool
    ended: bool


def lines_of(text: Text, width: int, budget: int) -> Lines:
    """Return the lines of a text, of which no more than `budget` characters are read.

    They begin without blanks. A line longer than `width` is cut there, and marked, so that it
    equals no other. Bytes that are neither UTF-8 nor UTF-16 become U+FFFD.
    """
    pieces, cut = [], False
    for piece in decoded(_raw_pieces(text)):
        pieces.append(piece[:budget])
        budget -= len(piece)
        if budget < 0:
            cut = True
            break
    lines = [line.lstrip(BLANKS) for line in "".join(pieces).split("\n")]
    numbered = [
        (number, line[:width] + ("\0..." if line[width:].strip(BLANKS) else ""))
        for number, line in enumerate(lines, 1)
        if line
    ]
    return Lines(numbered, cut, ended=not lines[-1])


def unfenced(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines of a text without the fence that it may stand in."""
    closing: tuple[int, str] | None = None
    fenced = None
    for number, line in lines:
        fence = _FENCE.match(line.rstrip(BLANKS))
        if fenced is None:
            fenced = fence is not None
            if fenced:
                continue
        if closing is not None:
            yield closing
        closing = (number, line) if fenced and fence else None
        if closing is None:
            yield number, line


def without_prompt(text: str, style: Style) -> str:
    """Return the response of a text that has a prompt of a style in front, and a blank line.

    There are blank lines in place of the prompt, so the others keep their numbers. A text without
    is returned as it is.
    """
    head, _, asks = style.prompt("\0", "\1", None).partition("\1")[0].rpartition("\0")
    lines = text.split("\n")
    fence = lines[:1] if _FENCE.match(lines[0].strip(BLANKS)) else []
    plain = "\n".join(line.rstrip(BLANKS) for line in lines[len(fence) :]).lstrip(BLANKS)
    question = plain.rfind(asks)
    end = plain.find("\n\n", question + len(asks))
    if not plain.startswith(head) or min(question, end) < 0:
        return text
    over = plain.count("\n", 0, end) + 1
    return "\n".join([*fence, *[""] * over, *lines[len(fence) + over :]])


def decoded(pieces: "Iterable[str | bytes]") -> Iterator[str]:
    """Yield the pieces of a text as characters: UTF-8, or UTF-16 if they begin so."""
    import codecs

    begin, decode = b"", None
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
            continue
        if decode is None:
            begin += piece
            if len(begin) < _TELLING:
                continue
            piece, begin = begin, b""
            decode = codecs.getincrementaldecoder(_encoding(piece))("replace").decode
        yield decode(piece)
    if decode is None:
        yield begin.decode(_encoding(begin), "replace")
    elif rest := decode(b"", True):
        yield rest


_TELLING = 4  # bytes that tell the encoding


def _encoding(begin: bytes) -> str:
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    empty = [byte == 0 for byte in begin[:_TELLING]]
    if empty == [False, True, False, True]:
        return "utf-16-le"
    return "utf-16-be" if empty == [True, False, True, False] else "utf-8"


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
