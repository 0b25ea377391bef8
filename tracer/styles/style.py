"""What all styles have in common: the words of a prompt, and an answer to each moment of a run."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..plan.statements import Scope, Statement
from .slots import Line, Lines, Outcome

if TYPE_CHECKING:
    from ..program import Program


class Style:
    """How prompts and traces are written.

    After the words come the moments of a run, in the order in which a statement passes through
    them. Each is silent unless a style answers it.
    """

    name = ""
    has_rule = True  # whether the prompt holds the rule
    has_trace = True  # whether the response holds more than the answer
    detailed = False  # whether it tells what plans in detail have: `Statement.details`, `Within`
    answer = ("So the answer is ", "")
    """The words before and after the value in the line that states the answer."""
    opening = "Follow the given rule to solve the question."
    """The first line of a prompt."""
    bridge = "Follow the above example to solve the following question."
    """The line between a worked example and what is asked."""

    def rule(self, rule: "Program") -> str:
        """Return a rule as a prompt shows it: its source, unless a style has other words."""
        return rule.text

    def prompt(self, source: str, question: str, example: "tuple[str, str, str] | None") -> str:
        """Return the prompt for a rule, as `rule` shows it, and a question.

        `example` is a worked one to put in front: its rule, its question, its response. Whoever
        wants a prompt asks `rfft.tracer.styles.prompt`.
        """
        task = f"{self.task(source, question)}\n"
        if example is None:
            return f"{self.opening}\n{task}"
        rule, asked, response = example
        shot = f"{self.task(rule, asked)}\n{response}\n"
        return f"{self.opening}\n{shot}{self.bridge}\n{task}"

    def task(self, source: str, question: str) -> str:
        """Return what a prompt asks: the rule and the question."""
        raise NotImplementedError(f"style {self.name} has no prompt")

    def answer_line(self) -> Line:
        """Return the line that states the answer."""
        before, after = self.answer
        return (before, Outcome(), after) if after else (before, Outcome())

    def result_line(self, scope: Scope, nested: bool) -> Line:
        """Return the line that states what a function returns: the answer, if it is the rule."""
        return (f"{scope.name} returns ", Outcome()) if nested else self.answer_line()

    def joins(self, group: Sequence[Statement], statement: Statement) -> bool:
        """Tell whether a statement shares the recital of the group of simple ones before it."""
        return False

    def call(self, scope: Scope, nested: bool) -> Lines:
        """Answer the entry of a function; `nested` if another function of the rule called it."""
        return []

    def section(self, statement: Statement) -> Lines:
        """Answer the start of a section: before a loop, or a statement under a comment."""
        return []

    def simple(self, group: Sequence[Statement]) -> Lines:
        """Answer a group of neighbouring assignments or calls that has run.

        Slots say which of them they are of.
        """
        return []

    def test(self, statement: Statement, outcome: bool, first: bool) -> Lines:
        """Answer the test of an ``if`` or ``while`` that is decided, or an item of a ``for``.

        Of a loop, `first` tells the first arrival from later ones.
        """
        return []

    def iteration(self, statement: Statement) -> Lines:
        """Answer the start of a loop's body."""
        return []

    def again(self, statement: Statement) -> Lines:
        """Answer the end of a loop's body, before its test comes again."""
        return []

    def otherwise(self, statement: Statement) -> Lines:
        """Answer the start of the ``else`` of an ``if`` or a loop."""
        return []

    def enter(self, statement: Statement, kind: str, source: str, names: Sequence[str]) -> Lines:
        """Answer the start of a ``with``, ``case``, ``except``, ``finally``, or a try's ``else``.

        `source` is its header; `names` are what it binds, and what the guard of a ``case`` reads.
        """
        return []

    def leave(self, statement: Statement) -> Lines:
        """Answer ``break`` or ``continue``."""
        return []

    def statement(self, statement: Statement) -> Lines:
        """Answer any other statement, such as ``del``, ``raise``, ``assert``, a definition."""
        return []

    def back(self, scope: Scope) -> Lines:
        """Answer that control is back in a function that had been left without a return."""
        return []

    def result(self, scope: Scope, statement: Statement | None, nested: bool) -> Lines:
        """Answer a return; `statement` is None where a function ends without one."""
        return [] if nested else [self.answer_line()]

    def failure(self, exception: str) -> Lines:
        """Answer an exception of this type that leaves the rule."""
        return [(f"The rule raises {exception}",)]
