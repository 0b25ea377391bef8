"""The steps of a function: what numbers its statements have and what their sentences are.

The statements of a block are numbered from 1, with the number of the block in front (``2.1``).
A loop has three steps of its own inside: its test, one iteration (which holds the block), and the
way back. The other blocks of a statement (``elif``, ``else``, ``except``, ``finally``) stand beside
it, with the numbers that follow. A function that can end without a ``return`` has one last step.
"""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from ...plan.kinds import kind_of
from ...plan.names import FunctionNode
from ...plan.planner import room
from ...plan.source import SourceText, walk
from ...plan.statements import Scope, Statement
from ..context import loop_title, within
from .kinds import Kinds
from .levels import enumeration
from .notes import Notes, check, notes_of
from .sentences import Sentences, is_true
from .values import NUMBER, TEXT

if TYPE_CHECKING:
    from ...program import Program

Key: TypeAlias = tuple[int, str]
"""A step: the statement's number in the plan, and which part of it."""


@dataclass(slots=True)
class Entry:
    """A numbered step."""

    number: str
    depth: int
    statement: Statement | None  # None for the end of a function
    part: str
    after: Key | None  # the step that follows when the statement is done


class Outline:
    """The steps of some statements, those of functions and classes defined there included."""

    def __init__(self, kinds: Kinds) -> None:
        self.english = Sentences(kinds)
        self.entries: dict[Key, Entry] = {}
        self.said: dict[Key, str] = {}  # the steps recited so far

    # Numbers

    def function(self, scope: Scope, prefix: str, depth: int) -> None:
        """Number the steps of a function."""
        end = (-1 - scope.id, "")
        last = self.block(scope.body, prefix, depth, end)
        if not leaves(scope.body):
            self.entries[end] = Entry(f"{prefix}{last}", depth, None, "", None)

    def block(self, block: Sequence[Statement], prefix: str, depth: int, after: Key | None) -> int:
        """Number the steps of a block; return the number that comes next."""
        number = 1
        for n, s in enumerate(block):
            following = (block[n + 1].id, "") if n + 1 < len(block) else after
            number = self.statement(s, prefix, number, depth, following)
        return number

    def statement(
        self, s: Statement, prefix: str, number: int, depth: int, after: Key | None
    ) -> int:
        """Number a statement and the blocks in it; return the number that comes next."""
        own = self.add(s, "", f"{prefix}{number}", depth, after)
        number += 1
        done = (s.id, "finally") if s.finalbody else after
        beside = [("else", s.orelse)] if s.orelse and not s.orelse[0].elif_ else []
        if s.loop:
            self.add(s, "test", f"{own}.1", depth + 1, after)
            body = self.add(s, "iteration", f"{own}.2", depth + 1, after)
            self.block(s.body, f"{body}.", depth + 2, (s.id, "again"))
            self.add(s, "again", f"{own}.3", depth + 1, after)
        elif s.kind == "match":
            for n, handler in enumerate(s.handlers):
                case = self.add(s, f"case {n}", f"{own}.{n + 1}", depth + 1, after)
                self.block(handler, f"{case}.", depth + 2, after)
        elif s.kind == "try":
            self.block(s.body, f"{own}.", depth + 1, (s.id, "else") if s.orelse else done)
            beside = [*((f"except {n}", h) for n, h in enumerate(s.handlers)), *beside]
            if s.finalbody:
                beside.append(("finally", s.finalbody))
        elif s.inner is not None and s.inner.kind == "function":
            self.function(s.inner, f"{own}.", depth + 1)
        elif s.inner is not None:
            self.block(s.inner.body, f"{own}.", depth + 1, after)
        else:
            self.block(s.body, f"{own}.", depth + 1, after)
        if s.orelse and s.orelse[0].elif_:
            return self.statement(s.orelse[0], prefix, number, depth, after)
        for part, block in beside:
            head = self.add(s, part, f"{prefix}{number}", depth, after)
            self.block(block, f"{head}.", depth + 1, after if part == "finally" else done)
            number += 1
        return number

    def add(self, s: Statement, part: str, number: str, depth: int, after: Key | None) -> str:
        self.entries[s.id, part] = Entry(number, depth, s, part, after)
        return number

    def number(self, key: Key | None) -> str:
        """Return the number of a step."""
        return self.entries[key].number if key in self.entries else "the end"

    def after(self, s: Statement) -> str:
        """Return the number of the step that follows a statement when it is done."""
        return self.number(self.entries[s.id, ""].after)

    def otherwise(self, s: Statement) -> str:
        """Return the number of the step that follows when the test of a statement fails."""
        if s.orelse:
            return self.number((s.orelse[0].id, "") if s.orelse[0].elif_ else (s.id, "else"))
        return self.after(s)

    # Sentences

    def recital(self, key: Key) -> str:
        """Return a step with its number, as a response recites it."""
        said = self.said.get(key)
        if said is None:
            entry = self.entries.get(key)
            if entry is None:
                return "Return None."  # control cannot come here
            dot = "" if "." in entry.number else "."
            with room():
                said = self.said[key] = f"{entry.number}{dot} {self.sentence(entry)}"
        return said

    def lines(self) -> list[str]:
        """Return all steps as a prompt shows them."""
        return [f"{'    ' * e.depth}{self.recital(key)}" for key, e in self.entries.items()]

    def sentence(self, entry: Entry) -> str:
        """Return the sentence of a step."""
        s, part, english = entry.statement, entry.part, self.english
        if s is None:
            return "Return None."
        notes = notes_of(s)
        node = original(s)
        if part == "":
            return notes.sentence or self.head(s, node)
        if part == "test":
            return self.test(s, notes)
        if part == "iteration":
            return "One iteration:"
        if part == "again":
            return f"Return to the start of {loop_name(s)}."
        if part == "finally":
            return "In any case, at the end:"
        if part == "else":
            return {"if": "Otherwise:", "try": "If they raise nothing:"}.get(
                s.kind, "If the loop was not left early:"
            )
        kind, _, n = part.partition(" ")
        if kind == "case":
            assert isinstance(node, ast.Match)
            return english.case(node.cases[int(n)])
        assert isinstance(node, ast.Try | ast.TryStar)
        return english.handler(node.handlers[int(n)], isinstance(node, ast.TryStar))

    def head(self, s: Statement, node: ast.stmt) -> str:
        """Return the sentence of a statement, or of its head."""
        if s.moment == "leave":
            loop, through_finally = around(s)
            if loop is None:
                return "Leave the loop."
            if s.kind == "continue":
                said, number = "Skip the rest of the iteration", self.number((loop.id, "again"))
            else:
                said, number = f"Leave {loop_name(loop)}", self.after(loop)
            return f"{said}." if through_finally else f"{said}, go to {step(number)}."
        sentence = self.english.statement(node)
        if s.elif_:
            sentence = f"Otherwise, i{sentence[1:]}"
        return sentence

    def test(self, s: Statement, notes: Notes) -> str:
        """Return the sentence of a loop's test."""
        node, number = original(s), step(self.otherwise(s))
        if notes.test:
            return notes.test.replace("{next}", self.otherwise(s))
        if isinstance(node, ast.For | ast.AsyncFor):
            kind = self.english.kinds.item(node.iter)
            thing = "character" if self.english.kinds.of(node.iter) == TEXT else "item"
            if kind == NUMBER and isinstance(node.iter, ast.Call):
                thing = "number"
            target = self.english.operation(node.target)
            rest = f"If there is none left, the loop is over, go to {number}."
            return f"Take the next {thing} as {target}. {rest}"
        assert isinstance(node, ast.While)
        if is_true(node.test):
            return f"Enter {loop_name(s)}."
        check = f"Check whether {self.english.condition(node.test)}."
        return f"{check} If so, enter {loop_name(s)}; otherwise, the loop is over, go to {number}."


