"""What values look like in a line, and patterns of lines, made from the pieces of a template."""

import re
from collections.abc import Iterable, Iterator, Sequence

from ..styles.slots import (
    Changes,
    Depth,
    If,
    Line,
    Number,
    Parts,
    Piece,
    States,
)
from .text import collapse

_LITERAL = r"""'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+\""""
_INNER = rf"""[^'"()\[\]{{}}]|{_LITERAL}"""
for _ in range(3):  # brackets in brackets
    _INNER = rf"""[^'"()\[\]{{}}]++|{_LITERAL}|[(\[{{](?:{_INNER})*+[)\]}}]"""
_STRING = re.compile(_LITERAL)
_INSIDE = re.compile(rf"(?:{_INNER})++")
_ATOM = re.compile(r"""<[^<>]*>|[^\s,'"()\[\]{}]+""")


def value_end(text: str, start: int) -> int:
    """Return where the value that begins at `start` ends; `start` if none begins there."""
    position, depth, length = start, 0, len(text)
    while position < length:
        character = text[position]
        if character in "([{":
            depth += 1
            position += 1
            continue
        if character in ")]}":
            if not depth:
                return position
            depth -= 1
            position += 1
            continue
        outside = _STRING if character in "'\"" else _ATOM
        match = (_INSIDE if depth else outside).match(text, position)
        if match is None:
            return start if depth or outside is _STRING else position
        position = match.end()
    return start if depth else position


# Pieces


def is_optional(line: Line) -> bool:
    """Tell whether a line may be left out."""
    return any(
        all(map(is_optional, piece.parts))
        if isinstance(piece, Parts)
        else not isinstance(piece, str) and not (isinstance(piece, If) and piece.fact == "ran")
        for piece in line
    )


def plain(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield pieces without those that write nothing, and parts that are all text as text."""
    for piece in pieces:
        if isinstance(piece, Parts) and not any(map(is_optional, piece.parts)):
            parts = [list(plain(part)) for part in piece.parts]
            if all(isinstance(p, str) for part in parts for p in part):
                yield piece.separator.join("".join(map(str, part)) for part in parts)
                continue
        if not isinstance(piece, If):
            yield piece


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Return pieces with neighbouring texts put together, and white space that is forgiven."""
    found: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        elif piece != "":
            found.append(piece)
    depth = 0
    for n, piece in enumerate(found):
        if isinstance(piece, str):
            found[n] = collapse(piece, depth)
            depth += sum((c in "([{") - (c in ")]}") for c in piece)
    return found


# Patterns

_WORD = r"""[^\s,'"()\[\]{}.:;!?<]"""
# A stop ends a value unless the word goes on after it.
_VALUE = (
    rf"""(?:{_WORD}++|[.:;!?]++(?={_WORD})|<[^<>]*+>|{_LITERAL}|[(\[{{](?:{_INNER})*+[)\]}}])++"""
)
_NAME_START = r"[^\W\d]"
_PAIR = rf"[^\W\d]\w*+(?:\.\w++)*+ = {_VALUE}"
PAIRS = re.compile(rf"([^\W\d]\w*+(?:\.\w++)*+) = ({_VALUE})")


def compiled(pieces: Sequence[Piece]) -> tuple[re.Pattern[str], list[tuple[int, Piece]]]:
    """Return a pattern for lines of some pieces, and which of its groups hold which slots.

    It never goes back over what it has read, so it takes time in proportion to the line, but does
    not fit every line that fits the pieces.
    """
    slots: dict[str, Piece] = {}
    pattern, _ = _pattern(pieces, "$", slots)
    made = re.compile(pattern, re.DOTALL)
    return made, sorted((made.groupindex[group], piece) for group, piece in slots.items())


def _pattern(pieces: Iterable[Piece], after: str, slots: dict[str, Piece]) -> tuple[str, str]:
    """Return patterns: of some pieces with `after` behind them, and of how they begin."""
    pattern, begin = "", after
    for piece in reversed([*pieces]):
        if isinstance(piece, str):
            begin = re.escape(piece)
            pattern = begin + pattern
        elif isinstance(piece, Parts):
            parts, begin = _pattern_of_parts(piece, begin, slots)
            pattern = parts + pattern
        else:
            group = f"g{len(slots)}"
            slots[group] = piece
            last = begin == "$"
            begin = r"\S"
            if isinstance(piece, Changes | States):
                more = re.escape(piece.separator)
                whole = rf"{_PAIR}(?:{more}{_PAIR})*+" if piece.separator != "\n" else _PAIR
                begin = _NAME_START
            elif isinstance(piece, Number | Depth):
                whole = r"\d++"
            else:
                whole = ".+" if last else _VALUE
            pattern = f"(?P<{group}>{whole}){pattern}"
    return pattern, begin


def _pattern_of_parts(piece: Parts, after: str, slots: dict[str, Piece]) -> tuple[str, str]:
    """Return the same for parts of which some are there: each but the last has a separator."""
    mark = re.escape(piece.separator)
    pattern = ""
    begins: dict[str, None] = {}
    for part in reversed(piece.parts):
        there, begin = _pattern(joined(plain(part)), f"(?:{mark}|{after})", slots)
        pattern = f"(?:{there}(?:(?={after})|{mark}(?!{after})))?+{pattern}"
        begins[begin] = None
    begin = f"(?:{'|'.join(begins)})"
    return f"(?={begin}){pattern}", begin
