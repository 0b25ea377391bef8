"""Style `rfft`: every step recites the rule, states what it reads, and states what has changed.

Grammar (``[x]`` optional, ``x*`` repeated, each on lines of its own)::

    trace      = call
    call       = [ "call NAME, depth N" ]                  functions called by the rule
                 "1. Initialize"  state*                   the parameters; the attributes of self
                 block
    section    = "N. TITLE"                                before a loop: Main, Outer or Inner loop;
                                                           the comment above a statement, if any
    simple     = RECITAL+ item*                            neighbours that do not depend on each
                 [ changed | "no change" ]                 other share one recital; an assignment
                                                           of a literal is its recital alone
    test       = RECITAL item* [ changed ] verdict         if, elif, while
    for        = RECITAL item* [ "item N" ] changed "enter the loop"
               | RECITAL item* "no more items" "do not enter"
    verdict    = "enter the loop" | "do not enter"         loops
               | "enter if" | "do not enter if"            if (elif likewise)
    iteration  = "N.1 One iteration" block
    else       = "else:" "enter else" block                of an if, a loop or a try
    leave      = "break" "leave the loop" | "continue" "go to the next iteration"
    enter      = RECITAL item* state* "enter KIND"         with, case, finally
               | RECITAL "the exception is TYPE" state* "enter except"
    other      = RECITAL item* [ changed ]                 assert, class, def, del, import, match,
                                                           pass, raise, try
    return     = "N. Return" RECITAL item* [ changed ] result
               | "N. Return" result                        the function ends without a return
    result     = "So the answer is VALUE"                  the rule itself
               | "NAME returns VALUE"                      functions called by the rule
    back       = "back in NAME"                            after a generator's pause, an exception
    failure    = "The rule raises TYPE"                    the last line, in place of a result; the
                                                           step that raised stops where it did

    item       = "NAME = VALUE"                            a variable that is read
               | "EXPRESSION = VALUE"                      a sub-expression, innermost first
    changed    = "now," change+
    change     = state | "PLACE = A OP B = VALUE"          an operation with its values put in; of
                                                           an item, before what holds the item
    state      = "NAME = VALUE"
    PLACE      = NAME | NAME "[" VALUE "]" | NAME "." NAME …

What ``:=`` binds is an item, stated when it is bound. A recital is the text of the rule, dedented;
of a compound statement, its header up to the colon, on as many lines as it has; of a definition,
the decorators before it, too. A comment is the title of what stands below it where it is words: not
code, nor a note of what is still to be done, nor a word to a tool.
"""

from collections.abc import Sequence

# Other styles extend this one through the package, so it stands below that and not on top of it.
from ..plan.statements import Scope, Statement, independent, neighbours
from .context import counts_itself, loop_title
from .slots import (
    ALL,
    After,
    Changes,
    Depth,
    If,
    Line,
    Lines,
    Number,
    Outcome,
    Param,
    after_lines,
    item_lines,
)
from .style import Style


