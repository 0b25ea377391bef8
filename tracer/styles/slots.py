"""Templates: what a style writes for a statement, with slots where values go.

A style answers every moment of a run (see `rfft.tracer.styles.Style`) with a list of lines. A line
is a tuple of pieces: literal text and slots. **A line is printed when all its slots have values**:
what did not run (the right side of an ``and`` that was decided by its left side, the new value of
a variable after a statement that raised) leaves no line. The event back end fills templates from
recorded steps; the text back end compiles them into code. Both therefore write the same bytes.

Slots are values: nobody changes one. They are not frozen because that makes them three times as
costly to make, and a rule has a hundred of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ..plan.statements import Item, Operand, Read, Relation, Statement, Worked


@dataclass(unsafe_hash=True, slots=True)
class Before:
    """The value of a variable before statement number `of` of a group."""

    read: Read
    of: int = 0


@dataclass(unsafe_hash=True, slots=True)
class Value:
    """The value of a captured sub-expression.

    One that tells a reader nothing, such as a function, is left out, unless it `operates`.
    """

    key: int
    of: int = 0
    operates: bool = False


@dataclass(unsafe_hash=True, slots=True)
class After:
    """The value of a variable that a statement assigned."""

    name: str
    of: int = 0


@dataclass(unsafe_hash=True, slots=True)
class Power:
    """The left operand of ``**``: in parentheses when it is negative."""

    slot: "Before | Value | After"


@dataclass(unsafe_hash=True, slots=True)
class Changes:
    """One ``name = value`` for each other variable that a statement changed; none, no line.

    What stands in lines of its own is left out, unless it is asked for by `whole`: what ``:=`` has
    bound, and a place with a name.
    """

    of: int = 0
    separator: str = "\n"
    whole: bool = False


@dataclass(unsafe_hash=True, slots=True)
class Within:
    """What was told in comprehensions, generators and lambdas before a capture (-1: the end).

    One ``source = value`` for each part that was evaluated there, in order; none, no line. `lefts`
    are the sources that there may be.
    """

    key: int
    lefts: tuple[str, ...]
    of: int = 0


@dataclass(unsafe_hash=True, slots=True)
class If:
    """No text: the line is printed if a fact holds for the statements of the group.

    Facts: ``ran`` (statement `of` was reached), ``changed`` and ``unchanged`` (it has run and has
    changed something, or nothing; with `of` = ALL any statement, or none), ``true`` and ``false``
    (its capture `key` is so), ``steady`` and ``unsteady`` (whether the left operand of its equation
    stayed as it was until it was used).
    """

    fact: str
    of: int = 0
    key: int = 0


ALL = -1


@dataclass(unsafe_hash=True, slots=True)
class Ordered:
    """A value of a kind that has a total order, so that not ``<`` means ``>=``."""

    slot: "Before | Value"


@dataclass(unsafe_hash=True, slots=True)
class Param:
    """The value of a parameter at the call."""

    name: str


@dataclass(unsafe_hash=True, slots=True)
class States:
    """``name = value`` for each of the variables that has a value, as last known."""

    names: tuple[str, ...]
    separator: str = ", "


@dataclass(unsafe_hash=True, slots=True)
class Outcome:
    """The value returned, the type of the exception caught."""


@dataclass(unsafe_hash=True, slots=True)
class Number:
    """The ordinal, from 1, of a loop's iteration that begins."""


@dataclass(unsafe_hash=True, slots=True)
class Depth:
    """How many of the rule's functions are running."""


@dataclass(unsafe_hash=True, slots=True)
class Parts:
    """Those of some parts that have all their values, joined; none, no line."""

    parts: "tuple[Line, ...]"
    separator: str = ", "


Piece: TypeAlias = (
    str
    | Before
    | Value
    | After
    | Power
    | Ordered
    | Changes
    | Within
    | If
    | Param
    | States
    | Outcome
    | Number
    | Depth
    | Parts
)
Line: TypeAlias = "tuple[Piece, ...]"
Lines: TypeAlias = list[Line]


def leaves(line: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces of a line, those of its parts among them."""
    for piece in line:
        if isinstance(piece, Parts):
            for part in piece.parts:
                yield from leaves(part)
        else:
            yield piece


def item_line(item: Read | Worked, of: int = 0) -> Line:
    """Return the line that states an item: ``name = value`` or ``source = value``."""
    if isinstance(item, Read):
        return (f"{item.name} = ", Before(item, of))
    return (f"{item.source} = ", Value(item.key, of))


def once(items: Iterable[Item], known: set[str]) -> Iterator[Item]:
    """Yield items, but those of `known` variables; a variable that is surely stated is known."""
    for item in items:
        if isinstance(item, Read):
            if item.name in known:
                continue
            if item.guard is None:
                known.add(item.name)
        yield item


def stated_items(
    statements: Iterable[Statement], known: Iterable[str] = ()
) -> list[tuple[int, Read | Worked]]:
    """Return the items that statements state, each with the number of its statement.

    Each variable comes once; `known` ones not at all.
    """
    names = set(known)
    return [
        (of, item)
        for of, statement in enumerate(statements)
        for item in once(statement.items, names)
        if not isinstance(item, Relation)
    ]


def item_lines(statements: Iterable[Statement]) -> Lines:
    """Return the lines for the items of statements, each variable once."""
    return [item_line(item, of) for of, item in stated_items(statements)]


def operand(source: Operand, of: int = 0) -> str | Before | Value:
    """Return the piece for an operand of an equation."""
    if isinstance(source, str):
        return source
    return Before(source, of) if isinstance(source, Read) else Value(source.key, of, True)


def equation(parts: tuple[Operand, ...], of: int = 0) -> Line:
    """Return the pieces of an operation with the values of its operands put in."""
    if parts and parts[0] == "\0":
        left = operand(parts[1], of)
        if isinstance(left, str):
            left_piece: Piece = f"({left})" if left.startswith("-") else left
        else:
            left_piece = Power(left)
        return (left_piece, *(operand(p, of) for p in parts[2:]))
    return tuple(operand(p, of) for p in parts)


def after_lines(statement: Statement, of: int = 0) -> Lines:
    """Return the lines that state what a statement has assigned, where an operation with it.

    Of an item or attribute that was worked out, the equation alone: what holds it has changed.
    """
    lines: Lines = []
    for name in statement.targets:
        if statement.equation and statement.targets == [name]:
            lines += _equations((name,), statement, After(name, of), of)
        else:
            lines.append((f"{name} = ", After(name, of)))
    place = statement.place
    if place is not None and place.name:
        lines += _equations((place.name,), statement, After(place.name, of), of)
    elif place is not None:
        text = tuple(operand(part, of) for part in place.text)
        lines += _equations(text, statement, Value(place.new, of, True), of)[:1]
    return lines


def _equations(place: Line, statement: Statement, new: After | Value, of: int) -> Lines:
    """Return the line of an operation and, if it may not hold, the one without it."""
    line: Line = (*place, " = ", *equation(statement.equation, of), " = ", new)
    if not statement.shaky:
        return [line]
    return [(*line, If("steady", of)), (*place, " = ", new, If("unsteady", of))]
