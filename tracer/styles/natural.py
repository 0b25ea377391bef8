"""Style `natural`: the rule in numbered sentences, and a response that recites them.

The prompt has each statement of the rule as a sentence with a number (see
`rfft.tracer.styles.english.outline`); blocks are nested. Grammar of the response (``[x]`` optional,
``x*`` repeated, each on lines of its own)::

    trace      = begin block
    begin      = "STATES. Begin the process."
               | "Begin NAME, depth N: STATES."          functions called by the rule
    simple     = STEP [ "FACTS. Now CHANGES." | "FACTS. Nothing changes." ]
                                                         of a literal assigned, the STEP alone
    while      = STEP STEP [ told ]                      the loop, its test; of `while True` no more
    if         = STEP told                               elif likewise
    told       = "FACTS, which RELATION. GO"             one comparison with a literal
               | "FACTS, and VALUE RELATION VALUE. GO"   one comparison of two values
               | "FACTS, so CONDITION. GO"               a test that has words of its own
               | "FACTS. The condition [does not] hold[s]. GO"
    for        = STEP STEP [ "FACTS." ] "[Take item N: ]STATES. GO"
               | STEP STEP "No item is left. GO"
    GO         = "Enter the loop." | "The loop is over. Go to step (N)." | "Go to step (N)."
    iteration  = STEP block                              "N.2 One iteration:"
    again      = STEP "Back to the start of the loop."
    else       = STEP block                              of an if or a loop
    leave      = STEP                                    break, continue
    enter      = STEP [ "FACTS." ] [ "The exception is TYPE." ] [ "STATES." ] "Go to step (N)."
                                                         with, case, except, finally, else of a try
    other      = STEP [ "FACTS. Now CHANGES." ]          assert, class, def, del, match, …
    return     = STEP [ "FACTS." ] result                on one line unless other steps come between
    result     = "So the answer is VALUE."               the rule itself
               | "So NAME returns VALUE."                functions called by the rule
    back       = "Back in NAME."                         after a generator's pause, an exception
    failure    = "The rule raises TYPE."                 the last line, in place of a result

    FACTS      = "NAME = VALUE" | "PHRASE is VALUE"      in the order of evaluation, with commas
    CHANGES    = "NAME = VALUE" | "NAME = A OP B = VALUE"     also of an item or attribute
    STATES     = "NAME = VALUE"

A fact that a change shows as its operand is not stated before it. A statement that calls functions
of the rule has each fact on a line of its own, as their steps come between.

A STEP is its number and its sentence, as in the prompt. Comment lines that begin with ``#:`` put
the author's words in the place of a sentence or of the line below it: see
`rfft.tracer.styles.english.notes`.
"""

import ast
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from . import (
    After,
    Changes,
    Depth,
    If,
    Line,
    Lines,
    Number,
    Outcome,
    Param,
    Parts,
    Read,
    Scope,
    Statement,
    Style,
    after_lines,
    counts_itself,
    in_try,
)
from .english.facts import Told, begun, facts, occurs_once
from .english.notes import filled, notes_of
from .english.outline import (
    loop_name,
    original,
    outline,
    step,
    text_of_rule,
)

if TYPE_CHECKING:
    from . import Program