class Rfft(Style):
    """The format of the paper's appendix D.1."""

    name = "rfft"

    def task(self, source: str, question: str) -> str:
        return f"Rule:\n\n{source}\n\nQ: {question}"

    # Functions and sections

    def call(self, scope: Scope, nested: bool) -> Lines:
        lines: Lines = [(f"call {scope.name}, depth ", Depth())] if nested else []
        lines.append((self.heading(1, "Initialize"),))
        for name in scope.params:
            if name != scope.receiver:
                lines.append((f"{name} = ", Param(name)))
        if scope.method:
            lines.append((Changes(),))  # the attributes of self
        return lines

    def heading(self, number: int, title: str) -> str:
        """Return the title line of a section."""
        return f"{number}. {title}"

    def section(self, statement: Statement) -> Lines:
        return [(self.heading(statement.section, statement.title or loop_title(statement)),)]

    def result(self, scope: Scope, statement: Statement | None, nested: bool) -> Lines:
        lines: Lines = []
        if statement is None or not statement.title:  # its title is that of the section
            lines.append((self.heading(scope.returns, "Return"),))
        if statement is not None:
            lines += [(statement.source,), *self.items([statement]), *self.in_place(statement)]
        return [*lines, self.result_line(scope, nested)]

    def back(self, scope: Scope) -> Lines:
        return [(f"back in {scope.name}",)]

    # Statements

    def joins(self, group: Sequence[Statement], statement: Statement) -> bool:
        return neighbours(group, statement) and independent(group, statement)

    def simple(self, group: Sequence[Statement]) -> Lines:
        lines: Lines = [(s.source, If("ran", of)) for of, s in enumerate(group)]
        if group[0].constant:
            return lines
        return [*lines, *self.items(group), *change_lines(group)]

    def statement(self, statement: Statement) -> Lines:
        return [(statement.source,), *self.items([statement]), *self.in_place(statement)]

    def items(self, group: Sequence[Statement], first: bool = True) -> Lines:
        """Return what statements read and work out; of a ``for``, at the `first` arrival alone."""
        return item_lines(group) if first else []

    def in_place(self, statement: Statement) -> Lines:
        """Return what a statement that assigns nothing has changed in place, if anything."""
        return [("now,", If("changed")), (Changes(),)] if statement.looks else []

    def leave(self, statement: Statement) -> Lines:
        phrase = "leave the loop" if statement.kind == "break" else "go to the next iteration"
        return [(statement.source,), (phrase,)]

    # Blocks

    def test(self, statement: Statement, outcome: bool, first: bool) -> Lines:
        recital: Lines = [(statement.source,)]
        if statement.kind == "for":
            return [*recital, *self.item(statement, outcome, first)]
        changes = self.in_place(statement)
        return [*recital, *self.items([statement]), *changes, self.verdict(statement, outcome)]

    def verdict(self, statement: Statement, outcome: bool) -> Line:
        """Return the line that says what a test has decided."""
        if statement.loop:
            return ("enter the loop" if outcome else "do not enter",)
        word = "elif" if statement.elif_ else "if"
        return (f"enter {word}" if outcome else f"do not enter {word}",)

    def item(self, statement: Statement, outcome: bool, first: bool) -> Lines:
        """Return the lines for the next item of a ``for``."""
        lines = self.items([statement], first)
        changes = self.in_place(statement)
        if not outcome:
            return [*lines, ("no more items",), *changes, self.verdict(statement, outcome)]
        if not counts_itself(statement):
            lines.append(("item ", Number()))
        if statement.targets:
            changes = [
                ("now,", If("changed")),
                *((f"{n} = ", After(n)) for n in statement.targets),
                *changes[1:],
            ]
        return [*lines, *changes, self.verdict(statement, outcome)]

    def iteration(self, statement: Statement) -> Lines:
        return [(f"{statement.section}.1 One iteration",)]

    def otherwise(self, statement: Statement) -> Lines:
        return [("else:",), ("enter else",)]

    def enter(self, statement: Statement, kind: str, source: str, names: Sequence[str]) -> Lines:
        lines: Lines = [(source,)]
        if kind == "with":
            lines += [*self.items([statement]), (Changes(),)]
        elif kind == "except":
            lines.append(("the exception is ", Outcome()))
        lines += [(f"{n} = ", After(n)) for n in names]
        return [*lines, (f"enter {kind}",)]


def change_lines(group: Sequence[Statement]) -> Lines:
    """Return what a group of statements has changed, under ``now,``."""
    lines: Lines = [("now,", If("changed", ALL))]
    for of, s in enumerate(group):
        lines += after_lines(s, of)
        if s.looks:
            lines.append((Changes(of),))
    if not any(s.targets or s.pauses for s in group):
        lines.append(("no change", If("unchanged", ALL)))
    return lines
