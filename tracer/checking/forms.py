"""Forms of lines: a style's templates, turned round to read what they have written."""

import re
from collections.abc import Iterable, Sequence
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
    Param,
    Parts,
    Piece,
    Power,
    States,
    Value,
    leaves,
)
from .patterns import PAIRS, compiled, is_optional, joined, plain, value_end
from .text import tidy

Values: TypeAlias = list[tuple[Piece, str]]
"""What a line states: the slots of its form with the texts found in them.

For `Changes` and `States`, which state several variables, there is one for each: an `After` or a
`States` of one name.
"""

_NAME = re.compile(r"([^\W\d]\w*(?:\.\w+)*) = (?=\S)")
_STOPS = ".:;!?"
_NUMBER = re.compile(r"\d+")
_WORTH_IT = 30  # lines of a form that are read before a pattern is made for it


class _Node:
    """A place in a form: `next` is what comes after its piece, `ways` where there is a choice.

    `ends` are the texts that may follow a slot: an empty one is the end of the line, and if there
    are none, anything may. `last` tells that nothing but the end can follow.
    """

    __slots__ = ("ends", "last", "next", "piece", "ways")

    def __init__(self, piece: Piece | None, following: "_Node | None") -> None:
        self.piece = piece
        self.next = following
        self.ways: list[_Node] = []
        self.ends: tuple[str, ...] = ()
        self.last = False


class Form:
    """One line that a style may write at one moment.

    `constant` is its text if it has no slots. A form that is `optional` may be left out, one that
    `repeats` may be written several times. `arm` is the outcome of the test that it goes with; None
    goes with both. `line` is the template and `part` the number of its line in the template's text.
    `changes` are the variables that a form for any change is likely to be about. `heads` are the
    texts with which it can begin. `fixed` are the values that the rule itself tells. One that is
    `alone` states a result that is also written with its operation.
    """

    __slots__ = (
        "alone",
        "arm",
        "changes",
        "constant",
        "fixed",
        "heads",
        "line",
        "optional",
        "part",
        "pattern",
        "pieces",
        "repeats",
        "slots",
        "start",
        "stated",
        "tries",
    )

    def __init__(self, line: Line, part: int, pieces: Sequence[Piece], optional: bool) -> None:
        self.line = line
        self.part = part
        self.optional = optional
        self.pieces = joined(plain(pieces))
        self.slots = [p for p in leaves(self.pieces) if not isinstance(p, str | If)]
        self.arm: bool | None = None
        self.alone = any(isinstance(p, If) and p.fact == "unsteady" for p in line)
        self.changes: frozenset[str] = frozenset()
        self.fixed: dict[Piece, str] = {}
        self.constant: str | None = None
        self.start = _END
        self.tries = 0
        self.pattern: re.Pattern[str] | None = None
        self.stated: list[tuple[int, Piece]] = []  # the slots by the groups of the pattern
        self.heads: tuple[str, ...] = ("",)
        first = self.pieces[0] if self.pieces else ""
        alone = len(self.pieces) == 1 and isinstance(first, Changes)
        self.repeats = alone and first.separator == "\n"  # type: ignore[union-attr]
        if all(isinstance(p, str) for p in self.pieces):
            self.constant = tidy("".join(map(str, self.pieces)))
            return
        if isinstance(first, str):
            self.pieces[0] = first.lstrip()
        if isinstance(self.pieces[-1], str):
            self.pieces[-1] = self.pieces[-1].rstrip()
        self.start = _sequence(self.pieces, _END)
        self.heads = tuple(first or "" for first in _firsts(self.start))

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
        return {head.partition(" ")[0] if " " in head else None for head in self.heads}

    def match(self, text: str) -> Values | None:
        """Return what a line (without forgiven white space) states, or None if it does not fit."""
        if self.constant is not None:
            return [] if text == self.constant else None
        if not text.startswith(self.heads):
            return None
        if self.repeats:
            return _change(self.slots[0], text)
        values: Values = []
        found = self.found(text) if not self.alone else None
        if found is None:
            fits = _read(self.start, text, values, None)
            # An operation is the line of another form.
            if self.alone and fits and value_end(values[-1][1], 0) != len(values[-1][1]):
                return None
            return values if fits else None
        for n, piece in self.stated:
            value = found[n]
            if value is None:
                continue
            if isinstance(piece, States):
                pairs = PAIRS.findall(value)
                if any(name not in piece.names for name, _ in pairs):
                    return None
                values += [(States((name,)), text) for name, text in pairs]
            elif isinstance(piece, Changes):
                values += [(After(name, piece.of), text) for name, text in PAIRS.findall(value)]
            elif isinstance(piece, Power):
                values.append((piece.slot, value[1:-1] if value.startswith("(-") else value))
            else:
                values.append((piece.slot if isinstance(piece, Ordered) else piece, value))
        return values

    def found(self, text: str) -> re.Match[str] | None:
        """Return what a pattern finds in a line: quicker than `_read`, but worth it only later on.

        It takes some ms to make, and does not know values that are nested deep.
        """
        if self.pattern is None:
            self.tries += 1
            if self.tries < _WORTH_IT:
                return None
            self.pattern, self.stated = compiled(self.pieces)
        return self.pattern.fullmatch(text)

    def spans(self, text: str) -> list[tuple[Piece, int, int]]:
        """Return the slots of a line that fits, with the places where their values stand."""
        values: Values = []
        spans: list[tuple[int, int]] = []
        if self.constant is None:
            _read(self.start, text, values, spans)
        return [(slot, *span) for (slot, _), span in zip(values, spans, strict=True)]

    def __repr__(self) -> str:
        return f"<form {self.constant or self.pieces!r}>"


