"""Style `rfft-icl`: the format of the one-shot prompts, denser than `rfft`.

It differs from the grammar of `rfft` in this:

- section titles have no dot after the number (``2 Main loop``, ``2.1 One iteration:``), and the
  return has no title;
- an ``if`` whose branches hold nothing but simple statements is recited whole, once; what its
  branches do is then stated without reciting it again;
- all neighbouring simple statements share one recital; what each but the last changes is stated
  in its place, what the last one changes follows ``now,``;
- a comparison in a test is stated as the relation that holds:
  ``EXPRESSION = VALUE REL VALUE``, with the values put in where the left side is an operation
  (``erep[0] % 2 = 31 % 2 != 0``);
- a returned variable is not stated again.
"""

import ast
from collections.abc import Sequence

from . import (
    ALL,
    Changes,
    If,
    Line,
    Lines,
    Ordered,
    Read,
    Relation,
    Rfft,
    Scope,
    Statement,
    Worked,
    after_lines,
    changed_by,
    equation,
    item_line,
    item_lines,
    neighbours,
    once,
    operand,
)


class RfftIcl(Rfft):
    """The format of the paper's appendix D.2."""

    name = "rfft-icl"
    bridge = "Follow the above examples to answer the following question:"

    def task(self, source: str, question: str) -> str:
        return f"rule:\n{source}\n\nQ: {question}"

    def heading(self, number: int, title: str) -> str:
        return f"{number} {title}"

    def iteration(self, statement: Statement) -> Lines:
        return [(f"{statement.section}.1 One iteration:",)]

    def result(self, scope: Scope, statement: Statement | None, nested: bool) -> Lines:
        if statement is None:
            return [self.result_line(scope, nested)]
        assert isinstance(statement.node, ast.Return)
        plain = all(isinstance(item, Read) for item in statement.items)
        items = [] if plain else item_lines([statement])
        changes = self.in_place(statement)
        return [(statement.source,), *items, *changes, self.result_line(scope, nested)]

    def joins(self, group: Sequence[Statement], statement: Statement) -> bool:
        return neighbours(group, statement)

    def simple(self, group: Sequence[Statement]) -> Lines:
        recited = in_whole(group[0])
        lines: Lines = []
        if not recited:
            lines += [(s.source, If("ran", of)) for of, s in enumerate(group)]
            if group[0].constant:
                return lines
        stated = stated_by_tests(group[0]) if recited else set()
        last = len(group) - 1
        for of, s in enumerate(group):
            items = once(s.items, stated)
            lines += [item_line(item, of) for item in items if not isinstance(item, Relation)]
            if of == last:
                lines.append(("now,", If("changed", of)))
            lines += after_lines(s, of)
            if s.looks:
                lines.append((Changes(of),))
            stated.update(changed_by(s))
        if not (group[last].targets or group[last].pauses):
            lines.append(("no change", If("unchanged", ALL)))
        return lines

    def test(self, statement: Statement, outcome: bool, first: bool) -> Lines:
        if statement.kind == "for":
            return super().test(statement, outcome, first)
        lines: Lines = []
        if not in_whole(statement):
            whole = is_whole(statement)
            text = statement.scope.source.statement(statement.node) if whole else statement.source
            lines.append((text,))
        lines += [*relation_lines(statement), *self.in_place(statement)]
        return [*lines, self.verdict(statement, outcome)]

    def otherwise(self, statement: Statement) -> Lines:
        if statement.kind == "if" and (is_whole(statement) or in_whole(statement)):
            return [("enter else",)]
        return super().otherwise(statement)


def is_whole(s: Statement) -> bool:
    """Tell whether an ``if`` holds nothing but simple statements, in all its branches."""
    if s.kind != "if" or s.calls:
        return False
    if len(s.orelse) == 1 and s.orelse[0].elif_:
        rest = is_whole(s.orelse[0])
    else:
        rest = all(b.simple for b in s.orelse)
    return rest and all(b.simple and not b.title for b in s.body)


def in_whole(s: Statement) -> bool:
    """Tell whether a statement was recited as a part of the ``if`` around it."""
    above = s.parent
    if above is None or above.kind != "if" or (s.kind == "if" and not s.elif_):
        return False
    return is_whole(above) if not above.elif_ else in_whole(above)


def stated_by_tests(s: Statement) -> set[str]:
    """Return the variables that the tests on the way to a recited branch have stated."""
    names: set[str] = set()
    above = s.parent
    while above is not None:
        names |= {i.name for i in above.items if isinstance(i, Read) and i.guard is None}
        above = above.parent if above.elif_ else None
    return names


def relation_lines(s: Statement) -> Lines:
    """Return the items of a test, its comparisons stated as the relations that hold."""
    relations = [i for i in s.items if isinstance(i, Relation)]
    replaced = {
        part.key for r in relations for part in (r.left, *r.substituted) if isinstance(part, Worked)
    }
    lines: Lines = []
    for item in once(s.items, set()):
        if isinstance(item, Relation):
            lines += relation_line(item)
        elif isinstance(item, Read) or item.key not in replaced:
            lines.append(item_line(item))
    return lines


def relation_line(r: Relation) -> Lines:
    """Return both lines of a comparison: the one for true and the one for false."""
    left: Line = equation(r.substituted) if r.substituted else (operand(r.left),)
    right = operand(r.right)
    holds: Line = (f"{r.source} = ", *left, f" {r.op} ", right, If("true", 0, r.key))
    opposite = _OPPOSITE[r.op]
    if opposite in _ORDER:
        left = tuple(p if isinstance(p, str) else Ordered(p) for p in left)  # type: ignore[arg-type]
        right = right if isinstance(right, str) else Ordered(right)  # type: ignore[assignment]
    fails: Line = (f"{r.source} = ", *left, f" {opposite} ", right, If("false", 0, r.key))
    return [holds, fails]


_ORDER = ("<", "<=", ">", ">=")
_OPPOSITE = {
    "==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
    "is": "is not", "is not": "is", "in": "not in", "not in": "in",
}  # fmt: skip
