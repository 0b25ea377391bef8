"""Names what is wrong with the first wrong line."""

import ast
import re
import warnings
from collections.abc import Sequence, Set
from itertools import zip_longest

from ..plan.statements import Statement
from ..rule import Rule
from ..styles.slots import Outcome, Piece, Value
from ..verdict import Kind
from .forms import Form, worked
from .nodes import Node, name_of
from .reader import Position, Reader
from .text import tidy

_LONGEST = 1000  # characters of a line that is tried as Python


def kind_of(rule: Rule, reader: Reader, expected: str, given: str) -> Kind:
    """Return what is wrong with a line that stands where another is expected.

    `reader` has read what comes before, none of which is wrong.
    """
    recitals = _recitals(rule, reader)
    true, text = tidy(expected), tidy(given)
    wanted = _likeliest(reader.following(0, true) or reader.elsewhere(0, true))
    names = {name for scope in rule.module.functions for name in scope.names}
    legal = _of_names(reader.following(0, text), names)
    readings = legal or _of_names(reader.elsewhere(0, text), names)
    if wanted is not None:
        for other in readings:
            if _alike(other.read.form, wanted.read.form):
                return _other_value(wanted, other)
        if true in recitals and text not in recitals and _resembles(true, text):
            return Kind.not_the_rules
        for other in legal:
            decision = _decision(wanted.node, wanted, other, recitals)
            if decision is not None:
                return decision
        distorted = _distorted(wanted, true, text)
        if distorted is not None and true not in recitals:
            return distorted
    if text in recitals:
        return Kind.wrong_line
    return _misplaced(wanted, readings) if readings else _foreign(text, recitals, names)


def _of_names(positions: Sequence[Position], names: Set[str]) -> list[Position]:
    """Return the positions of a line that state nothing of variables that the rule does not have.

    The forms for changes would take any name.
    """
    stated = names | {""}
    return [
        p
        for p in positions
        if all(name_of(slot).partition(".")[0] in stated for slot, _ in p.read.values)
    ]


def _recitals(rule: Rule, reader: Reader) -> frozenset[str]:
    """Return the lines of a rule, as a text in the style recites them."""
    style = reader.graph.style
    if not style.has_rule:
        return frozenset()
    return frozenset(filter(None, map(tidy, style.rule(rule).split("\n"))))


def _likeliest(positions: Sequence[Position]) -> Position | None:
    """Return the first position, a line of the rule rather than a variable's state."""
    constant = (p for p in positions if p.read.form.constant is not None)
    return next(constant, positions[0] if positions else None)


def _alike(one: Form, other: Form) -> bool:
    """Tell whether two forms with slots are the same text with the same slots."""
    return one.constant is None and one.arm is other.arm and one.pieces == other.pieces


def _other_value(wanted: Position, other: Position) -> Kind:
    """Return what is wrong if the line is the expected one with another value in it."""
    pairs = zip_longest(wanted.read.values, other.read.values)
    wrong = [(mine or its)[0] for mine, its in pairs if mine != its]
    _, results = worked(wanted.read.form)
    return _kind_of_slot(wrong[0], wanted, results.isdisjoint(wrong)) if wrong else Kind.state


def _kind_of_slot(slot: Piece, wanted: Position, right: bool) -> Kind:
    """Return what it is to state another value in a slot of the expected line.

    `right` tells whether the results that the line states are right.
    """
    if isinstance(slot, Outcome):
        return Kind.answer if _answers(wanted) else Kind.state
    operands, results = worked(wanted.read.form)
    if isinstance(slot, Value) or slot in results or (right and slot in operands):
        return Kind.arithmetic
    return Kind.state


def _distorted(wanted: Position, true: str, text: str) -> Kind | None:
    """Return what is wrong if a line begins like the expected one, up to a value or operation."""
    form, position, behind = wanted.read.form, _first_difference(true, text), 0
    operands, results = worked(form)
    for slot, start, end in form.spans(true):
        if start <= position <= end:
            return _kind_of_slot(slot, wanted, text.endswith(true[end:]))
        if behind < position < start:
            between = true[behind:start]
            equal = between.find(" = ") if slot in operands or between.count(" = ") > 1 else -1
            literal = slot in operands | results and position > behind + equal
            return Kind.arithmetic if literal or _OPERATOR.fullmatch(between) else None
        behind = end
    return None