def step(number: str) -> str:
    """Return a step's number as a sentence mentions it."""
    return f"step ({number})" if number[0].isdigit() else number


def loop_name(s: Statement) -> str:
    """Return what a loop is called: outer and inner where loops are nested."""
    title = loop_title(s)
    return "the loop" if title == "Main loop" else f"the {title.lower()}"


def around(s: Statement) -> tuple[Statement | None, bool]:
    """Return the loop that a statement leaves, and whether a ``finally`` runs on the way."""
    final = False
    inner, above = s, s.parent
    while above is not None:
        if above.loop and inner in above.body:
            return above, final
        final = final or (bool(above.finalbody) and inner not in above.finalbody)
        inner, above = above, above.parent
    return None, final


def leaves(block: Sequence[Statement]) -> bool:
    """Tell whether control surely never reaches the end of a block."""
    if not block:
        return False
    last = block[-1]
    if kind_of(last.node).ends:
        return True
    if last.kind == "if":
        return leaves(last.body) and leaves(last.orelse)
    if last.kind == "while":
        endless = is_true(original(last).test)  # type: ignore[attr-defined]
        return endless and not any(
            around(s)[0] is last for s in within(last.body) if s.kind == "break"
        )
    if last.kind == "try":
        whole = leaves(last.orelse) or leaves(last.body)
        return leaves(last.finalbody) or (whole and all(map(leaves, last.handlers)))
    return False


