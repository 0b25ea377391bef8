"""Names what is wrong with the first wrong line."""

import ast
import warnings
from collections.abc import Sequence

from ..plan import Statement
from ..rule import Rule
from ..template import After, Before, States, Value
from .forms import Form, is_answer, is_equation, names_of
from .nodes import Node
from .reader import Position, Reader
from .text import tidy
from .verdict import Kind

_LONGEST = 1000  # characters of a line that is tried as Python


def kind_of(rule: Rule, reader: Reader, expected: str, given: str) -> Kind:
    """Return what is wrong with a line that stands where another is expected.

    `reader` has read what comes before, none of which is wrong.
    """
    true, text = tidy(expected), tidy(given)
    wanted = _one(reader.following(0, true) or reader.elsewhere(0, true))
    legal = reader.following(0, text)
    found = legal or reader.elsewhere(0, text)
    if wanted is not None:
        slip = _same_line(wanted, found, text)
        if slip is not None:
            return slip
        for other in legal:
            decision = _decision(wanted.node, wanted, other)
            if decision is not None:
                return decision
        head = _head(true)
        if head and text.startswith(head) and wanted.read and wanted.read.form.slots:
            return Kind.arithmetic if is_equation(wanted.read.form) else Kind.state
        if wanted.read and _answers(wanted) and _looks_like_answer(text, wanted.read.form):
            return Kind.answer
    if found and not _distorts(wanted, found, text):
        return _misplaced(rule, wanted, found)
    return _foreign(rule, wanted, text)


def _one(positions: Sequence[Position]) -> Position | None:
    return positions[0] if positions else None


def _same_line(wanted: Position, found: Sequence[Position], text: str) -> Kind | None:
    """Return what is wrong if the line is the expected one with another value in it."""
    read = wanted.read
    assert read is not None
    for other in found:
        assert other.read is not None
        if other.read.form is not read.form and not _alike(other.read.form, read.form):
            continue
        if not read.form.slots:
            continue
        if is_answer(read.form):
            return Kind.answer if _answers(wanted) else Kind.state
        differing = [
            slot
            for (slot, a), (_, b) in zip(read.values, other.read.values, strict=False)
            if a != b
        ]
        if not is_equation(read.form):
            return Kind.state
        worked = read.values[-1][0] if read.values else None
        if all(isinstance(slot, Value) or slot is worked for slot in differing):
            return Kind.arithmetic
        return Kind.state
    return None


def _alike(one: Form, other: Form) -> bool:
    """Tell whether two forms are the same text with the same slots."""
    return one.constant is None and one.pieces == other.pieces


def _answers(position: Position) -> bool:
    """Tell whether a position is at the answer of the rule itself."""
    assert position.read is not None
    return (
        position.node.kind in ("result", "tail")
        and position.frame.caller is None
        and is_answer(position.read.form)
    )


def _looks_like_answer(text: str, form: Form) -> bool:
    return any(head.strip() and text.startswith(head.strip()) for head in form.heads)


def _head(line: str) -> str:
    """Return a line up to the first sign of equality that states something."""
    head, sign, _ = line.partition(" = ")
    return head + sign if sign else ""


def _decision(node: Node, wanted: Position, other: Position) -> Kind | None:
    """Return which decision the text has made otherwise, if its line can follow, too."""
    one, two = wanted.read, other.read
    assert one is not None
    assert two is not None
    s = node.statement
    if other.node is node and one.form.arm is not None and two.form.arm is not None:
        if one.form.arm is two.form.arm or s is None:
            return None
        return _turned(s, entered=two.form.arm)
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
        return None if two.form.constant is not None and _recites(two.form, other) else Kind.branch
    return None


def _turned(s: Statement, entered: bool) -> Kind:
    """Return what it is to decide a test the wrong way."""
    if not s.loop:
        return Kind.branch
    return Kind.left_late if entered else Kind.left_early


def _around(node: Node) -> list[Statement]:
    """Return the statements that a node stands in, a loop's own moments counted as inside."""
    found: list[Statement] = []
    s = node.statement
    if s is not None and not (s.loop and node.kind != "section"):
        s = s.parent
    while s is not None:
        found.append(s)
        s = s.parent
    return found


def _recites(form: Form, position: Position) -> bool:
    """Tell whether a line is a line of the rule."""
    node = position.node
    sources = [s.source for s in node.group] + [node.source, "else:"]
    return any(form.constant == tidy(line) for source in sources for line in source.split("\n"))


def _distorts(wanted: Position | None, found: Sequence[Position], text: str) -> bool:
    """Tell whether a line is more likely a line of the rule, got wrong, than what it could be."""
    if wanted is None or wanted.read is None or not _recites(wanted.read.form, wanted):
        return False
    if any(o.read is not None and _recites(o.read.form, o) for o in found):
        return False
    head = _head(wanted.read.text)
    return bool(head) and text.startswith(head)


def _misplaced(rule: Rule, wanted: Position | None, found: Sequence[Position]) -> Kind:
    """Return what is wrong with a line that the trace language has, elsewhere."""
    for other in found:
        assert other.read is not None
        if _recites(other.read.form, other):
            return Kind.wrong_line
    if wanted is not None and wanted.read is not None:
        if any(_answers(o) for o in found):
            inside = any(s.loop for s in _around(wanted.node))
            return Kind.left_early if inside else Kind.misplaced
        mine = names_of(wanted.read.form)
        if mine and any(mine & {_name(slot) for slot, _ in o.read.values} for o in found if o.read):
            return Kind.state
    return Kind.misplaced


def _name(slot: object) -> str:
    if isinstance(slot, Before):
        return slot.read.name
    if isinstance(slot, States):
        return slot.names[0]
    return slot.name if isinstance(slot, After) else ""


def _foreign(rule: Rule, wanted: Position | None, text: str) -> Kind:
    """Return what is wrong with a line that the trace language does not have."""
    statement = _python(text)
    if statement is None:
        return Kind.foreign
    if _distorts(wanted, (), text):
        return Kind.not_the_rules
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        try:
            ast.literal_eval(statement.value)
        except (ValueError, TypeError, MemoryError, RecursionError):
            return Kind.not_the_rules
        name = statement.targets[0].id
        known = {n for scope in rule.module.functions for n in scope.names}
        return Kind.state if name in known else Kind.foreign
    if isinstance(statement, ast.Expr) and not isinstance(
        statement.value, ast.Call | ast.Await | ast.Yield | ast.YieldFrom
    ):
        return Kind.foreign  # a word, a number
    return Kind.not_the_rules


def _python(text: str) -> ast.stmt | None:
    """Return the statement, or the head of one, that a line is in Python; None if it is none."""
    if len(text) > _LONGEST:
        return None
    tries = [text]
    if text.endswith(":"):
        body = f"{text}\n pass"
        tries = [body, f"if x:\n pass\n{body}", f"try:\n pass\n{body}"]
        if text.startswith("case "):
            tries = [f"match x:\n {text}\n  pass"]
    for source in tries:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                body_ = ast.parse(source).body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            continue
        if len(body_) == 1:
            return body_[0]
    return None
