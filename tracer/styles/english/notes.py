"""The author's own words: comment lines above a statement that begin with ``#:``.

    #: SENTENCE             the sentence of the statement
    #: values: TEXT         the line that tells what it did
    #: test: SENTENCE       of a loop: the sentence of its test; ``{next}`` is the step after it
    #: yes: TEXT            of a test: what is said when it holds, before "Enter the loop."
    #: no: TEXT             the same when it does not hold

Braces in a TEXT ask for values: ``{num}`` is that of a variable that the statement reads,
``{num % 10}`` that of an expression in it, ``{new num}`` what the statement has made of a variable,
``{changes}`` all that it has changed in place. Above a function, the sentence introduces it, the
values are those of its parameters, and where there are such lines but no sentence it has none.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ...errors import SourceRejected
from ...plan.statements import Read, Statement, Worked
from ..slots import (
    After,
    Before,
    Changes,
    Line,
    Param,
    Piece,
    Value,
)

_SLOT = re.compile(r"\{([^{}]*)\}")


@dataclass(slots=True)
class Notes:
    """What the comment above a statement says."""

    sentence: str = ""
    values: str = ""
    test: str = ""
    yes: str = ""
    no: str = ""

    @property
    def any(self) -> bool:
        """Tell whether it says anything."""
        return self != _NOTHING


_NOTHING = Notes()


def notes_of(s: Statement) -> Notes:
    """Return what the comment above a statement says."""
    if not s.notes:
        return _NOTHING
    notes = Notes()
    for line in s.notes:
        key, colon, text = line.partition(":")
        if not (colon and key in ("values", "test", "yes", "no")):
            key, text = "sentence", line
        before = getattr(notes, key)
        setattr(notes, key, f"{before} {text.strip()}".strip())
    return notes


def check(statements: Iterable[Statement]) -> None:
    """See that the comments ask for values that there are. Raises SourceRejected."""
    for s in statements:
        notes = notes_of(s)
        for text in (notes.values, notes.yes, notes.no):
            filled(text, s)


def filled(text: str, s: Statement) -> Line:
    """Return a text with slots for what stands in braces. Raises SourceRejected."""
    pieces: list[Piece] = []
    find = _piece if s.inner is None else _param
    for n, part in enumerate(_SLOT.split(text)):
        if n % 2 == 0:
            pieces += [part] if part else []
            continue
        piece = find(s, part)
        if piece is None:
            raise SourceRejected(
                f"line {s.line}: the comment above asks for {{{part}}}, which the statement"
                " neither reads, nor works out, nor makes"
            )
        pieces.append(piece)
    return tuple(pieces)


def _piece(s: Statement, slot: str) -> Piece | None:
    for item in s.items:
        if isinstance(item, Read) and item.name == slot:
            return Before(item)
        if isinstance(item, Worked) and item.source == slot:
            return Value(item.key)
    if slot == "changes" and s.mutates:
        return Changes(0, ", ")
    word, _, name = slot.rpartition(" ")
    if name in s.targets and (word == "new" or (not word and s.loop)):
        return After(name)
    return None


def _param(s: Statement, slot: str) -> Piece | None:
    assert s.inner is not None
    return Param(slot) if slot in s.inner.params else None
