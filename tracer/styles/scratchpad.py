"""Style `scratchpad`: no rule, only the state of the variables, once an iteration.

Grammar::

    trace     = state* line* result
    state     = "NAME = VALUE"                       a parameter, or an assignment outside of loops
    line      = state ( ", " state )*                after each iteration, and where it is left:
                                                     what the loop changes
    result    = "So the answer is VALUE"
    nested    = "call NAME" … "NAME returns VALUE"   around the states of a called function
    failure   = "The rule raises TYPE"
"""

from collections.abc import Sequence

from . import (
    After,
    Changes,
    Lines,
    Param,
    Scope,
    Statement,
    States,
    Style,
    changed_by,
    in_loop,
    within,
)


class Scratchpad(Style):
    """The scratchpad baseline: intermediate states without the rule."""

    name = "scratchpad"
    has_rule = False
    opening = bridge = "Answer the question step by step."

    def task(self, source: str, question: str) -> str:
        return f"Q: {question}"

    def call(self, scope: Scope, nested: bool) -> Lines:
        head: Lines = [(f"call {scope.name}",)] if nested else []
        return head + [(f"{n} = ", Param(n)) for n in scope.params if n != scope.receiver]

    def simple(self, group: Sequence[Statement]) -> Lines:
        if in_loop(group[0]):
            return []
        lines: Lines = []
        for of, s in enumerate(group):
            lines += [(f"{n} = ", After(n, of)) for n in s.targets]
            if s.looks:
                lines.append((Changes(of, whole=True),))
        return lines

    def statement(self, statement: Statement) -> Lines:
        return [(Changes(whole=True),)] if statement.looks and not in_loop(statement) else []

    def test(self, statement: Statement, outcome: bool, first: bool) -> Lines:
        return [] if statement.loop else self.statement(statement)

    def enter(self, statement: Statement, kind: str, source: str, names: Sequence[str]) -> Lines:
        return [] if in_loop(statement) else [(f"{n} = ", After(n)) for n in names]

    def again(self, statement: Statement) -> Lines:
        names = changed_in(statement)
        return [(States(tuple(names)),)] if names else []

    def leave(self, statement: Statement) -> Lines:
        return self.unfinished(statement) if statement.kind == "break" else []

    def unfinished(self, statement: Statement) -> Lines:
        """Return the state of an iteration that a statement ends before its time."""
        loop = statement.parent
        while loop is not None and not loop.loop:
            loop = loop.parent
        return self.again(loop) if loop is not None else []

    def result(self, scope: Scope, statement: Statement | None, nested: bool) -> Lines:
        state = self.unfinished(statement) if statement is not None else []
        return [*state, self.result_line(scope, nested)]


def changed_in(loop: Statement) -> list[str]:
    """Return the variables that a loop assigns or changes, in order of appearance."""
    inside = (name for s in within(loop.body) for name in changed_by(s))
    return list(dict.fromkeys([*loop.targets, *inside]))
