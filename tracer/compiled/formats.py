"""Templates to code: the lines of a style as format strings, with the conditions they stand under.

A literal ``"…%s…" % (a, b)`` compiles to the same bytecode as an f-string and is parsed faster.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from ..plan.statements import Read
from ..styles.render import in_power
from ..styles.slots import (
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
from .shapes import Unproved

# Begins every name that the compiled code adds; a source that has it is not compiled. Names beyond
# ASCII could not be in an ASCII source, but cost the parser a normalisation each.
PREFIX = "_Z"

Code: TypeAlias = str
Text: TypeAlias = list[str]
"""Literal pieces and codes of values in turn; a literal, perhaps empty, stands at both ends."""


def add(text: Text, more: Text) -> None:
    """Add a text to the end of another."""
    text[-1] += more[0]
    text += more[1:]


def add_where(text: Text, when: Code, more: Text) -> None:
    """Add a text that is empty where a condition does not hold."""
    if when == "False":
        return
    text += [f"({code_of(more)} if {when} else '')", ""]


def code_of(text: Text) -> Code:
    """Return the code of a text: one format string."""
    if len(text) == 1:
        return repr(text[0])
    if len(text) == 3 and not text[0] and not text[2]:
        return text[1]
    literals, codes = text[::2], text[1::2]
    if "%" in "".join(literals):
        literals = [literal.replace("%", "%%") for literal in literals]
    for n, code in enumerate(codes):
        if code.startswith(_FORMATS):
            literals[n] += code[1:3]
            codes[n] = code[8:-2]
        else:
            literals[n] += "%s"
    return f"{''.join(literals)!r} % ({', '.join(codes)},)"


_FORMATS = ("'%s' % (", "'%r' % (")  # how the code of one value begins


class Slots(ABC):
    """Says where the values of a template's slots are; `of` numbers the statements of a group.

    What must hold for a value to be there is added to `conditions`.
    """

    size = 0  # how many statements the group has

    @abstractmethod
    def before(self, of: int, read: Read, conditions: list[Code]) -> Text:
        """Return the value of a variable before a statement."""

    @abstractmethod
    def worked(self, of: int, key: int, conditions: list[Code]) -> Text:
        """Return the value of a captured sub-expression."""

    @abstractmethod
    def truth(self, of: int, key: int) -> Code:
        """Return a captured truth value itself."""

    @abstractmethod
    def after(self, of: int, name: str) -> Text:
        """Return the value of a variable after a statement."""

    @abstractmethod
    def changed(self, of: int) -> list[tuple[str, Code]]:
        """Return the variables that a statement changes in place besides its targets, and when."""

    @abstractmethod
    def did_change(self, of: int) -> Code:
        """Return whether a statement has changed anything."""

    @abstractmethod
    def param(self, name: str) -> Text:
        """Return the value of a parameter at the call."""

    @abstractmethod
    def outcome(self) -> Text:
        """Return the text of what is returned."""

    @abstractmethod
    def number(self) -> Text:
        """Return how many times the loop's body has been entered."""

    @abstractmethod
    def states(self, piece: States, conditions: list[Code]) -> Text:
        """Return the states of variables, joined."""

    @abstractmethod
    def ordered(self, piece: "Before | Value", code: Code) -> list[Code]:
        """Return what must hold for a value to be of a kind with a total order."""


def text_of_lines(lines: Lines, slots: Slots) -> Text:
    """Return the text of lines. Raises Unproved where the slots cannot tell."""
    text: Text = [""]
    together, when = text, "True"  # lines under the same condition are written together
    for line in lines:
        first = line[0] if len(line) == 1 else None
        if first.__class__ is str and when == "True":
            together[-1] += first + "\n"
            continue
        if first.__class__ is Changes and first.separator == "\n":
            of = first.of
            found = [(_state(name, of, slots), where) for name, where in slots.changed(of)]
        else:
            conditions: list[Code] = []
            size, last = len(together), together[-1]
            _write(line, slots, conditions, together)
            where = _all(conditions) if conditions else "True"
            if where == when:
                together[-1] += "\n"
                continue
            words = [together[size - 1][len(last) :], *together[size:]]
            together[size - 1 :] = [last]
            found = [(words, where)]
        for part, where in found:  # a line of `Changes` is one for each variable
            if where != when:
                if when != "True":
                    add_where(text, when, together)
                together, when = text if where == "True" else [""], where
            if where != "False":
                add(together, part)
                together[-1] += "\n"
    if when != "True":
        add_where(text, when, together)
    return text


def _state(name: str, of: int, slots: Slots) -> Text:
    """Return ``name = value`` for a variable that a statement has changed."""
    text = [f"{name} = "]
    add(text, slots.after(of, name))
    return text


def _pieces(line: Iterable[Any], slots: Slots, conditions: list[Code]) -> Text:
    """Return the text of the pieces of a line; add what must hold for it to `conditions`."""
    text = [""]
    _write(line, slots, conditions, text)
    return text


