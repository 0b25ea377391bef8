"""Templates to code: lines of a style as format strings, with the conditions they stand under."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

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
    Within,
)
from ..values.reading import is_iterator
from ..values.show import show
from .captures import Captures, variable
from .formats import PREFIX, Code, Text, add, add_where, code_of
from .reporter import Group, bound, iterations
from .shapes import INT, NUMBERS, STR, STRINGS, Unproved


class Template:
    """Makes the text of lines that tell of a group of statements.

    Slots are filled from the variables of the code. Each method for a kind of slot returns the
    slot's text, and adds what must hold for it to be there to `conditions`.
    """

    def __init__(self, captures: Captures, noted: frozenset[str], group: Group) -> None:
        self.captures = captures
        self.texts = captures.texts
        self.noted = noted
        self.group = group
        self.statements = group.statements

    def text(self, lines: Lines) -> Text:
        """Return the text of lines. Raises Unproved where it cannot be told."""
        text: Text = [""]
        together, when = text, "True"  # lines under the same condition are written together
        for line in lines:
            first = line[0] if len(line) == 1 else None
            if first.__class__ is str and when == "True":
                together[-1] += first + "\n"
                continue
            if first.__class__ is Changes and first.separator == "\n":
                parts = [
                    (self.state(name, first.of), where) for name, where in self.changed(first.of)
                ]
            else:
                conditions: list[Code] = []
                size, last = len(together), together[-1]
                self.write(line, conditions, together)
                where = _all(conditions) if conditions else "True"
                if where == when:
                    together[-1] += "\n"
                    continue
                words = [together[size - 1][len(last) :], *together[size:]]
                together[size - 1 :] = [last]
                parts = [(words, where)]
            for part, where in parts:  # a line of `Changes` is one for each variable
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

    def pieces(self, line: Iterable[Any], conditions: list[Code]) -> Text:
        """Return the text of the pieces of a line."""
        text = [""]
        self.write(line, conditions, text)
        return text

    def write(self, line: Iterable[Any], conditions: list[Code], text: Text) -> None:
        """Add the pieces of a line to a text."""
        for piece in line:
            if piece.__class__ is str:
                text[-1] += piece
            else:
                more = _SLOTS[piece.__class__](self, piece, conditions)
                text[-1] += more[0]
                text += more[1:]

    # Values

    def before(self, piece: Before, conditions: list[Code]) -> Text:
        read, copies = piece.read, self.group.copies
        if read.guard is None and not copies:
            return self.texts.text(read.name)
        return self.captures.before(self.statements[piece.of], read, piece.of, copies, conditions)

    def worked(self, piece: Value, conditions: list[Code]) -> Text:
        return self.captures.worked(self.statements[piece.of], piece.key, conditions)

    def after(self, piece: After, conditions: list[Code]) -> Text:
        return self.newest(piece.name, piece.of)

    def newest(self, name: str, of: int) -> Text:
        """Return the text of a variable after a statement."""
        return self.texts.text(name, self.group.copies.get(("after", of, name), ""))

    def power(self, piece: Power, conditions: list[Code]) -> Text:
        return ["", f"{PREFIX}power({code_of(self.pieces((piece.slot,), conditions))})", ""]

    def ordered(self, piece: Ordered, conditions: list[Code]) -> Text:
        slot = piece.slot
        if isinstance(slot, Value):
            shape = self.captures.shape(self.statements[slot.of], slot.key)
        else:
            shape = self.texts.shapes.env.get(slot.read.name, STR)
        if shape not in (*NUMBERS, *STRINGS):
            raise Unproved("a comparison of values that may have no order")
        return self.pieces((slot,), conditions)

    def param(self, piece: Param, conditions: list[Code]) -> Text:
        return self.texts.text(piece.name)

    def outcome(self, piece: Outcome, conditions: list[Code]) -> Text:
        return self.group.result

    def number(self, piece: Number, conditions: list[Code]) -> Text:
        return ["", self.texts.format(iterations(self.statements[0]), INT), ""]

    def depth(self, piece: Depth, conditions: list[Code]) -> Text:
        return ["1"]

    # Changes

    def changes(self, piece: Changes, conditions: list[Code]) -> Text:
        changed = self.changed(piece.of)
        if len(changed) > 1:
            raise Unproved("a statement that changes several objects, in one line")
        conditions += [when for _, when in changed] or ["False"]
        return self.state(changed[0][0], piece.of) if changed else [""]

    def changed(self, of: int) -> list[tuple[str, Code]]:
        """Return the variables that a statement changes in place besides its targets, and when."""
        did_change = self.group.did_change
        return self.texts.changed(self.statements[of], did_change[of] if did_change else "False")

    def state(self, name: str, of: int) -> Text:
        """Return ``name = value`` for a variable that a statement has changed."""
        text = [f"{name} = "]
        add(text, self.newest(name, of))
        return text

    def within(self, piece: Within, conditions: list[Code]) -> Text:
        s = self.statements[piece.of]
        name = self.captures.told_in(s, piece.key)
        if name not in self.captures.chunks(s):
            conditions.append("False")
            return [""]
        conditions.append(name)
        return ["", f"{PREFIX}lines({name})", ""]

    def states(self, piece: States, conditions: list[Code]) -> Text:
        parts = []
        for name in piece.names:
            if name in self.texts.shapes.env:
                text = [f"{name} = "]
                add(text, self.texts.text(name))
                part = code_of(text)
                parts.append(f"{part} if {bound(name)} else None" if name in self.noted else part)
        states = self.texts.temporary(f"{PREFIX}join({piece.separator!r}, {', '.join(parts)})")
        conditions.append(states)
        return ["", states, ""]

    # Conditions

    def fact(self, piece: If, conditions: list[Code]) -> Text:
        if piece.fact in ("true", "false"):
            name = variable(self.statements[piece.of], piece.key)
            conditions.append(f"{name} is {piece.fact.capitalize()}")
        elif piece.fact in ("changed", "unchanged"):
            conditions.append(self.did_change(piece))
        elif piece.fact == "unsteady":
            conditions.append("False")  # what is proved has no effects, and surely ran
        return [""]

    def did_change(self, piece: If) -> Code:
        """Return whether statements have changed anything, or nothing."""
        did = self.group.did_change
        group = range(len(self.statements)) if piece.of == ALL else [piece.of]
        each = ["True" if self.statements[of].place else did[of] for of in group] if did else []
        maybe = [code for code in each if code != "False"]
        changed = f"({' or '.join(maybe)})" if maybe else "False"
        changed = "True" if "True" in maybe else changed
        if piece.fact == "changed":
            return changed
        return {"True": "False", "False": "True"}.get(changed, f"not {changed}")

    def parts(self, piece: Parts, conditions: list[Code]) -> Text:
        there = []
        for part in piece.parts:
            own: list[Code] = []
            text = self.pieces(part, own)
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


_SLOTS: dict[type, Callable[[Template, Any, list[Code]], Text]] = {
    Before: Template.before,
    Value: Template.worked,
    After: Template.after,
    Power: Template.power,
    Ordered: Template.ordered,
    Changes: Template.changes,
    Within: Template.within,
    If: Template.fact,
    States: Template.states,
    Parts: Template.parts,
    Param: Template.param,
    Outcome: Template.outcome,
    Number: Template.number,
    Depth: Template.depth,
}


def _all(conditions: list[Code]) -> Code:
    if len(conditions) == 1:
        return conditions[0]
    if "False" in conditions:
        return "False"
    return " and ".join(c for c in dict.fromkeys(conditions) if c != "True") or "True"


def _join(separator: str, *parts: str | None) -> str:
    """Return the texts that are there, joined."""
    return separator.join([p for p in parts if p is not None])


def _tell(lines: list[str], source: str, value: Any) -> Any:
    """Tell of a part of an inner scope; return its value."""
    if not is_iterator(value):
        text = show(value)
        if text[0] != "<":
            lines.append(f"{source} = {text}")
    return value


def _bind(lines: list[str], names: Sequence[str], *values: object) -> bool:
    """Tell of what is bound in an inner scope."""
    for name, value in zip(names, values, strict=True):
        _tell(lines, name, value)
    return True


NAMES: dict[str, Any] = {
    f"{PREFIX}power": in_power,
    f"{PREFIX}join": _join,
    f"{PREFIX}tell": _tell,
    f"{PREFIX}bind": _bind,
    f"{PREFIX}lines": "\n".join,
}
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
