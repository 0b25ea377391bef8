"""Templates to code: the lines of a style as format strings, with the conditions they stand under.

A literal ``"…%s…" % (a, b)`` compiles to the same bytecode as an f-string and is parsed faster.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

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
    Parts,
    Power,
    States,
    Value,
)

# Begins every name that the compiled code adds; a source that has it is not compiled. Names beyond
# ASCII could not be in an ASCII source, but cost the parser a normalisation each.
PREFIX = "_Z"

Code: TypeAlias = str
Text: TypeAlias = list[tuple[bool, str]]  # pieces of text: whether it is code, and the text
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
    def changed(self, of: int) -> list[tuple[str, Code]]:
        """Return the variables that a statement changes in place besides its targets, and when."""

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
        """Return how many times the loop's body has been entered."""

    @abstractmethod
    def states(self, piece: States) -> Slot:
        """Return the states of variables, joined."""

    @abstractmethod
    def ordered(self, piece: "Before | Value", code: Code) -> list[Code]:
        """Return what must hold for a value to be of a kind with a total order."""


@dataclass(slots=True)
class Stretch:
    """Text that is written together: literal pieces and codes of values, in turn."""

    when: Code  # the condition under which it is written, "True" for always
    parts: Text

    def code(self) -> Code:
        """Return the code of the text."""
        literal, codes = [], []
        for is_code, text in self.parts:
            if not is_code:
                literal.append(text.replace("%", "%%"))
            elif text.startswith(("'%s' % (", "'%r' % (")):
                literal.append(text[1:3])
                codes.append(text[8:-2])
            else:
                literal.append("%s")
                codes.append(text)
        whole = "".join(literal)
        if not codes:
            return repr(whole.replace("%%", "%"))
        return f"{whole!r} % ({', '.join(codes)},)"

    def mentions(self, name: str) -> bool:
        """Tell whether the text needs a variable."""
        for is_code, text in self.parts:
            if is_code and name in text:
                break
        else:
            if name not in self.when:
                return False
        pattern = re.compile(rf"{name}\b")
        return any(pattern.search(t) for t in (self.when, *(t for c, t in self.parts if c)))

    def replace(self, name: str, other: str) -> None:
        """Put another name in the place of a variable's."""
        if self.mentions(name):
            pattern = re.compile(rf"{name}\b")
            self.when = pattern.sub(other, self.when)
            self.parts = [(c, pattern.sub(other, t) if c else t) for c, t in self.parts]


def joined(stretches: Iterable[Stretch]) -> Stretch:
    """Return stretches of text that follow each other as one, written whatever happens."""
    merged: list[Stretch] = []
    for stretch in stretches:
        if merged and merged[-1].when == stretch.when:
            merged[-1] = Stretch(stretch.when, merged[-1].parts + stretch.parts)
        else:
            merged.append(stretch)
    parts: Text = []
    for stretch in merged:
        if stretch.when == "True":
            parts += stretch.parts
        else:  # a part of its own, empty where the condition does not hold
            parts.append((True, f"({stretch.code()} if {stretch.when} else '')"))
    return Stretch("True", parts)


def pieces(stretch: Stretch) -> list[Code]:
    """Return the codes of the strings that make a text, one after the other."""
    found: list[Code] = []
    literal = ""
    for is_code, text in stretch.parts:
        if not is_code:
            literal += text
            continue
        if literal:
            found.append(repr(literal))
            literal = ""
        found.append(text)
    return [*found, repr(literal)] if literal else found


def stretches(lines: Lines, slots: Slots) -> list[Stretch]:
    """Return the stretches of text for lines. Raises Unproved where the slots cannot tell."""
    found: list[Stretch] = []
    for line in _lines_of_changes(lines, slots):
        parts, when = _line(line, slots)
        parts.append((False, "\n"))
        if when != "False":
            if found and found[-1].when == when:
                found[-1].parts += parts
            else:
                found.append(Stretch(when, parts))
    return found


def _lines_of_changes(lines: Lines, slots: Slots) -> Iterator[tuple[Any, ...]]:
    """Yield lines; one that states what a statement has changed becomes one for each variable."""
    for line in lines:
        match line:
            case [Changes(of, "\n")]:
                for name, when in slots.changed(of):
                    yield (_Change(of, name, when),)
            case _:
                yield line


@dataclass(frozen=True, slots=True)
class _Change:
    """One of the variables of `Changes`."""

    of: int
    name: str
    when: Code


def _line(line: Iterable[Any], slots: Slots) -> tuple[Text, Code]:
    """Return the text of a line and the condition under which all its slots have values."""
    conditions: list[Code] = []
    parts: Text = []
    for piece in line:
        if piece.__class__ is str:
            parts.append((False, piece))
        else:
            parts += _SLOTS[type(piece)](piece, slots, conditions)
    return parts, _all(conditions) if conditions else "True"


