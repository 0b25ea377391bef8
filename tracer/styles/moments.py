"""The order of a step's moments: which of them a style is asked for, one after the other.

Both back ends write a step's lines in this order and checking reads them in it. Templates are
values, so what is asked for may be kept. `Style` says what each moment is.
"""

from collections.abc import Sequence

from ..plan.statements import Scope, Statement
from .slots import Lines, Number, leaves
from .style import Style


def arriving(style: Style, s: Statement, first: bool) -> Lines:
    """Return what comes before the lines of a statement: at a loop, for the first time or again."""
    if s.loop and not first:
        return style.again(s)
    return style.section(s) if s.section else []


def decided(style: Style, s: Statement, outcome: bool | None, first: bool = True) -> Lines:
    """Return the lines of a test and of what begins with its outcome; None: it has raised."""
    if outcome is None:
        lines = style.test(s, True, first)[:-1]
        return [line for line in lines if not any(isinstance(p, Number) for p in leaves(line))]
    lines = style.test(s, outcome, first)
    return [*lines, *following(style, s, outcome)]


def following(style: Style, s: Statement, outcome: bool) -> Lines:
    """Return the lines of what begins with the outcome of a test."""
    if outcome and s.loop:
        return style.iteration(s)
    if not outcome and s.orelse and not s.orelse[0].elif_:
        return style.otherwise(s)
    return []


def entering(
    style: Style, s: Statement, kind: str, source: str, names: Sequence[str], entered: bool = True
) -> Lines:
    """Return the lines of a block that is entered, or of what raised on the way in."""
    lines = style.enter(s, kind, source, names)
    return lines if entered else lines[:-1]


def ran(style: Style, scope: Scope, s: Statement, nested: bool = False) -> Lines:
    """Return the lines of a statement that is no test and stands in no group."""
    if s.moment == "result":
        return style.result(scope, s, nested)
    return style.leave(s) if s.moment == "leave" else style.statement(s)