_OPERATOR = re.compile(r"[^\w,]*[-+*/%=<>&|^@][^\w,]*")


def _first_difference(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their start."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _answers(position: Position) -> bool:
    """Tell whether a position is at the answer of the rule itself."""
    return (
        position.node.kind in ("result", "tail")
        and position.frame.caller is None
        and Outcome() in position.read.form.slots
    )


def _decision(
    node: Node, wanted: Position, other: Position, recitals: frozenset[str]
) -> Kind | None:
    """Return which decision the text has made otherwise, if its line can follow, too."""
    one, two = wanted.read, other.read
    s = node.statement
    if other.node is node and one.form.arm is not None and two.form.arm is not None:
        if one.form.arm is two.form.arm or s is None:
            return None
        if not s.loop:
            return Kind.branch
        return Kind.left_late if two.form.arm else Kind.left_early
    mine, its = _around(node), _around(other.node)
    for loop in mine:
        if loop not in its and loop.loop and node.kind in ("again", "test", "iteration"):
            return Kind.left_early
    for loop in its:
        if loop not in mine and loop.loop and other.node.kind in ("again", "test", "iteration"):
            return Kind.left_late
    if _answers(other):
        return Kind.left_early if any(s.loop for s in mine) else None
    shared = [s for s in mine if s in its]
    if len(shared) < max(len(mine), len(its)) and any(
        s.kind in ("if", "match", "try") and s not in (wanted.node.statement, other.node.statement)
        for s in {*mine, *its}
    ):
        return None if two.text in recitals else Kind.branch
    return None


def _around(node: Node) -> list[Statement]:
    """Return the statements that a node stands in, a loop's own moments counted as inside."""
    s = node.statement
    if s is not None and not (s.loop and node.kind != "section"):
        s = s.parent
    around: list[Statement] = []
    while s is not None:
        around.append(s)
        s = s.parent
    return around


def _misplaced(wanted: Position | None, readings: Sequence[Position]) -> Kind:
    """Return what is wrong with a line that the trace language has, elsewhere."""
    if wanted is not None:
        if any(map(_answers, readings)):
            inside = any(s.loop for s in _around(wanted.node))
            return Kind.left_early if inside else Kind.misplaced
        mine = {name_of(slot) for slot in wanted.read.form.slots} - {""}
        if any(name_of(slot) in mine for other in readings for slot, _ in other.read.values):
            return Kind.state
    return Kind.misplaced


def _foreign(text: str, recitals: Set[str], names: Set[str]) -> Kind:
    """Return what is wrong with a line that the trace language does not have."""
    if _STEP.match(text) and any(map(_STEP.match, recitals)):
        return Kind.not_the_rules
    statement = _python(text)
    if statement is None:
        return Kind.foreign
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        try:
            ast.literal_eval(statement.value)
        except (ValueError, TypeError, MemoryError, RecursionError):
            return Kind.not_the_rules if recitals else Kind.foreign
        return Kind.state if statement.targets[0].id in names else Kind.foreign
    if isinstance(statement, ast.Expr) and not isinstance(
        statement.value, ast.Call | ast.Await | ast.Yield | ast.YieldFrom
    ):
        return Kind.foreign  # a word, a number
    return Kind.not_the_rules if recitals else Kind.foreign


_STEP = re.compile(r"\d+(\.\d+)*\.? \S")  # how numbered sentences begin


def _resembles(line: str, text: str) -> bool:
    """Tell whether a text is a line with a few changes in one place."""
    before = _first_difference(line, text)
    after = _first_difference(line[before:][::-1], text[before:][::-1])
    return before + after >= max(len(line), len(text)) / 2


def _python(text: str) -> ast.stmt | None:
    """Return the statement, or the head of one, that a line is in Python; None if it is none."""
    if len(text) > _LONGEST:
        return None
    sources = [text]
    if text.endswith(":") and text.startswith("case "):
        sources = [f"match x:\n {text}\n  pass"]
    elif text.endswith(":"):
        block = f"{text}\n pass"
        sources = [block, f"if x:\n pass\n{block}", f"try:\n pass\n{block}"]
    for source in sources:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                (statement,) = ast.parse(source).body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            continue
        return statement
    return None
