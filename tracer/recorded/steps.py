"""What is recorded of a run: a step for each statement that ran, in the frame that ran it.

Steps hold the texts of values, never the values themselves, so recording neither keeps an object
alive nor sees it change later.
"""

import builtins
from types import CodeType
from typing import Any, TypeAlias

from ..plan.statements import Operand, Read, Scope, Statement, Worked

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))


Groups: TypeAlias = tuple[tuple[str, ...], ...]
"""Variables that hold one and the same object, two or more in a group."""


class Frame:
    """A running function (or class body, or module) of the rule."""

    __slots__ = (
        "arrivals", "code", "current", "depth", "drift", "harmless", "held", "known",
        "leaving", "same", "scope", "seen", "step", "told",
    )  # fmt: skip

    def __init__(self, scope: Scope, depth: int, code: CodeType | None = None) -> None:
        self.code = code  # tells a frame from a later one at the same address
        self.scope = scope
        self.depth = depth
        self.known: dict[str, str] = {}  # last known text of each variable
        self.leaving: tuple[str, Step] | None = None  # the variable that a return gives, and where
        self.drift: dict[str, str] = {}  # that of the next step
        self.seen: dict[str, str] = {}  # the texts of its last state, if states are recorded
        self.held: dict[str, int] = {}  # the identity of what can change, by variable
        self.same: Groups = ()  # the variables that hold one object
        self.current = False  # whether that was so when the last hook of the frame ended
        self.harmless: dict[int, bool] = {}  # statement -> whether it was, with the values it read
        self.step: Step | None = None
        self.told: list[tuple[int, str]] = []  # what no step has taken up yet; see `Step.told`
        self.arrivals: dict[int, int] = {}  # loop statement -> times its body was entered


State: TypeAlias = list[tuple[Frame, dict[str, str]]]
"""The functions at work, outermost first, each with what differs from its last state."""


class Step:
    """One statement that ran, or the entry of a function (kind ``call``).

    `reads` holds the texts of variables before, `values` those of captures by key. The public view
    is `kind`, `line`, `source`, `depth`, `before`, `after`, `evaluated` and `outcome`.
    """

    __slots__ = (
        "after", "arrival", "calm", "current", "drift", "frame", "index", "inline", "keys",
        "kind", "left", "outcome", "reads", "resumed", "same", "source", "state", "statement",
        "steady",
        "told", "values",
    )  # fmt: skip

    def __init__(
        self,
        kind: str,
        frame: Frame,
        statement: Statement | None,
        reads: dict[str, str],
        index: int,
        source: str,
    ) -> None:
        self.kind = kind
        self.frame = frame
        self.statement = statement
        self.reads = reads
        self.index = index
        self.source = source
        self.values: dict[int, str] = {}
        self.keys: dict[int, Any] | None = None  # of its place, by number
        self.current = False  # whether nothing had run since the frame was looked at
        self.calm = True  # whether working out its right operand has surely changed nothing
        self.steady = True  # whether the left operand stayed as it was until it was used
        self.drift: dict[str, str] = {}  # what has changed between the frame's last step and it
        self.inline: frozenset[str] = frozenset()  # what of `after` was stated when it was bound
        self.after: dict[str, str] | None = None
        self.same: Groups | None = None  # those of the frame, where they are others than before
        self.outcome: str | bool | None = None
        self.arrival = 0  # for a loop: how many times its body had been entered before
        # What the variables were before it, and after a return: of the functions that go on.
        self.state: State | None = None
        self.left: State | None = None
        # Lines told in detail, by the capture before which they were (-1: the end), each with the
        # number of steps that there were by then.
        self.told: dict[int, list[tuple[int, str]]] | None = None
        # Captures taken after other steps had come between (None: the end of the step), each with
        # the number of steps that there were by then.
        self.resumed: list[tuple[int, int | None]] | None = None

    @property
    def line(self) -> int:
        """The line of the statement in the rule's source, from 1."""
        if self.statement is None:
            return getattr(self.frame.scope.node, "lineno", 1)
        return self.statement.line

    @property
    def loop(self) -> bool:
        """Tell whether the step is the head of a loop."""
        return self.statement is not None and self.statement.loop

    @property
    def depth(self) -> int:
        """How many of the rule's functions are running, this one included."""
        return self.frame.depth

    @property
    def before(self) -> dict[str, str]:
        """The variables that the step read, with their values before it."""
        if self.statement is None or self.kind == "case":
            return self.reads
        taken = ((item.name, self.read(item)) for item in self.statement.reads)
        return {name: text for name, text in taken if text is not None}

    @property
    def evaluated(self) -> list[tuple[str, str]]:
        """The sub-expressions worked out, as (source, value), in order of evaluation."""
        return [(item.source, self.values[item.key]) for item in self._worked()]

    def _worked(self) -> list[Worked]:
        return [
            item
            for item in (self.statement.items if self.statement is not None else ())
            if type(item) is Worked and self.values.get(item.key, "<")[0] != "<"
        ]

    @property
    def parts(self) -> list[tuple[int, int]]:
        """When it ran, if other steps came between: those of functions that it has called, say.

        For each part, how many steps there were by then, this one included, and how many of
        `evaluated` had been worked out at its end.
        """
        if self.resumed is None:
            return []
        late = {key: position for position, key in self.resumed}
        known = [late.get(item.key, 0) for item in self._worked()]
        starts = sorted({self.index + 1, *(position for position, _ in self.resumed)})
        return [(start, sum(when <= start for when in known)) for start in starts]

    def read(self, item: Read) -> str | None:
        """Return the text of a read, or None if it did not happen."""
        if item.guard is not None and self.values.keys().isdisjoint((item.guard, *item.others)):
            return None
        return self.reads.get(item.name)

    def operand(self, operand: Operand) -> str:
        """Return the text of an operand of its equation; "" for one without a value."""
        if isinstance(operand, Read):
            return self.reads.get(operand.name, "")
        return operand if isinstance(operand, str) else self.values.get(operand.key, "")

    @property
    def changed(self) -> dict[str, str]:
        """What has changed and was not stated before the step ended."""
        if not self.after or not self.inline:
            return self.after or {}
        return {n: t for n, t in self.after.items() if n not in self.inline}

    @property
    def placed(self) -> bool:
        """Tell whether it has assigned a place whose value can be stated."""
        place = self.statement.place if self.statement is not None else None
        return place is not None and place.new in self.values

    def resume(self, position: int, key: int | None = None) -> None:
        """Note that it has gone on, with a capture or to its end, when there were so many steps."""
        if self.index != position - 1:
            if self.resumed is None:
                self.resumed = []
            self.resumed.append((position, key))

    def __repr__(self) -> str:
        return f"<step {self.kind} {self.source!r} line {self.line}>"
