"""Judges each step of a text by the state that the text itself has stated by then."""

import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from ..plan.statements import Statement
from ..recorded.steps import Step
from ..rule import Rule
from ..styles import Style
from ..styles.render import Renderer
from ..styles.slots import (
    After,
    Before,
    Number,
    Outcome,
    Param,
    States,
    Value,
)
from ..tracing import Trace
from ..values.show import show
from .aligned import Aligned
from .nodes import Node, bound_by
from .reader import Reader, Visit
from .redo import Bounds, Machine, State, Unknown, literal, reads, shown
from .text import tidy

_STEPS = ("call", "simple", "test", "result", "enter", "leave", "statement", "again", "failure")
_OTHER = -1  # stands for steps that the true trace does not have
_HOPS = 1000  # moments without lines that are passed at most on the way to the next line


def judge(
    trace: Trace, style: Style, reader: Reader, visits: Sequence[Visit], wrong: int, beside: Aligned
) -> tuple[int, int]:
    """Return how many steps of a text are right, and how many there are.

    `wrong` is the index of the first wrong line.
    """
    judge_ = _Judge(trace, style, wrong, beside)
    judge_.all(visits)
    for last, line in pairwise([-2, *reader.misfits]):
        if line - 1 != last:
            judge_.condemn([line], 1)
    judge_.steps += beside.gaps
    if beside.slips and not judge_.condemned and not beside.gaps:
        judge_.steps += 1  # the one that is left out
    return judge_.right - len(judge_.miscalled), judge_.steps


def settle(trace: Trace, style: Style, visits: Sequence[Visit]) -> None:
    """Decide which moment each passage is where the lines alone leave it open."""
    _Judge(trace, style, sys.maxsize, None).all(visits)


class _Place:
    """Where a function is that the text follows."""

    __slots__ = ("begun", "node", "outcome", "returned", "state", "steps")

    def __init__(self, state: State) -> None:
        self.state = state
        self.node: Node | None = None  # the moment that was last
        self.outcome: bool | None = None  # of that, if it is a test
        self.steps: dict[int, Step] = {}  # the last step of each loop
        self.begun: dict[int, int] = {}  # the line in which each loop has begun
        self.returned: str | None = None

    def hand_back(self, parameter: str, value: Any) -> None:
        """Change an argument as the function has changed it."""
        scope = self.state.record.scope
        text = self.state.record.known.get(parameter)
        if text is None or text == show(value) or _rebinds(scope.body, parameter):
            return
        new = literal(text)
        if type(value) is list and type(new) is list:
            value[:] = new
        elif type(value) is type(new) and isinstance(value, dict | set):
            value.clear()
            value.update(new)


