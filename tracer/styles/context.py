"""Where a statement stands, and what stands in it: facts of a rule that styles ask for."""

from collections.abc import Iterable, Iterator
from itertools import chain

from ..plan.statements import Statement


def in_loop(s: Statement) -> bool:
    """Tell whether a statement stands in a loop."""
    return s.parent is not None and (s.parent.loop or in_loop(s.parent))


def in_try(s: Statement) -> bool:
    """Tell whether blocks run when control leaves the place of a statement."""
    above = s.parent
    return above is not None and (above.kind in ("try", "with") or in_try(above))


def within(block: Iterable[Statement]) -> Iterator[Statement]:
    """Yield the statements of a block and of the blocks in them, in the order of the text."""
    for s in block:
        yield s
        yield from within(chain(s.body, s.orelse, *s.handlers, s.finalbody))


def loop_title(loop: Statement) -> str:
    """Return what a loop is called: Outer and Inner where loops are nested, else Main."""
    if in_loop(loop):
        return "Inner loop"
    return "Outer loop" if any(s.loop for s in within(loop.body)) else "Main loop"


def counts_itself(statement: Statement) -> bool:
    """Tell whether the values of a ``for`` say which iteration it is: those of a range do."""
    return statement.ranges