def forms_of(lines: Lines, arm: bool | None = None) -> list[Form]:
    """Return the forms of lines, one for each line of text."""
    found = []
    for line in lines:
        parts: list[list[Piece]] = [[]]
        for piece in line:
            first, *more = piece.split("\n") if isinstance(piece, str) else [piece]
            parts[-1].append(first)
            parts += [[m] for m in more]
        for number, pieces in enumerate(parts):
            form = Form(line, number, pieces, is_optional(line))
            form.arm = arm
            if form.constant != "":
                found.append(form)
    return found


# Reading


def _read(start: _Node, text: str, values: Values, spans: list[tuple[int, int]] | None) -> bool:
    """Read a line; tell whether it fits. Each place is tried once at each position."""
    length = len(text)
    stack = [(start, 0, 0)]
    tried: set[tuple[_Node, int]] = set()
    while stack:
        node, position, known = stack.pop()
        del values[known:]
        if spans is not None:
            del spans[known:]
        while True:
            piece = node.piece
            if piece.__class__ is str:
                if not text.startswith(piece, position):
                    break
                position += len(piece)
            elif piece is not None:
                end = _slot(piece, node, text, position, values, spans)
                if end is None:
                    break
                position = end
            elif node is _END:
                if position == length:
                    return True
                break
            else:
                if (node, position) in tried:
                    break
                tried.add((node, position))
                stack += [(way, position, len(values)) for way in reversed(node.ways)]
                break
            node = node.next  # type: ignore[assignment]
    return False


def _slot(
    piece: Piece,
    node: _Node,
    text: str,
    start: int,
    values: Values,
    spans: list[tuple[int, int]] | None,
) -> int | None:
    """Read one slot; return where it ends, or None if nothing that fits is there."""
    if isinstance(piece, Changes | States):
        return _states(piece, node, text, start, values, spans)
    if isinstance(piece, Number | Depth):
        match = _NUMBER.match(text, start)
        end = match.end() if match else start
    else:
        end = len(text) if node.last else _end(text, start, node.ends)
    if end <= start:
        return None
    if isinstance(piece, Ordered):
        piece = piece.slot
    elif isinstance(piece, Power):
        piece = piece.slot
        if text.startswith("(-", start) and text[end - 1] == ")":
            values.append((piece, text[start + 1 : end - 1]))
            if spans is not None:
                spans.append((start, end))
            return end
    values.append((piece, text[start:end]))
    if spans is not None:
        spans.append((start, end))
    return end


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
        found = [text.find(e, start + 1) if e else len(text) for e in ends]
        end = min((f for f in found if f > 0), default=start)
    return end


