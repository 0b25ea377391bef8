"""Follows a text through the rule: runs its steps again on the values that it states itself."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..recorded.steps import Step
from ..styles import Style
from ..styles.render import Renderer
from ..styles.slots import Before, Number, Outcome, Param
from ..tracing import Trace
from ..values.show import show
from .literals import Bounds, Unknown, literal
from .nodes import Node, assigned, walk
from .reader import Visit
from .redo import Machine, State
from .text import tidy

_HOPS = 1000  # moments without lines that are passed at most on the way to the next line


def in_order(visits: Sequence[Visit]) -> list[Visit]:
    """Return passages as they end: a step in the middle of which functions were called is last."""
    return sorted(visits, key=lambda visit: visit.lines[-1].number)


def settle(trace: Trace, style: Style, visits: Sequence[Visit]) -> None:
    """Decide which moment each passage is where the lines alone leave it open."""
    follower = Follower(trace, style)
    for visit in in_order(visits):
        follower.follow(visit)


class _Place:
    """Where a function is that the text follows."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.node: Node | None = None  # the moment that was last
        self.outcome: bool | None = None  # of that, if it is a test
        self.steps: dict[int, Step] = {}  # the last step of each loop
        self.returned: str | None = None


class Follower:
    """Goes through the passages of a text, knowing no values but those that were stated.

    `miscalled` are the passages in which functions begin with other arguments than they were given.
    """

    def __init__(self, trace: Trace, style: Style) -> None:
        steps = trace.steps
        self.miscalled: list[Visit] = []
        self._statements = trace.rule.module.statements
        self._budget = 4 * len(steps) + 1000  # passages that are followed
        self._bounds = Bounds(steps)
        self._machine = Machine(trace.rule, self._bounds)
        self._renderer = Renderer([], style, failed=False)
        self._places: dict[object, _Place] = {}
        self._arguments = dict(steps[0].after or {}) if steps else {}
        self._contradicts = False  # what a passage says that it reads, and what was stated before
        self._pausing = any(s.pauses for s in self._statements)

    def follow(self, visit: Visit, true: bool = False) -> bool | None:
        """Take over what a passage states; tell whether it is right by what was stated before.

        Return None if that cannot be known. `true` says that its lines are those of the trace.
        """
        self._budget -= 1
        if self._budget < 0:
            return False
        place = self._place(visit)
        try:
            self._contradicts = False
            right: bool | None = self._is_right(place, visit, true) and not self._contradicts
        except Unknown:
            right = None if visit.legal else False
        self._adopt(place, visit)
        # With pauses, control goes to and fro between functions.
        return right or (None if self._pausing else right)

    def _place(self, visit: Visit) -> _Place:
        frame = visit.frame
        place = self._places.get(frame.key)
        if place is None:
            state = self._machine.state(frame.scope, frame.depth)
            place = self._places[frame.key] = _Place(state)
            if frame.caller is None:
                for name, text in self._arguments.items():
                    state.set(name, text)
        return place

    def _is_right(self, place: _Place, visit: Visit, true: bool) -> bool:
        """Tell whether a passage is what follows in truth from what the text has stated.

        Moments without lines on the way there are run. Where a style leaves open which of several
        moments a line belongs to, the run decides. Raises Unknown.
        """
        node = visit.node
        if node.kind == "call":
            stated = {slot.name: text for slot, text in visit.values if isinstance(slot, Param)}
            # The arguments of another call are looked at when its result is needed.
            given = visit.frame.caller is not None or stated.items() <= self._arguments.items()
            return visit.legal and given
        if place.node is None or node.kind in ("failure", "back", "tail", "enter"):
            self._go_to(place, visit)
            return visit.legal
        reached = False
        left = [read.text for read in visit.lines]
        for _ in range(_HOPS):
            following = _ahead(place.node, place.outcome)
            if node in following and not reached:
                reached = True
                steps = self._go_to(place, visit)
                if true and not node.silent:
                    return True
                lines = self._lines(place, node, steps)
                if any(lines):
                    if _has_lines(visit, lines):
                        return True
                    if not node.silent or not _begins(left, lines):
                        return False
                place.outcome = None if node.kind != "test" else steps[0].outcome is True
                continue
            silent = next((n for n in following if n.silent), None)
            if silent is None or silent.kind in ("call", "tail", "enter"):
                break
            place.node, place.outcome = silent, None
            if not _begins(left, self._lines(place, silent, self._run(place, silent, None))):
                break
            if not left:
                visit.understand(silent)
                return True
        if not reached:
            self._go_to(place, visit)
        return False

    # Running again

    def _go_to(self, place: _Place, visit: Visit) -> Sequence[Step]:
        """Run the steps of a passage, on the values that it says it reads."""
        place.node, place.outcome = visit.node, visit.outcome
        known = place.state.record.known
        for slot, text in visit.values:
            if isinstance(slot, Before) and slot.of == 0:
                name = slot.read.name
                self._contradicts |= known.get(name, text) != text
                place.state.set(name, text)
        return self._run(place, visit.node, visit)

    def _run(self, place: _Place, node: Node, visit: Visit | None) -> Sequence[Step]:
        s, state = node.statement, place.state
        if node.kind in ("simple", "test", "statement", "result") and s is not None:
            steps = []
            for member in node.group:
                if not member.calls and self._machine.is_costly(member):
                    for read in member.reads:
                        if not self._bounds.within(
                            read.name, state.record.known.get(read.name, "")
                        ):
                            raise Unknown  # wrong values could make it very expensive
                first = node.first or node.kind != "test" or member.kind == "if"
                step = self._machine.run(member, state, first, self._answers(visit))
                if member.loop:
                    place.steps[member.id] = step
                steps.append(step)
            if node.kind == "test" and place.outcome is None:
                outcome = steps[0].outcome
                if not isinstance(outcome, bool):
                    raise Unknown
                place.outcome = outcome
            return steps
        if node.kind in ("enter", "failure", "back", "tail", "exit"):
            raise Unknown
        step = Step(node.kind, state.record, s, {}, -1, "")
        if s is not None and s.id in place.steps:
            step.arrival = place.steps[s.id].arrival
        if node.kind == "result":
            step.outcome = "None"
        return [step]

    def _answers(self, visit: Visit | None) -> Callable[..., Any]:
        """Return what answers the calls of a step with what the text says that they return."""
        calls = iter(visit.calls if visit else ())

        def answer(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
            call = next((c for c in calls if c.node.scope.name == name), None)
            place = self._places.get(call.frame.key) if call else None
            if call is None or place is None or place.returned is None:
                raise Unknown
            stated = [text for slot, text in call.values if isinstance(slot, Param)]
            given = [show(value) for value in (*args, *kwargs.values())]
            if stated[: len(given)] != given:
                self.miscalled.append(call)
            for parameter, value in zip(place.state.record.scope.params, args, strict=False):
                self._hand_back(place, parameter, value)
            return literal(place.returned)

        return answer

    def _hand_back(self, place: _Place, parameter: str, value: Any) -> None:
        """Change an argument as the function has changed it."""
        scope = place.state.record.scope
        text = place.state.record.known.get(parameter)
        if text is None or text == show(value):
            return
        if any(parameter in s.targets for s in self._statements if s.scope is scope):
            return
        new = literal(text)
        if type(value) is list and type(new) is list:
            value[:] = new
        elif type(value) is type(new) and isinstance(value, dict | set):
            value.clear()
            value.update(new)

    # Lines

    def _lines(self, place: _Place, node: Node, steps: Sequence[Step]) -> list[list[str]]:
        """Return the lines that steps have, by form: none of one that is left out."""
        return [self._line(place, node, i, steps) for i in range(len(node.forms))]

    def _line(self, place: _Place, node: Node, index: int, steps: Sequence[Step]) -> list[str]:
        form = node.forms[index]
        if form.arm is not None and steps[0].outcome is not form.arm:
            return []
        if form.constant is not None and not form.optional:
            return [form.constant]
        self._renderer.known[place.state.record] = place.state.record.known
        text = self._renderer.line(form.line, steps)
        if text is None:
            return []
        if form.many:
            return [tidy(line) for line in text.split("\n")]
        return [tidy(text.split("\n")[form.part])]

    def _adopt(self, place: _Place, visit: Visit) -> None:
        """Take over what a passage states, and where it stands."""
        place.node = visit.node
        if visit.outcome is not None:
            place.outcome = visit.outcome
        s = visit.node.statement
        for slot, text in visit.values:
            if isinstance(slot, Outcome):
                place.returned = text
            elif isinstance(slot, Number) and s is not None and len(text) < 10:
                place.state.record.arrivals[s.id] = int(text)
            elif name := assigned(slot, s):
                place.state.set(name, text)


def _begins(left: list[str], lines: Sequence[Sequence[str]]) -> bool:
    """Tell whether lines are the first of those left; take them away if they are."""
    texts = [line for form in lines for line in form]
    if texts != left[: len(texts)]:
        return False
    del left[: len(texts)]
    return True


def _has_lines(visit: Visit, lines: Sequence[list[str]]) -> bool:
    """Tell whether a passage has the lines that it should have, by form. Raises Unknown."""
    given: dict[int, list[str]] = {}
    for read in visit.lines:
        given.setdefault(read.index, []).append(read.text)
    if all(expected == given.get(i, []) for i, expected in enumerate(lines)):
        return True
    placed = [(i, line) for i, expected in enumerate(lines) for line in expected]
    if [line for _, line in placed] == [read.text for read in visit.lines]:
        visit.understand(visit.node, [i for i, _ in placed])
        return True
    if any("<function " in line for expected in lines for line in expected):
        raise Unknown  # its name tells where it was defined
    return False


def _ahead(node: Node, outcome: bool | None) -> list[Node]:
    """Return the nodes after one, those that stand for nothing passed over."""
    ahead = node.ahead.get(outcome)
    if ahead is None:
        nodes = walk(
            node.ways.get(outcome, ()) or node.ways.get(None, ()),
            lambda n: n.ways.get(None, ()) if n.kind == "join" else (),
        )
        ahead = node.ahead[outcome] = [n for n in nodes if n.kind != "join"]
    return ahead