class _Judge:
    def __init__(self, trace: Trace, style: Style, wrong: int, beside: Aligned | None) -> None:
        self.beside = beside
        self.rule: Rule = trace.rule
        steps = trace.steps
        self.style = style
        self.wrong = wrong
        self.right = self.steps = beside.right if beside else 0
        self.condemned: set[int | None] = (
            set()
        )  # true steps that are counted as wrong; None: others
        self.miscalled: set[int] = set()  # calls counted as right, with wrong arguments
        self.budget = 4 * len(steps) + 1000
        self.bounds = Bounds(steps)
        self.machine = Machine(trace.rule, self.bounds)
        self.renderer = Renderer([], style, failed=False)
        self.places: dict[object, _Place] = {}
        self.arguments = dict(steps[0].after or {}) if steps else {}
        self.counted: set[int] = set()
        self.contradicts = False
        self.line_number = 0  # of the passage that is judged
        self.pausing = any(s.pauses for s in trace.rule.module.statements)

    def all(self, visits: Sequence[Visit]) -> None:
        """Judge all passages."""
        # A step in the middle of which functions were called is known when they have returned.
        for visit in sorted(visits, key=lambda v: v.lines[-1].number):
            self.visit(visit)

    def visit(self, visit: Visit) -> None:
        """Judge one passage and take over what it states."""
        node, beside = visit.node, self.beside
        lines = [read.number for read in visit.lines]
        if beside and lines[0] >= beside.end and self.is_whole(lines):
            return  # from here on, the text is the true trace
        weight = max(len(node.group), 1) if node.kind == "simple" else 1
        self.budget -= 1
        if self.budget < 0:
            self.condemn(lines, weight)
            return
        place = self.place(visit)
        self.line_number = lines[0]
        try:
            self.contradicts = False  # what it says that it reads, and what was stated before
            good: bool | None = self.is_right(place, visit) and not self.contradicts
        except Unknown:
            good = None if visit.legal else False
        if self.pausing and not good:
            good = None  # control goes to and fro between functions
        self.adopt(place, visit)
        if self.is_whole(lines):
            return  # it is counted
        if self.is_slip(lines):
            good = False
        elif self.is_before_slip(lines):
            good = True
        if good is False:
            self.condemn(lines, weight)
        elif good and node.kind in _STEPS:
            self.steps += weight
            self.right += weight
            self.counted.add(id(visit))

    def condemn(self, lines: Sequence[int], weight: int) -> None:
        """Count wrong steps: once, even if the lines of one were not read together.

        Of steps that share a recital no more are wrong than lines are.
        """
        beside = self.beside
        steps = {step for line in lines if beside and (step := beside.step(line)) is not None}
        if steps.isdisjoint(self.condemned):
            wrong = sum(not self.is_whole([line]) for line in lines)
            if steps and beside:
                wrong = sum(map(beside.wrong_lines, steps))
                self.right += max(weight - wrong, 0)
            else:
                weight = min(weight, wrong)
            self.steps += weight
        self.condemned |= steps or {_OTHER}

    def is_whole(self, lines: Sequence[int]) -> bool:
        """Tell whether all lines are of steps that are whole."""
        return self.beside is not None and all(map(self.beside.is_whole, lines))

    def is_slip(self, lines: Sequence[int]) -> bool:
        """Tell whether the first wrong line is one of these, or one is lacking among them."""
        beside = self.beside
        return beside is not None and (
            self.wrong in lines or any(beside.step(line) in beside.slips for line in lines)
        )

    def is_before_slip(self, lines: Sequence[int]) -> bool:
        """Tell whether the lines of a passage are those of the true trace, all of them."""
        return lines[-1] < self.wrong and not self.is_slip(lines)

    def place(self, visit: Visit) -> _Place:
        frame = visit.frame
        place = self.places.get(frame.key)
        if place is None:
            state = self.machine.state(frame.scope, frame.depth)
            place = self.places[frame.key] = _Place(state)
            if frame.caller is None:
                for name, text in self.arguments.items():
                    state.set(name, text)
        return place

    # Running again

    def is_right(self, place: _Place, visit: Visit) -> bool:
        """Tell whether a passage is what follows in truth from what the text has stated.

        Moments without lines on the way there are run. Where a style leaves open which of several
        moments a line belongs to, the run decides. Raises Unknown.
        """
        node = visit.node
        if node.kind == "call":
            return self.call_fits(visit)
        if place.node is None or node.kind in ("failure", "back", "tail", "enter"):
            self.go_to(place, visit)
            return visit.legal
        reached = False
        left = [read.text for read in visit.lines]
        for _ in range(_HOPS):
            following = _ahead(place.node, place.outcome)
            if node in following and not reached:
                reached = True
                steps = self.go_to(place, visit)
                before = self.is_before_slip([read.number for read in visit.lines])
                if self.beside and before and not node.silent:
                    return True
                lines = self.lines(place, node, steps)
                if any(lines):
                    if self.same(lines, visit):
                        return True
                    texts = [line for form in lines for line in form]
                    if not node.silent or texts != left[: len(texts)]:
                        return False
                    left = left[len(texts) :]
                place.outcome = None if node.kind != "test" else steps[0].outcome is True
                continue
            silent = next((n for n in following if n.silent), None)
            if silent is None or silent.kind in ("call", "tail", "enter"):
                break
            place.node, place.outcome = silent, None
            lines = self.lines(place, silent, self.perform(place, silent, None))
            texts = [line for form in lines for line in form]
            if texts != left[: len(texts)]:
                break
            left = left[len(texts) :]
            if not left:
                visit.move(silent)
                return True
        if not reached:
            self.go_to(place, visit)
        return False

    def go_to(self, place: _Place, visit: Visit) -> Sequence[Step]:
        """Run the steps of a passage, on the values that it says it reads."""
        place.node, place.outcome = visit.node, visit.outcome
        known = place.state.record.known
        for read in visit.lines:
            for slot, text in read.values:
                if isinstance(slot, Before) and slot.of == 0:
                    name = slot.read.name
                    self.contradicts |= known.get(name, text) != text
                    place.state.set(name, text)
        return self.perform(place, visit.node, visit)

    def perform(self, place: _Place, node: Node, visit: Visit | None) -> Sequence[Step]:
        s, state = node.statement, place.state
        if node.kind in ("simple", "test", "statement", "result") and s is not None:
            steps = []
            for member in node.group:
                self.guard(state, member)
                calls = _Answers(self, visit)
                first = node.first or node.kind != "test" or member.kind == "if"
                step = self.machine.run(member, state, first, calls)
                if member.loop:
                    place.steps[member.id] = step
                    if first:
                        place.begun[member.id] = self.line_number
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

    def guard(self, state: State, s: Statement) -> None:
        """Refuse to run what wrong values could make very expensive."""
        if not s.calls and self.machine.is_costly(s):
            for name in reads(s):
                text = state.record.known.get(name, "")
                if not self.bounds.within(name, text):
                    raise Unknown

    # Comparing

    def same(self, lines: Sequence[list[str]], visit: Visit) -> bool:
        """Tell whether a passage has the lines that it should have. Raises Unknown."""
        given: dict[int, list[str]] = {}
        for read in visit.lines:
            given.setdefault(read.index, []).append(read.text)
        if all(expected == given.get(i, []) for i, expected in enumerate(lines)):
            return True
        placed = [(i, line) for i, expected in enumerate(lines) for line in expected]
        if [line for _, line in placed] == [read.text for read in visit.lines]:
            visit.place([i for i, _ in placed])
            return True
        if any("<function " in line for expected in lines for line in expected):
            raise Unknown  # its name tells where it was defined
        return False

    def lines(self, place: _Place, node: Node, steps: Sequence[Step]) -> list[list[str]]:
        """Return the lines that steps have, by form."""
        return [self.line(place, node, i, steps) for i in range(len(node.forms))]

    def line(self, place: _Place, node: Node, index: int, steps: Sequence[Step]) -> list[str]:
        """Return the lines that a form has for steps: none if it is left out."""
        form = node.forms[index]
        if form.arm is not None and steps[0].outcome is not form.arm:
            return []
        if form.constant is not None and not form.optional:
            return [form.constant]
        self.renderer.known[place.state.record] = place.state.record.known
        text = self.renderer.line(form.line, steps)
        if text is None:
            return []
        if form.repeats:
            return [tidy(line) for line in text.split("\n")]
        return [tidy(text.split("\n")[form.part])]

    def call_fits(self, visit: Visit) -> bool:
        """Tell whether a function is called with the arguments that it should have."""
        stated = {s.name: t for r in visit.lines for s, t in r.values if isinstance(s, Param)}
        if visit.frame.caller is not None:
            return visit.legal  # its arguments are looked at when the call is
        return visit.legal and all(self.arguments.get(n) == t for n, t in stated.items())

    # Taking over

    def adopt(self, place: _Place, visit: Visit) -> None:
        """Take over what a passage states, and where it stands."""
        place.node = visit.node
        if visit.outcome is not None:
            place.outcome = visit.outcome
        s = visit.node.statement
        for read in visit.lines:
            for slot, text in read.values:
                if isinstance(slot, After | Param):
                    place.state.set(slot.name, text)
                elif isinstance(slot, States):
                    place.state.set(slot.names[0], text)
                elif isinstance(slot, Outcome):
                    place.returned = text
                elif isinstance(slot, Value) and s is not None and (name := bound_by(s, slot)):
                    place.state.set(name, text)
                elif isinstance(slot, Number) and s is not None and len(text) < 10:
                    place.state.record.arrivals[s.id] = int(text)