def _before(piece: Before, slots: Slots, conditions: list[Code]) -> Text:
    code, when = slots.before(piece.of, piece.read)
    conditions += when
    return [(True, code)]


def _value(piece: Value, slots: Slots, conditions: list[Code]) -> Text:
    code, when = slots.worked(piece.of, piece.key)
    conditions += when
    return [(True, code)]


def _after(piece: After, slots: Slots, conditions: list[Code]) -> Text:
    return [(True, slots.after(piece.of, piece.name))]


def _power(piece: Power, slots: Slots, conditions: list[Code]) -> Text:
    ((_, code),) = _SLOTS[type(piece.slot)](piece.slot, slots, conditions)
    return [(True, f"{PREFIX}power({code})")]


def _ordered(piece: Ordered, slots: Slots, conditions: list[Code]) -> Text:
    ((_, code),) = _SLOTS[type(piece.slot)](piece.slot, slots, conditions)
    conditions += slots.ordered(piece.slot, code)
    return [(True, code)]


def _changes(piece: Changes, slots: Slots, conditions: list[Code]) -> Text:
    changed = slots.changed(piece.of)
    if len(changed) > 1:
        raise Unproved("a statement that changes several objects, in one line")
    if not changed:
        conditions.append("False")
        return []
    ((name, when),) = changed
    return _change(_Change(piece.of, name, when), slots, conditions)


def _change(piece: _Change, slots: Slots, conditions: list[Code]) -> Text:
    conditions.append(piece.when)
    return [(False, f"{piece.name} = "), (True, slots.after(piece.of, piece.name))]


def _if(piece: If, slots: Slots, conditions: list[Code]) -> Text:
    conditions.append(_fact(piece, slots))
    return []


def _states(piece: States, slots: Slots, conditions: list[Code]) -> Text:
    code, when = slots.states(piece)
    conditions += when
    return [(True, code)]


def _parts(piece: Parts, slots: Slots, conditions: list[Code]) -> Text:
    there = [
        (text, when) for text, when in (_line(p, slots) for p in piece.parts) if when != "False"
    ]
    if not there:
        conditions.append("False")
        return []
    if all(when == "True" for _, when in there):
        text = there[0][0]
        for other, _ in there[1:]:
            text += [(False, piece.separator), *other]
        return text
    if all(when != "True" for _, when in there):
        conditions.append(f"({' or '.join(dict.fromkeys(when for _, when in there))})")
    codes = []
    for text, when in there:
        code = Stretch(when, text).code()
        codes.append(code if when == "True" else f"{code} if {when} else None")
    return [(True, f"{PREFIX}join({piece.separator!r}, {', '.join(codes)})")]


_SLOTS: dict[type, Callable[..., Text]] = {
    Before: _before,
    Value: _value,
    After: _after,
    Power: _power,
    Ordered: _ordered,
    Changes: _changes,
    _Change: _change,
    If: _if,
    States: _states,
    Parts: _parts,
    Param: lambda piece, slots, _: [(True, slots.param(piece.name))],
    Outcome: lambda _, slots, __: [(True, slots.outcome())],
    Number: lambda _, slots, __: [(True, slots.number())],
    Depth: lambda _, __, ___: [(False, "1")],
}


def _fact(piece: If, slots: Slots) -> Code:
    if piece.fact == "ran":
        return "True"
    if piece.fact in ("true", "false"):
        return f"{slots.truth(piece.of, piece.key)} is {piece.fact.capitalize()}"
    group = range(slots.size) if piece.of == ALL else [piece.of]
    moods = [slots.mood(of) for of in group]
    maybe = [m for m in moods if m != "False"]
    changed = f"({' or '.join(maybe)})" if maybe else "False"
    changed = "True" if "True" in maybe else changed
    if piece.fact == "changed":
        return changed
    return {"True": "False", "False": "True"}.get(changed, f"not {changed}")


def _all(conditions: list[Code]) -> Code:
    if "False" in conditions:
        return "False"
    return " and ".join(c for c in dict.fromkeys(conditions) if c != "True") or "True"


def keys_in(lines: Iterable[Line]) -> set[tuple[int, int]]:
    """Return the captures that lines use, as (statement of the group, key)."""
    found: set[tuple[int, int]] = set()
    for line in lines:
        for piece in line:
            if isinstance(piece, str):
                continue
            if isinstance(piece, Parts):
                found |= keys_in(piece.parts)
                continue
            slot = piece.slot if isinstance(piece, Power | Ordered) else piece
            if isinstance(slot, Value):
                found.add((slot.of, slot.key))
            elif isinstance(slot, Before):
                if slot.read.guard is not None:
                    found |= {(slot.of, key) for key in (slot.read.guard, *slot.read.others)}
            elif isinstance(slot, If) and slot.fact in ("true", "false"):
                found.add((slot.of, slot.key))
    return found
