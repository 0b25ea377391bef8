"""Forms of lines: a style's templates, turned round to read what they have written."""

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from ..styles.slots import (
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
    Parts,
    Piece,
    Power,
    States,
    Value,
    Within,
    leaves,
)
from .literals import value_end
from .text import collapse, tidy

Values: TypeAlias = list[tuple[Piece, str]]
"""What a line states: the slots of its form with the texts found in them.

For `Changes` and `States`, which state several variables, there is one for each: an `After` or a
`States` of one name.
"""

_Spans: TypeAlias = list[tuple[Piece, int, int]]
_NAME = re.compile(r"([^\W\d]\w*(?:\.\w+)*) = (?=\S)")
_STOPS = ".:;!?"
_NUMBER = re.compile(r"\d+")


class Form:
    """One line that a style may write at one moment.

    `constant` is its text if it has no slots. A form that is `optional` may be left out, one that
    `repeats` may be written several times. `arm` is the outcome of the test that it goes with; None
    goes with both. `line` is the template and `part` the number of its line in the template's text.
    One that may be written `many` times states changes, or what is told within an expression.
    Of a form for any change, `changes` are the variables that its statement is known to change, and
    `named` those that it reads. `fixed` are the values that the rule itself tells.
    """

    def __init__(self, line: Line, part: int, pieces: Sequence[Piece], optional: bool) -> None:
        self.line = line
        self.part = part
        self.optional = optional
        self.pieces = _joined(_plain(pieces))
        self.slots = [p for p in leaves(self.pieces) if not isinstance(p, str | If)]
        self.arm: bool | None = None
        self.changes: frozenset[str] = frozenset()
        self.named: frozenset[str] = frozenset()
        self.fixed: dict[Piece, str] = {}
        self.constant: str | None = None
        # It states a result that is also written with its operation.
        self._alone = any(isinstance(p, If) and p.fact == "unsteady" for p in line)
        self.repeats = self.many = False
        if all(isinstance(p, str) for p in self.pieces):
            self.constant = tidy("".join(map(str, self.pieces)))
            return
        first, last = self.pieces[0], self.pieces[-1]
        self.repeats = first is last and isinstance(first, Changes) and first.separator == "\n"
        self.many = self.repeats or isinstance(first, Within)
        if isinstance(first, str):
            self.pieces[0] = first.lstrip()
        if isinstance(last, str):
            self.pieces[-1] = last.rstrip()
        self._start = _sequence(self.pieces, _END)
        self._heads = tuple(text or "" for text in _firsts(self._start))

    @property
    def last(self) -> bool:
        """Tell whether it states something that is known only when its moment is over."""
        return any(
            isinstance(p, After | Changes | Outcome | States)
            or (isinstance(p, If) and p.fact in ("changed", "unchanged"))
            for p in leaves(self.line)
        )

    @property
    def sure(self) -> bool:
        """Tell whether it is left out only where an exception ends its moment."""
        return self.arm is None and all(
            isinstance(p, str) or (isinstance(p, Before) and p.read.guard is None)
            for p in self.line
        )

    @property
    def words(self) -> set[str | None]:
        """The words with which it can begin, up to a blank; None stands for any."""
        return {head.partition(" ")[0] if " " in head else None for head in self._heads}

    def match(self, text: str) -> Values | None:
        """Return what a line (without forgiven white space) states, or None if it does not fit."""
        if self.constant is not None:
            return [] if text == self.constant else None
        spans = _read(self._start, text) if text.startswith(self._heads) else None
        if spans is None:
            return None
        values: Values = [
            (slot.slot, _bare(text[start:end]))
            if isinstance(slot, Power)
            else (slot, text[start:end])
            for slot, start, end in spans
        ]
        # An operation is the line of another form.
        if self._alone and value_end(values[-1][1], 0) != len(values[-1][1]):
            return None
        return values

    def spans(self, text: str) -> list[tuple[Piece, int, int]]:
        """Return the slots of a line that fits, with the places where their values stand."""
        spans = _read(self._start, text) if self.constant is None else None
        return [
            (slot.slot if isinstance(slot, Power) else slot, start, end)
            for slot, start, end in spans or ()
        ]


