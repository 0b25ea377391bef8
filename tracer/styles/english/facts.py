"""What a step tells of values: the facts that it reads, and how a test turns out."""

import ast
from collections.abc import Set as AbstractSet

from ...plan.source import walk
from ...plan.statements import Read, Statement, Worked
from ..slots import (
    Before,
    Line,
    Lines,
    Parts,
    Piece,
    Value,
    stated_items,
)
from .levels import CLAUSE
from .phrases import English
from .values import BOOL, NUMBER


def fact(item: Read | Worked, english: English) -> Line:
    """Return what states an item: ``NAME = VALUE`` or ``PHRASE is VALUE``."""
    if isinstance(item, Read):
        return (f"{item.name} = ", Before(item))
    if item.source.isidentifier():
        return (f"{item.source} = ", Value(item.key))
    subject = _subject(item.source, english)
    return (f"{subject} {'=' if subject == item.source else 'is'} ", Value(item.key))


def _subject(source: str, english: English) -> str:
    try:
        node = ast.parse(source, mode="eval").body
    except SyntaxError:
        return source
    if english.kinds.of(node) == BOOL:
        text, level = english.phrase(node)
        if text.startswith("whether "):
            return f"the claim that {text.removeprefix('whether ')}"
        return text if level > CLAUSE else f"({text})"
    return english.operation(node)


def facts(
    s: Statement,
    english: English,
    shown: AbstractSet[str] = frozenset(),
    without: Read | Worked | None = None,
) -> Lines:
    """Return the facts that a statement states, each variable once.

    Those of the variables `shown`, and the one `without`, are left out.
    """
    return [fact(item, english) for _, item in stated_items([s], shown) if item is not without]


def begun(line: Line) -> Line:
    """Return a line with a capital letter where it begins with a word of ours."""
    first = line[0]
    if isinstance(first, Parts):
        return (Parts((begun(first.parts[0]), *first.parts[1:]), first.separator), *line[1:])
    if isinstance(first, str) and first.startswith("the "):
        return (f"T{first[1:]}", *line[1:])
    return line


def occurs_once(name: str, node: ast.stmt) -> bool:
    """Tell whether a statement names a variable once, besides its targets."""
    value = getattr(node, "value", node)
    times = sum(isinstance(n, ast.Name) and n.id == name for n in walk(value))
    target = node.target if isinstance(node, ast.AugAssign) else None
    return times < (1 if isinstance(target, ast.Name) and target.id == name else 2)


class Told:
    """How a test turned out, in one sentence: `line` is empty where there is none that fits."""

    def __init__(self, s: Statement, test: ast.expr, outcome: bool, english: English) -> None:
        self.s = s
        self.english = english
        while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test, outcome = test.operand, not outcome
        self.outcome = outcome
        binds = any(isinstance(n, ast.NamedExpr) for n in walk(test))
        self.line: Line = () if s.mutates or binds else self.of(test)

    def of(self, test: ast.expr) -> Line:
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            return self.compared(test)
        own = self.item(test)
        said = self.english.as_condition(test) if isinstance(test, ast.Call) else None
        if said is not None:
            return self.joined(own, f", so {said[0] if self.outcome else said[1]}")
        if own is None or isinstance(test, ast.BoolOp | ast.Compare):
            return ()
        is_bool = self.english.kinds.of(test) == BOOL
        if isinstance(test, ast.Name):
            own_fact = fact(own, self.english)
            return own_fact if is_bool else (*own_fact, self.truth(test))
        if is_bool:
            return ()
        return self.joined(own, *fact(own, self.english), self.truth(test), separator=", ")

    def truth(self, test: ast.expr) -> str:
        """Return what is said of a value after it is stated; that 0 is 0 needs no words."""
        if self.english.kinds.of(test) == NUMBER and not self.outcome:
            return ""
        return f", which {self.english.truth(test, self.outcome)}"

    def compared(self, test: ast.Compare) -> Line:
        """Return the sentence for a single comparison."""
        (operator,), (right,) = test.ops, test.comparators
        if not self.english.kinds.compares(test.left, operator, right):
            return ()
        left = self.item(test.left)
        words = self.english.relation(operator, right, self.outcome)
        if left is not None and _is_literal(right):
            which = f", which {words} {self.english.operation(right)}"
            return self.joined(left, *fact(left, self.english), which, separator=", ")
        one, other = self.operand(test.left), self.operand(right)
        if one is None or other is None:
            return ()
        return self.joined(None, ", and ", one, f" {words} ", other)

    def joined(self, without: Read | Worked | None, *end: Piece, separator: str = "") -> Line:
        """Return the facts, but for one of them, with the end of the sentence."""
        others = facts(self.s, self.english, without=without)
        if others:
            return (Parts(tuple(others)), *([separator] if separator else []), *end)
        begin = end[0]
        if isinstance(begin, str):
            begin = begin.removeprefix(", so ").removeprefix(", and ")
        return (begin, *end[1:])

    def item(self, node: ast.expr) -> Read | Worked | None:
        """Return the item that states the value of an expression, if one alone does."""
        if isinstance(node, ast.Name):
            named = [i for i in self.s.items if isinstance(i, Read) and i.name == node.id]
            return named[0] if named else None
        source = self.s.scope.source.expression(node)
        worked = [i for i in self.s.items if isinstance(i, Worked) and i.source == source]
        return worked[0] if len(worked) == 1 else None

    def operand(self, node: ast.expr) -> Piece | None:
        """Return the value of one side of a comparison."""
        if _is_literal(node):
            return self.english.operation(node)
        item = self.item(node)
        if item is None:
            return None
        return Before(item) if isinstance(item, Read) else Value(item.key)


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, MemoryError, RecursionError):
        return False
    return True
