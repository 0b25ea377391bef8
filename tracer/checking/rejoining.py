"""Where a wrong text comes back to the true trace: from there its steps need not be run again."""

from collections.abc import Sequence

from ..record import Frame
from ..render import render_placed
from ..styles import Style
from ..tracing import Trace
from .reader import Visit
from .redo import State
from .text import tidy

_WORTH_IT = 20  # lines


class Rejoining:
    """Tells when a text whose last lines are those of the true trace has its state, too.

    `start` is the index of the first of these lines, or that behind the text's last.
    """

    def __init__(
        self, trace: Trace, style: Style, given: Sequence[str], true: Sequence[str]
    ) -> None:
        self._trace = trace
        self._style = style
        same, most = 0, min(len(given), len(true))
        while same < most and tidy(given[-1 - same]) == tidy(true[-1 - same]):
            same += 1
        self.start = len(given) - same if same >= _WORTH_IT else len(given)
        self._shift = len(given) - len(true)
        self._steps: list[int] = []  # by line of the true trace
        self._next = 0  # the first step whose changes are not yet in these:
        self._known: dict[Frame, dict[str, str]] = {}
        self._arrivals: dict[Frame, dict[int, int]] = {}

    def here(self, visit: Visit, state: State, begun: dict[int, int], wrong: int) -> bool:
        """Tell whether the text has the true state when a passage is done.

        `begun` tells in which line each loop has begun; those that go over items must have done so
        before the first wrong line.
        """
        node, number = visit.node, visit.lines[-1].number
        if visit.lines[0].number < self.start or node.kind not in ("test", "again"):
            return False
        if visit.frame.caller is not None or not visit.legal:
            return False
        step = self._step(number - self._shift)
        if step < self._next or self._trace.steps[step].statement is not node.statement:
            return False
        frame = self._trace.steps[step].frame
        self._advance(step + (node.kind == "test"))
        true = self._known.get(frame, {})
        known = {n: t for n, t in state.record.known.items() if n in true or n in frame.scope.names}
        if known != true:
            return False
        arrivals, s = self._arrivals.get(frame, {}), node.statement
        while s is not None:
            if s.kind == "for" and (
                begun.get(s.id, wrong) >= wrong
                or arrivals.get(s.id) != state.record.arrivals.get(s.id)
            ):
                return False
            s = s.parent
        return True

    def _step(self, line: int) -> int:
        """Return the step that a line of the true trace is about; -1 if that is not plain."""
        if not self._steps:
            text, places = render_placed(self._trace.steps, self._style, self._trace.exception)
            self._steps = [-1] * (text.count("\n") + 1)
            for step in range(len(places) - 1, -1, -1):  # of those that share lines, the first
                for number in places[step]:
                    self._steps[number - 1] = step
        return self._steps[line] if line < len(self._steps) else -1

    def _advance(self, end: int) -> None:
        """Take over what the true steps before one have changed."""
        for step in self._trace.steps[self._next : end]:
            if step.after:
                self._known.setdefault(step.frame, {}).update(step.after)
            if step.loop and step.statement is not None:
                entered = step.arrival + (step.outcome is True)
                self._arrivals.setdefault(step.frame, {})[step.statement.id] = entered
        self._next = max(self._next, end)
