"""Style `granular`: as `rfft`, and nothing is a leap.

It differs from the grammar of `rfft` in this::

    item       = "NAME = VALUE" | "EXPRESSION = VALUE"     also: the truth of each comparison and
                                                           each ``not`` that is part of a test; the
                                                           branch that a conditional expression has
                                                           taken, after its test; what a ``for``
                                                           loops over; what a call gives that
                                                           nothing takes; each part of an f-string
               | inner
    case       = (RECITAL "does not fit")* RECITAL item*   the cases tried before, by their pattern
                 state* "enter case"                       or their guard, and the one that fits
    inner      = "NAME = VALUE"                            what a comprehension or a generator takes
                                                           next, or a lambda is given
               | "EXPRESSION = VALUE"                      what is worked out in it, innermost first

Inner lines stand where their parts are evaluated, once for each time: before the result of the
comprehension, or of the call that takes a generator or calls a lambda. Where such code runs later,
they stand in the statement that runs it. A part of an f-string with a format or a conversion is
stated as it is printed, too: ``f'{x:.2f}' = '0.50'``. In f-strings, expressions have the spaces and
quotes that Python itself would give them.
"""

import ast
from collections.abc import Sequence
from itertools import takewhile

from . import Line, Lines, Relation, Rfft, Statement, Within, Worked, item_line, once


class Granular(Rfft):
    """The format of the paper's appendix D.1, in small steps."""

    name = "granular"
    detailed = True
    opening = "Follow the given rule in the smallest steps to solve the question."

    def items(self, group: Sequence[Statement], first: bool = True) -> Lines:
        lines: list[Line] = []
        known: set[str] = set()
        for of, s in enumerate(group):
            for item in once(s.details or s.items, known) if first else ():
                if isinstance(item, Relation):
                    continue
                if isinstance(item, Worked) and item.key in s.told_at:
                    lines.append((Within(item.key, s.tells, of),))
                lines.append(item_line(item, of))
            if s.tells:
                lines.append((Within(-1, s.tells, of),))
        return lines

    def enter(self, statement: Statement, kind: str, source: str, names: Sequence[str]) -> Lines:
        lines = super().enter(statement, kind, source, names)
        if kind != "case" or not isinstance(statement.node, ast.Match):
            return lines
        cases = map(statement.scope.source.case, statement.node.cases)
        tried = takewhile(lambda case: case != source, cases)
        return [*((line,) for case in tried for line in (case, "does not fit")), *lines]
