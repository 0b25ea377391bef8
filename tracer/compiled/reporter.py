"""What the code that is made for a rule reports, moment by moment: the interface of back ends."""

# ruff: noqa: B027  (what a reporter need not do is empty)

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..plan.statements import Statement
from .captures import Copies
from .formats import PREFIX as _P
from .formats import Code, Text


@dataclass(slots=True)
class Group:
    """Statements that are reported together, and where the code has what is told of them."""

    statements: Sequence[Statement] = ()
    copies: Copies = field(default_factory=dict)
    did_change: Sequence[Code] = ()  # for each statement: whether it has changed anything
    result: Text = field(default_factory=lambda: [""])  # the text of what is returned


class Reporter(ABC):
    """Says what the code reports of a run, and emits the code that does it.

    A reporter may hold reports back along straight code. It is told to `flush` before control can
    go elsewhere, and of texts that are `changing`.
    """

    noted: frozenset[str] = frozenset()
    """The variables for which the code notes whether they are bound."""

    @property
    @abstractmethod
    def count(self) -> Code:
        """The code of how many steps there were."""

    @abstractmethod
    def prepare(self, group: Sequence[Statement]) -> list[set[int]]:
        """Return the keys of the parts that are asked for, of each statement of a group."""

    @abstractmethod
    def joins(self, group: Sequence[Statement], statement: Statement) -> bool:
        """Tell whether a statement is reported together with those before it."""

    @abstractmethod
    def counts(self, s: Statement) -> bool:
        """Tell whether the reports need the number of a loop's iterations."""

    # The moments of a run

    @abstractmethod
    def entered(self) -> None:
        """Report the call."""

    @abstractmethod
    def ran(self, group: Group) -> None:
        """Report a group of simple statements."""

    @abstractmethod
    def tested(self, s: Statement, outcome: bool, before: str) -> None:
        """Report a test; `before` is how often a loop's body was entered before ("" for an if)."""

    @abstractmethod
    def passed(self, s: Statement) -> None:
        """Report ``break``, ``continue`` or ``pass``."""

    @abstractmethod
    def returned(self, s: Statement | None, text: Text) -> None:
        """Report a return; `text` is the value's text."""

    # What need not be reported

    def section(self, s: Statement) -> None:
        """Report the start of a section."""

    def again(self, s: Statement) -> None:
        """Report the end of a loop's body."""

    # What is held back

    def flush(self) -> None:
        """Emit the code that reports what is held back."""

    def held(self) -> Any:
        """Return what is held back, for `hold`."""

    def hold(self, held: Any) -> None:
        """Hold this back."""

    def changing(self, holders: Sequence[str]) -> None:
        """Take copies of texts that are held back and are about to change."""

    def decided(self, s: Statement, test: Code) -> Code:
        """Get ready for code that runs in one arm of two; return the code of which one."""
        return test

    def opening(self, s: Statement, items: Code) -> Code:
        """Get ready for the first item of a ``for``; return the code of what is looped over."""
        return items


def bound(name: str) -> str:
    """Return the variable that tells whether a noted one is bound."""
    return f"{_P}k_{name}"


def iterations(s: Statement) -> str:
    """Return the variable that counts how often a loop's body is entered."""
    return f"{_P}i{s.id}"