# Outlines of rules


@lru_cache(maxsize=64)
def outline(scope: Scope) -> Outline:
    """Return the outline that holds the steps of a function."""
    top, above = scope, scope
    while above.place is not None:
        above = above.place.scope
        if above.kind == "function":
            top = above
    if top is not scope:
        return outline(top)
    node = above.node if top.place is None else original(top.place)
    with room():
        made = Outline(Kinds(node, module_kinds(above)))
        made.function(top, "", 0)
    return made


@lru_cache(maxsize=16)
def module_kinds(scope: Scope) -> Kinds:
    """Return the kinds of a module's own names."""
    tree, _ = _parsed(scope.source)
    return Kinds(tree)


@lru_cache(maxsize=16)
def _parsed(source: SourceText) -> tuple[ast.Module, dict[tuple[int, int], ast.stmt]]:
    """Return the tree of a module, and its statements by their places."""
    tree = ast.parse(source.text)
    return tree, {(n.lineno, n.col_offset): n for n in walk(tree) if isinstance(n, ast.stmt)}


def original(s: Statement) -> ast.stmt:
    """Return the syntax tree of a statement; that of the plan may be rewritten for recording."""
    return _parsed(s.scope.source)[1][s.line, s.node.col_offset]


def text_of_rule(rule: "Program") -> str:
    """Return a rule in numbered sentences, with the functions and constants that it uses.

    Raises SourceRejected if a comment asks for a value that there is not.
    """
    module, parts = rule.module, rule.parts
    check(module.statements)
    functions = [p for p in parts if isinstance(p, FunctionNode | ast.ClassDef)]
    alone = functions == [rule.node] and not _calls_itself(rule)
    paragraphs: list[list[str]] = []
    plain: list[Statement] = []
    for part in parts:
        s = module.plan_of[part]
        if isinstance(part, ast.ImportFrom) and part.module in ("typing", "__future__"):
            continue  # the sentences have no annotations
        if s.inner is not None:
            paragraphs += _setup(plain, module.scopes[0])
            plain = []
            paragraphs += _definition(s, rule, alone)
        else:
            plain.append(s)
    paragraphs += _setup(plain, module.scopes[0])
    return "\n\n".join("\n".join(lines) for lines in paragraphs)


def _setup(block: Sequence[Statement], scope: Scope, head: str = "Given:") -> list[list[str]]:
    """Return the steps of a module or a class body."""
    if not block:
        return []
    made = Outline(module_kinds(scope))
    made.block(block, "", 0, None)
    return [[head, *made.lines()]]


def _definition(s: Statement, rule: "Program", alone: bool) -> list[list[str]]:
    """Return the paragraphs of a function or class."""
    scope = s.inner
    assert scope is not None
    if scope.kind == "class":
        module = rule.module.scopes[0]
        head = Sentences(module_kinds(module)).statement(original(s)).removeprefix("Define the c")
        plain = [member for member in scope.body if member.inner is None]
        paragraphs = _setup(plain, module, f"C{head}") or [[f"C{head}"]]
        for member in scope.body:
            if member.inner is not None:
                paragraphs += _definition(member, rule, alone)
        return paragraphs
    steps = outline(scope)
    notes = notes_of(s)
    node = original(s)
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    if alone:
        given = steps.english.given_to(node)
        inputs = f"The input{'s are' if len(given) > 1 else ' is'} {enumeration(given)}."
        head = notes.sentence or ("" if notes.any or not given else inputs)
    else:
        of_class = f" of the class {s.scope.name}" if s.scope.kind == "class" else ""
        start = " (start here)" if scope is rule.scope else ""
        decorated = steps.english.decorated(node)
        words = f"Function {steps.english.head(node)}{of_class}{decorated}{start}:"
        head = notes.sentence or words
    return [[*([head] if head else []), *steps.lines()]]


def _calls_itself(rule: "Program") -> bool:
    names = (getattr(n, "id", getattr(n, "attr", "")) for n in ast.walk(rule.node))
    return rule.scope.name in names
