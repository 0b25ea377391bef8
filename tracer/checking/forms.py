"""Forms of lines: a style's templates, turned round to read what they have written."""

import re
from collections.abc import Sequence

from ..template import (
    After,
    Before,
    Changes,
    Depth,
    If,
    Line,
    Lines,
    Number,
    Ordered,
    Outcome,
    Param,
    Piece,
    Power,
    States,
    Value,
)
from .text import collapse, tidy

Values = list[tuple[Piece, str]]
"""What a line states: the slots of its form with the texts found in them.

For `Changes` and `States`, which state several variables, there is an `After` for each.
"""

_STRING = re.compile(r"""'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+\"""")
_INSIDE = re.compile(r"""[^'"()\[\]{}]+""")
_ATOM = re.compile(r"""[^\s,'"()\[\]{}]+""")
_NAME = re.compile(r"([^\W\d]\w*(?:\.\w+)*) = (?=\S)")
_STOPS = ".:;!?"
_NUMBER = re.compile(r"\d+")


class Form:
    """One line that a style may write at one moment.

    `constant` is its text if it has no slots. A form that is `optional` may be left out, one that
    `repeats` may be written several times. `arm` is the outcome of the test that it goes with; None
    goes with both. `line` is the template and `part` the number of its line in the template's text.
    `changes` are the variables that a form for any change is likely to be about.
    """

    __slots__ = (
        "arm",
        "changes",
        "constant",
        "head",
        "line",
        "optional",
        "part",
        "pieces",
        "repeats",
    )

    def __init__(self, line: Line, part: int, pieces: Sequence[Piece], optional: bool) -> None:
        self.line = line
        self.part = part
        self.pieces: list[Piece] = [p for p in pieces if not isinstance(p, If)]
        self.optional = optional
        self.arm: bool | None = None
        self.changes: frozenset[str] = frozenset()
        self.constant: str | None = None
        if all(isinstance(p, str) for p in self.pieces):
            self.constant = tidy("".join(map(str, self.pieces)))
        else:
            self.pieces = [collapse(p) if isinstance(p, str) else p for p in _joined(self.pieces)]
        first = self.pieces[0] if self.pieces else ""
        self.head = first.lstrip() if isinstance(first, str) else ""
        self.repeats = len(self.pieces) == 1 and isinstance(first, Changes)

    @property
    def slots(self) -> list[Piece]:
        """The slots of the form."""
        return [p for p in self.pieces if not isinstance(p, str)]

    def match(self, text: str) -> Values | None:
        """Return what a line (without forgiven white space) states, or None if it does not fit."""
        if self.constant is not None:
            return [] if text == self.constant else None
        if not text.startswith(self.head):
            return None
        values: Values = []
        position, last = 0, len(self.pieces) - 1
        for index, piece in enumerate(self.pieces):
            if isinstance(piece, str):
                literal = (
                    piece.lstrip() if index == 0 else piece.rstrip() if index == last else piece
                )
                if not text.startswith(literal, position):
                    return None
                position += len(literal)
                continue
            following = self.pieces[index + 1] if index < last else ""
            end = _slot(piece, text, position, str(following), index == last, values)
            if end is None:
                return None
            position = end
        return values if position == len(text) else None

    def __repr__(self) -> str:
        return f"<form {self.constant or self.pieces!r}>"


def forms_of(lines: Lines, arm: bool | None = None) -> list[Form]:
    """Return the forms of lines, one for each line of text."""
    found = []
    for line in lines:
        slots = [p for p in line if not isinstance(p, str)]
        optional = any(not (isinstance(p, If) and p.fact == "ran") for p in slots)
        parts: list[list[Piece]] = [[]]
        for piece in line:
            first, *more = piece.split("\n") if isinstance(piece, str) else [piece]
            parts[-1].append(first)
            parts += [[m] for m in more]
        for number, pieces in enumerate(parts):
            form = Form(line, number, pieces, optional)
            form.arm = arm
            if form.constant != "":
                found.append(form)
    return found


def value_end(text: str, start: int) -> int:
    """Return where the value that begins at `start` ends; `start` if none begins there."""
    position, depth, length = start, 0, len(text)
    while position < length:
        character = text[position]
        if character in "'\"":
            match = _STRING.match(text, position)
            if match is None:
                return start
        elif character in "([{":
            depth += 1
            position += 1
            continue
        elif character in ")]}":
            if not depth:
                return position
            depth -= 1
            position += 1
            continue
        else:
            match = (_INSIDE if depth else _ATOM).match(text, position)
            if match is None:
                break
        position = match.end()
    return start if depth else position


def _slot(
    piece: Piece, text: str, start: int, following: str, last: bool, values: Values
) -> int | None:
    """Read one slot; return where it ends, or None if nothing that fits is there."""
    if isinstance(piece, Changes | States):
        return _states(piece, text, start, values)
    if isinstance(piece, Number | Depth):
        match = _NUMBER.match(text, start)
        end = match.end() if match else start
    elif last:
        end = len(text)
    else:
        end = value_end(text, start)
        while end > start and text[end - 1] in _STOPS and not text.startswith(following, end):
            end -= 1  # what ends a phrase ends the value, too
        if end == start:
            end = text.find(following, start + 1)  # the value is none that Python could read
    if end <= start:
        return None
    found = text[start:end]
    if isinstance(piece, Ordered):
        piece = piece.slot
    elif isinstance(piece, Power):
        piece = piece.slot
        if found.startswith("(-") and found.endswith(")"):
            found = found[1:-1]
    values.append((piece, found))
    return end


def _states(piece: Changes | States, text: str, start: int, values: Values) -> int | None:
    """Read ``name = value`` once or, with a separator in between, several times."""
    separator = piece.separator
    of = piece.of if isinstance(piece, Changes) else 0
    names = set(piece.names) if isinstance(piece, States) else None
    position = start
    while True:
        match = _NAME.match(text, position)
        if match is None or (names is not None and match[1] not in names):
            return None
        end = len(text) if separator == "\n" else value_end(text, match.end())
        if end == match.end():
            return None
        values.append((After(match[1], of), text[match.end() : end]))
        if separator == "\n" or not text.startswith(separator, end):
            # What is no value to the end of the line is stated all the same.
            if names is not None and end < len(text) and not text.startswith(separator, end):
                values[-1] = (values[-1][0], text[match.end() :])
                return len(text)
            return end
        position = end + len(separator)


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces with neighbouring texts put together."""
    found: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        elif piece != "":
            found.append(piece)
    return found


def is_answer(form: Form) -> bool:
    """Tell whether a form states an outcome: what a function returns."""
    return any(isinstance(p, Outcome) for p in form.pieces)


def is_equation(form: Form) -> bool:
    """Tell whether a form states what was worked out, not only what a variable holds."""
    slots = form.slots
    return any(isinstance(p, Value | Power | Ordered) for p in slots) or (
        len(slots) > 1 and all(isinstance(p, Before | After) for p in slots)
    )


def names_of(form: Form) -> set[str]:
    """Return the variables that a form states."""
    names: set[str] = set()
    for piece in form.slots:
        if isinstance(piece, Before):
            names.add(piece.read.name)
        elif isinstance(piece, After | Param):
            names.add(piece.name)
        elif isinstance(piece, States):
            names.update(piece.names)
    return names
