"""A style of your own: what a step changes and how a test turns out, one short line each.

    rfft-trace examples/add_digits.py --input 15 --style examples/styles/terse.py

A style answers each moment of a run with lines, each a tuple of texts and of slots for values. A
line is left out if one of its slots has no value. All that a style needs is imported from
`rfft.tracer.styles`: `Style` describes the moments, `rfft.tracer.styles.slots` the slots.
"""

from collections.abc import Sequence

from rfft.tracer.styles import After, Changes, Lines, Param, Scope, Statement, Style


class Terse(Style):
    """No recital: changes, and tests with a yes or a no."""

    name = "terse"

    def prompt(self, source: str, question: str, example: tuple[str, str, str] | None) -> str:
        return f"{source}\n\nQ: {question}\n"

    def call(self, scope: Scope, nested: bool) -> Lines:
        return [(f"{name} = ", Param(name)) for name in scope.params if name != scope.receiver]

    def simple(self, group: Sequence[Statement]) -> Lines:
        lines: Lines = []
        for of, statement in enumerate(group):
            lines += [(f"{name} = ", After(name, of)) for name in statement.targets]
            lines.append((Changes(of),))
        return lines

    def test(self, statement: Statement, outcome: bool, first: bool) -> Lines:
        return [(statement.source, " yes" if outcome else " no")]
