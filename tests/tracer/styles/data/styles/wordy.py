"""A user's style that words every moment in its own way, the first arrival at a loop among them."""

from collections.abc import Sequence

from rfft.tracer.styles import (
    After,
    Changes,
    Depth,
    If,
    Lines,
    Number,
    Outcome,
    Param,
    Parts,
    Scope,
    Statement,
    Style,
    after_lines,
    item_lines,
)


class Wordy(Style):
    name = "wordy"

    def prompt(self, source: str, question: str, example: tuple[str, str, str] | None) -> str:
        return f"{source}\n? {question}\n"

    def call(self, scope: Scope, nested: bool) -> Lines:
        given = tuple((f"{n} := ", Param(n)) for n in scope.params if n != scope.receiver)
        return [(f"-> {scope.name} (", Depth(), ")"), (Parts(given, " and "),)]

    def section(self, statement: Statement) -> Lines:
        return [(f"== {statement.section} {statement.title or statement.kind}",)]

    def simple(self, group: Sequence[Statement]) -> Lines:
        (s,) = group
        told: Lines = [("did something", If("changed")), ("did nothing", If("unchanged"))]
        return [(f"do {s.kind}",), *item_lines([s]), *told, *after_lines(s), (Changes(0, "; "),)]

    def test(self, statement: Statement, outcome: bool, first: bool) -> Lines:
        begin = "first look at" if first else "look again at"
        taken: Lines = [(f"{n} is ", After(n)) for n in statement.targets if outcome]
        more: Lines = [("number ", Number())] if statement.loop and outcome else []
        items = item_lines([statement]) if first or statement.kind != "for" else []
        return [(f"{begin} {statement.source}",), *items, *taken, *more, (f"so {outcome}",)]

    def iteration(self, statement: Statement) -> Lines:
        return [("{",)]

    def again(self, statement: Statement) -> Lines:
        return [("}",)]

    def otherwise(self, statement: Statement) -> Lines:
        return [("otherwise",)]

    def enter(self, statement: Statement, kind: str, source: str, names: Sequence[str]) -> Lines:
        return [(f"into {kind}: {source}",), *((f"{n} is ", After(n)) for n in names), ("inside",)]

    def leave(self, statement: Statement) -> Lines:
        return [(f"jump: {statement.kind}",)]

    def statement(self, statement: Statement) -> Lines:
        return [(f"other: {statement.kind}",), *item_lines([statement]), (Changes(0, "; "),)]

    def back(self, scope: Scope) -> Lines:
        return [(f"<- {scope.name}",)]

    def result(self, scope: Scope, statement: Statement | None, nested: bool) -> Lines:
        items = item_lines([statement]) if statement is not None else []
        return [*items, ("inner " if nested else "outer ", "result: ", Outcome())]

    def failure(self, exception: str) -> Lines:
        return [(f"broken by {exception}",)]
