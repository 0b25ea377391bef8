"""A user's style that writes at the edges only: sections, ends of iterations, states, tests."""

from collections.abc import Sequence

from rfft.tracer.styles import (
    After,
    Changes,
    If,
    Lines,
    Outcome,
    Scope,
    Statement,
    States,
    Style,
    changed_by,
    neighbours,
)


class Sparse(Style):
    name = "sparse"

    def prompt(self, source: str, question: str, example: tuple[str, str, str] | None) -> str:
        return f"{question} {source}\n"

    def joins(self, group: Sequence[Statement], statement: Statement) -> bool:
        return neighbours(group, statement) and len(group) < 2

    def section(self, statement: Statement) -> Lines:
        return [("section", If("ran"))]

    def simple(self, group: Sequence[Statement]) -> Lines:
        lines: Lines = []
        for of, s in enumerate(group):
            lines += [(f"{of}: {n} = ", After(n, of)) for n in s.targets]
            lines.append((Changes(of, whole=True),))
        return lines

    def test(self, statement: Statement, outcome: bool, first: bool) -> Lines:
        return [("first" if first else "later",)] if outcome else [("no",)]

    def again(self, statement: Statement) -> Lines:
        names = [n for s in statement.body for n in changed_by(s)]
        return [(States(tuple(dict.fromkeys(names)), " | "),)] if names else [("again",)]

    def result(self, scope: Scope, statement: Statement | None, nested: bool) -> Lines:
        return [("gives ", Outcome())]
