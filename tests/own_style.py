"""A style of a user's own, which words the rule, the prompt and the answer in its own way."""

from collections.abc import Sequence

from rfft.tracer.styles import After, Lines, Outcome, Param, Program, Scope, Statement, Style


class Own(Style):
    name = "own"

    def rule(self, rule: Program) -> str:
        return "\n".join(f"> {line}" for line in rule.text.split("\n"))

    def prompt(self, source: str, question: str, example: tuple[str, str, str] | None) -> str:
        shot = "" if example is None else "\n".join(("Like this:", *example)) + "\n"
        return f"{shot}Obey:\n{source}\n({question})\n"

    def call(self, scope: Scope, nested: bool) -> Lines:
        return [(f"{name} is ", Param(name)) for name in scope.params]

    def simple(self, group: Sequence[Statement]) -> Lines:
        return [(f"{n} is ", After(n, of)) for of, s in enumerate(group) for n in s.targets]

    def result(self, scope: Scope, statement: Statement | None, nested: bool) -> Lines:
        word = f"{scope.name} hands back" if nested else "ANSWER ->"
        return [(f"{word} ", Outcome(), " (end)")]