def forms_of(lines: Lines, arm: bool | None = None) -> list[Form]:
    """Return the forms of lines, one for each line of text."""
    forms = []
    for line in lines:
        parts: list[list[Piece]] = [[]]
        for piece in line:
            first, *more = piece.split("\n") if isinstance(piece, str) else [piece]
            parts[-1].append(first)
            parts += [[m] for m in more]
        for number, pieces in enumerate(parts):
            form = Form(line, number, pieces, _is_optional(line))
            form.arm = arm
            if form.constant != "":
                forms.append(form)
    return forms


# Pieces


def _is_optional(line: Line) -> bool:
    """Tell whether a line may be left out."""
    return any(
        all(map(_is_optional, piece.parts))
        if isinstance(piece, Parts)
        else not isinstance(piece, str) and not (isinstance(piece, If) and piece.fact == "ran")
        for piece in line
    )


def _plain(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield pieces without those that write nothing, and parts that are all text as text."""
    for piece in pieces:
        if isinstance(piece, Parts) and not any(map(_is_optional, piece.parts)):
            parts = [list(_plain(part)) for part in piece.parts]
            if all(isinstance(p, str) for part in parts for p in part):
                yield piece.separator.join("".join(map(str, part)) for part in parts)
                continue
        if not isinstance(piece, If):
            yield piece


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Return pieces with neighbouring texts put together, and white space that is forgiven."""
    joined: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        elif piece != "":
            joined.append(piece)
    depth = 0
    for n, piece in enumerate(joined):
        if isinstance(piece, str):
            joined[n] = collapse(piece, depth)
            depth += sum((c in "([{") - (c in ")]}") for c in piece)
    return joined


# The places of a form


class _Place:
    """A place in a form: `next` is what comes after its piece, `ways` where there is a choice.

    `ends` are the texts that may follow a slot: an empty one is the end of the line, and if there
    are none, anything may.
    """

    __slots__ = ("ends", "next", "piece", "ways")

    def __init__(
        self, piece: Piece | None, following: "_Place | None", ways: "Sequence[_Place]" = ()
    ) -> None:
        self.piece = piece
        self.next = following
        self.ways = ways
        self.ends: tuple[str, ...] = ()


_END = _Place(None, None)
_LAST = ("",)  # the ends of a slot that nothing but the end can follow


def _sequence(pieces: Iterable[Piece], following: _Place) -> _Place:
    """Make the places of some pieces; return the first."""
    for piece in reversed([*pieces]):
        if isinstance(piece, Parts):
            following = _choice(piece, following)
        elif piece != "":
            place = _Place(piece.slot if isinstance(piece, Ordered) else piece, following)
            if not isinstance(piece, str):
                firsts = _firsts(following)
                place.ends = () if None in firsts else tuple(map(str, firsts))
            following = place
    return following


def _choice(piece: Parts, following: _Place) -> _Place:
    """Make the places of parts, of which some are there: at least one."""
    starts: list[_Place] = []
    more = following
    for part in reversed(piece.parts):
        starts.append(_sequence(_joined(_plain(part)), more))
        more = _Place(None, None, [_sequence([piece.separator], starts[-1]), more])
    return starts[0] if len(starts) == 1 else _Place(None, None, starts[::-1])


def _firsts(place: _Place) -> dict[str | None, None]:
    """Return the texts that may stand at a place: "" is the end, None stands for any value."""
    if place is _END:
        return {"": None}
    if place.piece is None:
        return {text: None for way in place.ways for text in _firsts(way)}
    return {place.piece if isinstance(place.piece, str) else None: None}


# Reading


def _read(start: _Place, text: str) -> _Spans | None:
    """Return the slots of a line and where their values stand; None if it does not fit.

    Each place is tried once at each position.
    """
    spans: _Spans = []
    stack = [(start, 0, 0)]
    tried: set[tuple[_Place, int]] = set()
    while stack:
        place, position, known = stack.pop()
        del spans[known:]
        while True:
            piece = place.piece
            if piece.__class__ is str:
                if not text.startswith(piece, position):
                    break
                position += len(piece)
            elif piece is not None:
                end = _slot(piece, place.ends, text, position, spans)
                if end <= position:
                    break
                position = end
            elif place is _END:
                if position == len(text):
                    return spans
                break
            else:
                if (place, position) not in tried:
                    tried.add((place, position))
                    stack += [(way, position, len(spans)) for way in reversed(place.ways)]
                break
            place = place.next  # type: ignore[assignment]
    return None


def _slot(piece: Piece, ends: tuple[str, ...], text: str, start: int, spans: _Spans) -> int:
    """Read one slot; return where it ends, or `start` if nothing that fits is there."""
    if isinstance(piece, Changes | States):
        return _states(piece, ends, text, start, spans)
    if isinstance(piece, Within):
        lefts = (left for left in _lefts(piece) if text.startswith(left, start))
        begin = max((start + len(left) for left in lefts), default=0)
        if not begin or begin == len(text):
            return start
        spans.append((piece, begin, len(text)))
        return len(text)
    if isinstance(piece, Number | Depth):
        match = _NUMBER.match(text, start)
        end = match.end() if match else start
    else:
        end = len(text) if ends == _LAST else _end(text, start, ends)
    spans.append((piece, start, end))
    return end


@functools.lru_cache(maxsize=1024)
def _lefts(piece: Within) -> tuple[str, ...]:
    """Return what the lines of a slot begin with."""
    return tuple(f"{collapse(left)} = " for left in piece.lefts)


def _states(
    piece: Changes | States, ends: tuple[str, ...], text: str, start: int, spans: _Spans
) -> int:
    """Read ``name = value`` once or, with a separator in between, several times."""
    separator = piece.separator
    names = piece.names if isinstance(piece, States) else None
    once = separator == "\n"
    position = start
    while True:
        match = _NAME.match(text, position)
        if match is None or (names is not None and match[1] not in names):
            return start
        begin = match.end()
        if once and ends == _LAST:
            end = len(text)
        else:
            after = ends if once or not ends else (separator, *ends)
            end = _end(text, begin, after, anything=names is not None)
        if end <= begin:
            return start
        stated = After(match[1], piece.of) if isinstance(piece, Changes) else States((match[1],))
        spans.append((stated, begin, end))
        if once or not text.startswith(separator, end):
            return end
        if ends != _LAST and not _NAME.match(text, end + len(separator)):
            return end  # what follows begins as the separator does
        position = end + len(separator)


def _end(text: str, start: int, ends: tuple[str, ...], anything: bool = False) -> int:
    """Return where a value ends that one of some texts must follow.

    A value that Python could not read ends where one of them follows; with `anything`, so does one
    that it could read in part.
    """
    end = value_end(text, start)
    if not ends:
        return end
    while end > start and text[end - 1] in _STOPS and not _follows(text, end, ends):
        end -= 1  # what ends a phrase ends the value, too
    if end == start or (anything and not _follows(text, end, ends)):
        places = [text.find(e, start + 1) if e else len(text) for e in ends]
        end = min((place for place in places if place > 0), default=start)
    return end


def _follows(text: str, position: int, ends: tuple[str, ...]) -> bool:
    return any(text.startswith(e, position) if e else position == len(text) for e in ends)


def _bare(value: str) -> str:
    """Return the left operand of ``**`` without the parentheses of a negative one."""
    return value[1:-1] if value.startswith("(-") and value.endswith(")") else value


# What forms and slots are about


def stated_name(text: str) -> str:
    """Return the name that a line begins with if it states a value; "" if it does not."""
    match = _NAME.match(text)
    return match[1] if match else ""


def worked(form: Form) -> tuple[set[Piece], set[Piece]]:
    """Return the slots of the operations in a form: their operands, and their results.

    In ``sum = 1 + 2 = 3`` these are the 1 and the 2, and the 3.
    """
    operands: set[Piece] = set()
    results: set[Piece] = set()
    text = ""  # since the last slot
    slots: list[Piece] = []  # since the last equals sign
    for piece in leaves(form.pieces):
        if isinstance(piece, str):
            text += piece
        if isinstance(piece, str | If):
            continue
        equal = text.count(" = ")
        new = isinstance(piece, After | Value)
        if new and (equal > 1 or (equal and text.startswith(" "))):
            results.add(piece)
            operands.update(slots if equal == 1 else ())
        slot = piece.slot if isinstance(piece, Power) else piece
        slots = [slot] if equal else [*slots, slot]
        text = ""
    return operands, results
