"""Templates to code: the lines of a style as f-strings and the conditions under which they stand."""

from abc import ABC, abstractmethod
from typing import TypeAlias

from .plan import Read
from .shapes import Unproved
from .template import (
    ALL,
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

Code: TypeAlias = str
Slot: TypeAlias = tuple[Code, list[Code]]  # a value, and what must hold for it to be there


class Slots(ABC):
    """Says where the values of a template's slots are; `of` numbers the statements of a group."""

    size = 0  # how many statements the group has

    @abstractmethod
    def before(self, of: int, read: Read) -> Slot:
        """Return the value of a variable before a statement."""

    @abstractmethod
    def worked(self, of: int, key: int) -> Slot:
        """Return the value of a captured sub-expression."""

    @abstractmethod
    def truth(self, of: int, key: int) -> Code:
        """Return a captured truth value itself."""

    @abstractmethod
    def after(self, of: int, name: str) -> Code:
        """Return the value of a variable after a statement."""

    @abstractmethod
    def changed(self, of: int) -> tuple[str, Code]:
        """Return the variable that a statement changes in place besides its targets, and when."""

    @abstractmethod
    def mood(self, of: int) -> Code:
        """Return whether a statement has changed anything."""

    @abstractmethod
    def param(self, name: str) -> Code:
        """Return the value of a parameter at the call."""

    @abstractmethod
    def outcome(self) -> Code:
        """Return the text of what is returned."""

    @abstractmethod
    def number(self) -> Code:
        """Return how many times the loop's body has been entered before."""

    @abstractmethod
    def states(self, piece: States) -> Slot:
        """Return the states of variables, joined."""

    @abstractmethod
    def ordered(self, piece: "Before | Value", code: Code) -> list[Code]:
        """Return what must hold for a value to be of a kind with a total order."""


def stretches(lines: Lines, slots: Slots) -> list[tuple[Code, str]]:
    """Return the insides of f-strings for lines, each with its condition ("True": always).

    Raises Unproved where the slots cannot tell.
    """
    found: list[tuple[Code, str]] = []
    for line in lines:
        when, text = _line(line, slots)
        if when == "False":
            continue
        if when == "True" and found and found[-1][0] == "True":
            found[-1] = (when, found[-1][1] + text)
        else:
            found.append((when, text))
    return found


def _line(line: Line, slots: Slots) -> tuple[Code, str]:
    conditions: list[Code] = []
    text = ""
    for piece in line:
        if isinstance(piece, str):
            text += _literal(piece)
        elif isinstance(piece, If):
            conditions.append(_fact(piece, slots))
        elif isinstance(piece, Changes):
            name, when = slots.changed(piece.of)
            return when, f"{name} = {{{slots.after(piece.of, name)}}}\\n" if name else ""
        else:
            code, when_there = _slot(piece, slots)
            conditions += when_there
            text += "{" + code + "}"
    return _all(conditions), text + "\\n"


def _slot(piece: Piece, slots: Slots) -> Slot:
    if isinstance(piece, Before):
        return slots.before(piece.of, piece.read)
    if isinstance(piece, Value):
        return slots.worked(piece.of, piece.key)
    if isinstance(piece, After):
        return slots.after(piece.of, piece.name), []
    if isinstance(piece, Power):
        code, when = _slot(piece.slot, slots)
        return f"ßpower({code})", when
    if isinstance(piece, Ordered):
        code, when = _slot(piece.slot, slots)
        return code, [*when, *slots.ordered(piece.slot, code)]
    if isinstance(piece, Param):
        return slots.param(piece.name), []
    if isinstance(piece, Outcome):
        return slots.outcome(), []
    if isinstance(piece, Number):
        return f"{slots.number()} + 1", []
    if isinstance(piece, States):
        return slots.states(piece)
    if isinstance(piece, Depth):
        return "1", []
    raise Unproved(f"the piece {piece!r}")


def _fact(piece: If, slots: Slots) -> Code:
    if piece.fact == "ran":
        return "True"
    if piece.fact in ("true", "false"):
        return f"{slots.truth(piece.of, piece.key)} is {piece.fact.capitalize()}"
    group = range(slots.size) if piece.of == ALL else [piece.of]
    moods = [slots.mood(of) for of in group]
    maybe = [m for m in moods if m != "False"]
    if "True" in maybe:
        changed = "True"
    else:
        changed = f"({' or '.join(maybe)})" if maybe else "False"
    if piece.fact == "changed":
        return changed
    return {"True": "False", "False": "True"}.get(changed, f"not {changed}")


def _literal(text: str) -> str:
    """Escape literal text for the inside of an f-string in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return escaped.replace("\r", "\\r").replace("{", "{{").replace("}", "}}")


def _all(conditions: list[Code]) -> Code:
    if "False" in conditions:
        return "False"
    return " and ".join(c for c in dict.fromkeys(conditions) if c != "True") or "True"