class _Answers:
    """Answers the calls that a step makes with what the text says that they return."""

    def __init__(self, judge_: _Judge, visit: Visit | None) -> None:
        self._judge = judge_
        self._calls = iter(visit.calls if visit else ())

    def __call__(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        judge_ = self._judge
        call = next((c for c in self._calls if c.node.scope.name == name), None)
        place = judge_.places.get(call.frame.key) if call else None
        if call is None or place is None or place.returned is None:
            raise Unknown
        stated = [t for r in call.lines for slot, t in r.values if isinstance(slot, Param)]
        given = [*shown(args), *shown(list(kwargs.values()))]
        late = call.lines[-1].number >= judge_.wrong
        if stated[: len(given)] != given and late and id(call) in judge_.counted:
            judge_.miscalled.add(id(call))
        bound = zip(place.state.record.scope.params, args, strict=False)
        for parameter, value in bound:
            place.hand_back(parameter, value)
        return literal(place.returned)


def _rebinds(block: Sequence[Statement], name: str) -> bool:
    """Tell whether a variable is assigned anywhere in a block."""
    return any(
        name in s.targets
        or any(_rebinds(inner, name) for inner in (s.body, s.orelse, *s.handlers, s.finalbody))
        for s in block
    )


def _ahead(node: Node, outcome: bool | None) -> list[Node]:
    """Return the nodes after one, those that stand for nothing passed over."""
    found = node.ahead.get(outcome)
    if found is None:
        found = node.ahead[outcome] = []
        stack = list(reversed(node.ways.get(outcome, ()) or node.ways.get(None, ())))
        while stack:
            n = stack.pop()
            if n.kind == "join":
                stack += reversed(n.ways.get(None, ()))
            else:
                found.append(n)
    return found