def _write(line: Iterable[Any], slots: Slots, conditions: list[Code], text: Text) -> None:
    """Add the pieces of a line to a text, and what must hold for them to `conditions`."""
    for piece in line:
        kind = piece.__class__
        if kind is str:
            text[-1] += piece
            continue
        if kind is Before:
            more = slots.before(piece.of, piece.read, conditions)
        elif kind is Value:
            more = slots.worked(piece.of, piece.key, conditions)
        elif kind is After:
            more = slots.after(piece.of, piece.name)
        elif kind is If and piece.fact == "ran":
            continue  # it surely was
        else:
            more = _SLOTS[kind](piece, slots, conditions)
        text[-1] += more[0]
        text += more[1:]


def _power(piece: Power, slots: Slots, conditions: list[Code]) -> Text:
    text = _pieces((piece.slot,), slots, conditions)
    return ["", f"{PREFIX}power({code_of(text)})", ""]


def _ordered(piece: Ordered, slots: Slots, conditions: list[Code]) -> Text:
    text = _pieces((piece.slot,), slots, conditions)
    conditions += slots.ordered(piece.slot, code_of(text))
    return text


def _changes(piece: Changes, slots: Slots, conditions: list[Code]) -> Text:
    changed = slots.changed(piece.of)
    if len(changed) > 1:
        raise Unproved("a statement that changes several objects, in one line")
    if not changed:
        conditions.append("False")
        return [""]
    ((name, when),) = changed
    conditions.append(when)
    return _state(name, piece.of, slots)


def _if(piece: If, slots: Slots, conditions: list[Code]) -> Text:
    conditions.append(_fact(piece, slots))
    return [""]


def _parts(piece: Parts, slots: Slots, conditions: list[Code]) -> Text:
    there = []
    for part in piece.parts:
        own: list[Code] = []
        text = _pieces(part, slots, own)
        if (when := _all(own) if own else "True") != "False":
            there.append((text, when))
    if not there:
        conditions.append("False")
        return [""]
    if all(when == "True" for _, when in there):
        text = there[0][0]
        for other, _ in there[1:]:
            text[-1] += piece.separator
            add(text, other)
        return text
    if all(when != "True" for _, when in there):
        conditions.append(f"({' or '.join(dict.fromkeys(when for _, when in there))})")
    codes = []
    for text, when in there:
        code = code_of(text)
        codes.append(code if when == "True" else f"{code} if {when} else None")
    return ["", f"{PREFIX}join({piece.separator!r}, {', '.join(codes)})", ""]


_SLOTS: dict[type, Callable[[Any, Slots, list[Code]], Text]] = {
    Power: _power,
    Ordered: _ordered,
    Changes: _changes,
    If: _if,
    States: lambda piece, slots, conditions: slots.states(piece, conditions),
    Parts: _parts,
    Param: lambda piece, slots, _: slots.param(piece.name),
    Outcome: lambda _, slots, __: slots.outcome(),
    Number: lambda _, slots, __: slots.number(),
    Depth: lambda _, __, ___: ["1"],
}


def _fact(piece: If, slots: Slots) -> Code:
    if piece.fact in ("steady", "unsteady"):
        return str(piece.fact == "steady")  # what is proved has no effects
    if piece.fact in ("true", "false"):
        return f"{slots.truth(piece.of, piece.key)} is {piece.fact.capitalize()}"
    group = range(slots.size) if piece.of == ALL else [piece.of]
    did = [slots.did_change(of) for of in group]
    maybe = [code for code in did if code != "False"]
    changed = f"({' or '.join(maybe)})" if maybe else "False"
    changed = "True" if "True" in maybe else changed
    if piece.fact == "changed":
        return changed
    return {"True": "False", "False": "True"}.get(changed, f"not {changed}")


def _all(conditions: list[Code]) -> Code:
    if len(conditions) == 1:
        return conditions[0]
    if "False" in conditions:
        return "False"
    return " and ".join(c for c in dict.fromkeys(conditions) if c != "True") or "True"


def _join(separator: str, *parts: str | None) -> str:
    """Return the texts that are there, joined."""
    return separator.join([p for p in parts if p is not None])


NAMES: dict[str, Any] = {f"{PREFIX}power": in_power, f"{PREFIX}join": _join}
"""What the code of a text calls, by the names under which it does."""


def keys_in(lines: Iterable[Line]) -> set[tuple[int, int]]:
    """Return the captures that lines use, as (statement of the group, key)."""
    found: set[tuple[int, int]] = set()
    for line in lines:
        for piece in line:
            kind = piece.__class__
            if kind is str:
                continue
            slot: Any = piece
            if kind is Power or kind is Ordered:
                slot = slot.slot
                kind = slot.__class__
            if kind is Value:
                found.add((slot.of, slot.key))
            elif kind is Before:
                if slot.read.guard is not None:
                    found.update((slot.of, key) for key in (slot.read.guard, *slot.read.others))
            elif kind is If:
                if slot.fact == "true" or slot.fact == "false":
                    found.add((slot.of, slot.key))
            elif kind is Parts:
                found |= keys_in(slot.parts)
    return found