def _follows(text: str, position: int, ends: tuple[str, ...]) -> bool:
    return any(text.startswith(e, position) if e else position == len(text) for e in ends)


def _change(piece: Piece, text: str) -> Values | None:
    """Read a line that states one change of any variable."""
    match = _NAME.match(text)
    if match is None or not isinstance(piece, Changes):
        return None
    return [(After(match[1], piece.of), text[match.end() :])]


def stated_name(text: str) -> str:
    """Return the name that a line begins with if it states a value; "" if it does not."""
    match = _NAME.match(text)
    return match[1] if match else ""


def _states(
    piece: Changes | States,
    node: _Node,
    text: str,
    start: int,
    values: Values,
    spans: list[tuple[int, int]] | None,
) -> int | None:
    """Read ``name = value`` once or, with a separator in between, several times."""
    separator = piece.separator
    of = piece.of if isinstance(piece, Changes) else 0
    names = piece.names if isinstance(piece, States) else None
    alone = separator == "\n"
    ends = node.ends if alone or not node.ends else (separator, *node.ends)
    position = start
    while True:
        match = _NAME.match(text, position)
        if match is None or (names is not None and match[1] not in names):
            return None
        begin = match.end()
        end = len(text) if alone and node.last else _end(text, begin, ends, names is not None)
        if end <= begin:
            return None
        stated = After(match[1], of) if names is None else States((match[1],))
        values.append((stated, text[begin:end]))
        if spans is not None:
            spans.append((begin, end))
        if alone or not text.startswith(separator, end):
            return end
        if not node.last and not _NAME.match(text, end + len(separator)):
            return end  # what follows begins as the separator does
        position = end + len(separator)


# The places of a form


def _sequence(pieces: Iterable[Piece], following: _Node) -> _Node:
    """Make the places of some pieces; return the first."""
    for piece in reversed([*pieces]):
        if isinstance(piece, Parts):
            following = _choice(piece, following)
        elif piece != "":
            node = _Node(piece, following)
            if not isinstance(piece, str):
                firsts = _firsts(following)
                node.ends = () if None in firsts else tuple(map(str, firsts))
                node.last = node.ends == ("",)
            following = node
    return following


def _choice(piece: Parts, following: _Node) -> _Node:
    """Make the places of parts, of which some are there: at least one."""
    more = following
    starts: list[_Node] = []
    for n in range(len(piece.parts) - 1, -1, -1):
        part = _sequence(joined(plain(piece.parts[n])), more)
        starts.insert(0, part)
        if n:
            either = _Node(None, None)
            either.ways = [_sequence([piece.separator], part), more]
            more = either
    if len(starts) == 1:
        return starts[0]
    begin = _Node(None, None)
    begin.ways = starts
    return begin


def _firsts(node: _Node) -> dict[str | None, None]:
    """Return the texts that may stand at a place: "" is the end, None stands for any value."""
    if node is _END:
        return {"": None}
    if node.piece is None:
        return {text: None for way in node.ways for text in _firsts(way)}
    return {node.piece if isinstance(node.piece, str) else None: None}


_END = _Node(None, None)


def is_answer(form: Form) -> bool:
    """Tell whether a form states an outcome: what a function returns."""
    return any(isinstance(p, Outcome) for p in form.slots)


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


def names_of(form: Form) -> set[str]:
    """Return the variables that a form states."""
    states = {n for piece in form.slots if isinstance(piece, States) for n in piece.names}
    return {name for piece in form.slots if (name := name_of(piece))} | states


def name_of(slot: Piece) -> str:
    """Return the variable whose value a slot states; "" if it is none."""
    if isinstance(slot, Before):
        return slot.read.name
    if isinstance(slot, States):
        return slot.names[0]
    return slot.name if isinstance(slot, After | Param) else ""