class Natural(Style):
    """The format of the paper's appendix D.3."""

    name = "natural"
    answer = ("So the answer is ", ".")

    def rule(self, rule: "Program") -> str:
        return text_of_rule(rule)

    def task(self, source: str, question: str) -> str:
        return f"Rule:\n{source}\n\nQ: {question}"

    # Functions

    def call(self, scope: Scope, nested: bool) -> Lines:
        notes = notes_of(scope.place) if scope.place is not None else None
        if notes is not None and notes.values and scope.place is not None:
            return [filled(notes.values, scope.place)]
        given: Lines = [(f"{n} = ", Param(n)) for n in scope.params if n != scope.receiver]
        if scope.method:
            given.append((Changes(0, ", "),))  # the attributes of self
        if nested:
            opening: Line = (f"Begin {scope.name}, depth ", Depth())
            return [(Parts((opening, (Parts(tuple(given)),)), ": "), ".")]
        return [sentences((Parts(tuple(given)), "."), ("Begin the process.",))]

    def back(self, scope: Scope) -> Lines:
        return [(f"Back in {scope.name}.",)]

    def failure(self, exception: str) -> Lines:
        return [(f"The rule raises {exception}.",)]

    def result(self, scope: Scope, statement: Statement | None, nested: bool) -> Lines:
        answer = (f"So {scope.name} returns ", Outcome(), ".") if nested else self.answer_line()
        if statement is None:
            return [(outline(scope).recital((-1 - scope.id, "")),), answer]
        notes = notes_of(statement)
        told = [filled(notes.values, statement)] if notes.values else told_facts(statement, [])
        told += changed_in_place(statement)
        if is_interrupted(statement) or in_try(statement):
            return [recital(statement), *told, answer]
        return [recital(statement), sentences(*told, answer)]

    # Statements

    def simple(self, group: Sequence[Statement]) -> Lines:
        (s,) = group
        notes = notes_of(s)
        if notes.values:
            lines = [recital(s), filled(notes.values, s)]
            if "{changes}" in notes.values:
                lines.append(("Nothing changes.", If("unchanged")))
            return lines
        if s.constant:
            return [recital(s)]
        shown = {
            r.name for r in s.equation if isinstance(r, Read) and occurs_once(r.name, original(s))
        }
        return [recital(s), *told_facts(s, changes(s), shown)]

    def statement(self, statement: Statement) -> Lines:
        notes = notes_of(statement)
        if notes.values:
            return [recital(statement), filled(notes.values, statement)]
        return [recital(statement), *told_facts(statement, changed_in_place(statement))]

    def leave(self, statement: Statement) -> Lines:
        return [recital(statement)]

    # Blocks

    def test(self, statement: Statement, outcome: bool, first: bool) -> Lines:
        s = statement
        lines = [recital(s), recital(s, "test")] if s.loop else [recital(s)]
        notes = notes_of(s)
        text = notes.yes if outcome else notes.no
        if text:
            return [*lines, (*filled(text, s), f" {way(s, outcome)}")]
        if s.kind == "for":
            return [*lines, *self.item(s, outcome, first)]
        node = original(s)
        assert isinstance(node, ast.If | ast.While)
        if s.kind == "while" and isinstance(node.test, ast.Constant) and outcome:
            return lines
        ends: Lines = [*changed_in_place(s), (way(s, outcome),)]
        told = Told(s, node.test, outcome, outline(s.scope).english)
        if is_interrupted(s) or not told.line:
            holds = f"The condition {'holds' if outcome else 'does not hold'}."
            return [*lines, *told_facts(s, [(holds,), *ends])]
        return [*lines, sentences((*begun(told.line), "."), *ends)]

    def item(self, statement: Statement, outcome: bool, first: bool) -> Lines:
        """Return the lines for the next item of a ``for``."""
        s = statement
        lines = told_facts(s, []) if first else []
        taken: Line = ("No item is left.",)
        if outcome:
            number: Lines = [] if counts_itself(s) else [("Take item ", Number())]
            given = [stated(s.targets)] if s.targets else []
            taken = (Parts((*number, *given), ": "), ".")
        return [*lines, sentences(taken, *changed_in_place(s), (way(s, outcome),))]

    def iteration(self, statement: Statement) -> Lines:
        return [recital(statement, "iteration")]

    def again(self, statement: Statement) -> Lines:
        back = f"Back to the start of {loop_name(statement)}."
        return [recital(statement, "again"), (back,)]

    def otherwise(self, statement: Statement) -> Lines:
        return [recital(statement, "else")]

    def enter(self, statement: Statement, kind: str, source: str, names: Sequence[str]) -> Lines:
        s = statement
        steps, part = outline(s.scope), part_of(s, kind, source)
        lines: Lines = [recital(s, part)]
        if kind == "with":
            lines += [(*begun(fact), ".") for fact in facts(s, steps.english)]
            lines.append(("Now ", Changes(0, ", "), "."))
        elif kind == "except":
            lines.append(("The exception is ", Outcome(), "."))
        if names:
            lines.append((*stated(names), "."))
        return [*lines, (f"Go to {step(steps.number((s.id, part)))[:-1]}.1).",)]


def recital(s: Statement, part: str = "") -> Line:
    """Return the line that recites a step of a statement."""
    return (outline(s.scope).recital((s.id, part)),)


def way(s: Statement, outcome: bool) -> str:
    """Return where a test leads."""
    steps = outline(s.scope)
    if s.loop:
        if outcome:
            return f"Enter {loop_name(s)}."
        return f"The loop is over. Go to {step(steps.otherwise(s))}."
    there = steps.number((s.body[0].id, "")) if outcome else steps.otherwise(s)
    return f"Go to {step(there)}."


def told_facts(s: Statement, ends: Lines, shown: AbstractSet[str] = frozenset()) -> Lines:
    """Return the facts of a statement with the sentences that follow from them."""
    read = facts(s, outline(s.scope).english, shown)
    if is_interrupted(s):
        return [*((*begun(fact), ".") for fact in read), *([sentences(*ends)] if ends else [])]
    begin: Lines = [(*begun((Parts(tuple(read)),)), ".")] if read else []
    return [sentences(*begin, *ends)] if begin or ends else []


def sentences(*lines: Line) -> Line:
    """Return a line of sentences, each left out if one of its slots has no value."""
    return (Parts(lines, " "),) if len(lines) > 1 else lines[0]


def stated(names: Sequence[str]) -> Line:
    """Return the new values of variables as one enumeration."""
    return (Parts(tuple((f"{name} = ", After(name)) for name in names)),)


def is_interrupted(s: Statement) -> bool:
    """Tell whether the facts of a statement stand on lines of their own: steps come between."""
    return s.calls or s.pauses


def changed_in_place(s: Statement) -> Lines:
    """Return the sentence for what a statement that assigns nothing has changed, if it may."""
    return [("Now ", Changes(0, ", "), ".")] if s.looks else []


def changes(s: Statement) -> Lines:
    """Return the sentences that tell what a simple statement has changed."""
    changed = after_lines(s)
    if s.looks:
        changed.append((Changes(0, ", "),))
    lines: Lines = [("Now ", Parts(tuple(changed)), ".")] if changed else []
    if not (s.targets or s.pauses):
        lines.append(("Nothing changes.", If("unchanged")))
    return lines


def part_of(s: Statement, kind: str, source: str) -> str:
    """Return which part of a statement a block is, told by its head."""
    text, node = s.scope.source, original(s)
    heads: list[str] = []
    if kind == "case" and isinstance(node, ast.Match):
        heads = [text.case(c) for c in node.cases]
    elif kind == "except" and isinstance(node, ast.Try | ast.TryStar):
        heads = [text.handler(h) for h in node.handlers]
    if heads:
        return f"{kind} {heads.index(source) if source in heads else 0}"
    return "" if kind == "with" else kind
