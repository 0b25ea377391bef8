"""Reads a text as a trace of a rule: which moment each of its lines belongs to.

The reader walks through the graph of the rule (see `rfft.tracer.checking.graph`) and keeps all the
ways in which the lines so far can be understood, a handful at most. A line that cannot follow is
looked for elsewhere in the rule, so that a slip does not make what follows unreadable; a line that
stands nowhere in the rule is left out. Nothing is run, and no value is looked at.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..plan.statements import Scope
from .forms import Form, Values, stated_name
from .graph import Graph
from .nodes import Node, Place, Table
from .text import tidy

_WAYS = 8  # in which a text may be understood at one time
_ELSEWHERE = 4  # the same for a line that cannot follow
_DEEPEST = 5000  # nesting of calls that is followed


@dataclass(slots=True, eq=False)
class Frame:
    """A call of one of the rule's functions, as read; `caller` is where it returns to.

    A function that pauses and is resumed has another frame then, with the same `key`.
    """

    scope: Scope
    caller: "Position | None"
    depth: int
    key: object = field(default_factory=object)


@dataclass(slots=True, eq=False)
class Read:
    """A line as read: its number in the text, the form that it fits and what it states."""

    number: int
    text: str
    index: int
    form: Form
    values: Values


NOTHING = Read(0, "", 0, Form((), 0, (), optional=True), [])
"""Stands where no line was read."""


@dataclass(slots=True, eq=False)
class Visit:
    """One passage through a node, with the lines read there.

    `legal` tells that the rule can go there from where the text was before.
    """

    node: Node
    frame: Frame
    legal: bool
    lines: list[Read] = field(default_factory=list)
    caller: "Visit | None" = None  # in the middle of which this function was called
    calls: list["Visit"] = field(default_factory=list)  # the calls made in the middle of this one

    @property
    def outcome(self) -> bool | None:
        """What the text says that a test has decided."""
        return next((r.form.arm for r in self.lines if r.form.arm is not None), None)

    @property
    def values(self) -> Values:
        """What its lines state."""
        return [value for read in self.lines for value in read.values]

    def understand(self, node: Node, forms: Sequence[int] = ()) -> None:
        """Understand the lines as those of a node: of these of its forms, or the first that fit."""
        self.node = node
        for n, read in enumerate(self.lines):
            for index in forms[n : n + 1] or range(len(node.forms)):
                values = node.forms[index].match(read.text)
                if values is not None:
                    read.index, read.form, read.values = index, node.forms[index], values
                    break


@dataclass(slots=True, eq=False)
class Position:
    """One way to understand the text so far: where it stands, and the lines before.

    `odd` counts what cannot be so, by what the rule itself tells: values, and lines that lack.
    """

    node: Node
    used: int
    frame: Frame
    visit: Visit
    last: "Position | None" = None  # where the line before was read
    read: Read = NOTHING
    odd: int = 0
    paused: "tuple[Position, ...]" = ()  # where functions wait in the middle of a ``yield``


class Reader:
    """Reads a text line by line."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.misfits: list[int] = []  # the numbers of lines that stand nowhere in the rule
        self._everywhere: dict[str, list[tuple[Place, Values]]] = {}  # where lines stand in it
        frame = Frame(graph.start.scope, None, 1)
        start = Node("start", graph.start.scope, ways={None: [graph.start]})
        self._ways = [Position(start, 0, frame, Visit(start, frame, legal=True))]

    def feed(self, number: int, line: str) -> bool:
        """Read the next line; tell whether it can follow what was read before."""
        text = tidy(line)
        legal = self.following(number, text)
        ways = legal or self.elsewhere(number, text)
        if ways:
            self._ways = ways
        else:
            self.misfits.append(number)
        return bool(legal)

    def visits(self) -> list[Visit]:
        """Return the passages read so far, in the order in which they begin."""
        trail = []
        position: Position | None = self._ways[0]
        while position is not None:
            if position.read is not NOTHING:
                trail.append(position)
            position = position.last
        visits: dict[int, Visit] = {}
        for p in reversed(trail):
            visit = p.visit
            if id(visit) not in visits:
                visits[id(visit)] = visit
                visit.lines = []
                visit.calls = []
                if visit.node.kind == "call" and p.frame.caller is not None:
                    visit.caller = p.frame.caller.visit
                    visit.caller.calls.append(visit)
            visit.lines.append(p.read)
        return list(visits.values())

    # Ways to go on

    def following(self, number: int, text: str) -> list[Position]:
        """Return the positions after a line that can follow."""
        line = _Line(number, text)
        for expected in (True, False):  # changes that nobody expects if nothing else will do
            if not line.positions:
                for way in self._ways:
                    self._ahead(way, line, expected)
        if not line.positions:
            for way in self._ways:
                self._raised(way, line)
        if len(line.positions) > 1:
            line.positions.sort(key=lambda position: position.odd)
        return line.positions

    def _ahead(self, way: Position, line: "_Line", expected: bool) -> None:
        """Find the line after a position, in its function or after the return from it."""
        graph, last = self.graph, way
        while True:
            table = graph.table(way.node, way.used)
            fitting: Iterable[tuple[Place, Values]] = ()
            if expected:
                fitting = line.matches(table)
            elif table.repeating:
                fitting = line.changes(table, expected=False)
            for place, values in fitting:
                line.add(way, place, values, way.frame, last)
            if table.callers and expected and way.frame.depth < _DEEPEST:
                for place, values in line.matches(graph.calls):
                    for caller in table.callers:
                        frame = line.call(way, caller, place.node.scope)
                        line.add(way, place, values, frame, last)
            if way.frame.caller is None or not graph.can_return(way.node, way.used):
                return
            way = way.frame.caller

    def _raised(self, way: Position, line: "_Line") -> None:
        """Find a line that follows because an exception has ended what was running."""
        graph, last = self.graph, way
        back = graph.backs.get(line.text)
        around: Position | None = way
        while around is not None:
            for node in around.node.raises:
                for place in graph.firsts(node)[0]:
                    values = place.form.match(line.text)
                    if values is not None:
                        line.add(around, place, values, around.frame, last)
            around = around.frame.caller
            if around is not None and back is around.frame.scope:
                line.back(around, last, way)
                return
        for waiting in reversed(way.paused):
            if back is waiting.frame.scope:
                line.back(_resumed(waiting, way), last, None)
                return
        for head, slot, tail in graph.failure:
            if slot and line.text.startswith(head) and line.text.endswith(tail):
                node = Node("failure", way.frame.scope, ways={None: []})
                line.add(way, Place(node, 0, _constant(line.text)), [], way.frame, last)

    def elsewhere(self, number: int, text: str) -> list[Position]:
        """Return positions after a line that cannot follow but stands somewhere in the rule."""
        line = _Line(number, text, legal=False)
        places = self._everywhere.get(text)
        if places is None:
            everywhere = self.graph.everywhere
            places = [*line.matches(everywhere), *line.changes(everywhere, expected=False)]
            self._everywhere[text] = places
        last = self._ways[0]
        frames: dict[Scope, Frame] = {}
        frame: Frame | None = last.frame
        while frame is not None:
            frames.setdefault(frame.scope, frame)
            frame = frame.caller.frame if frame.caller else None
        # A whole text says more than a slot, and what is near more than what is far.
        near = last.node.statement.id if last.node.statement else -1
        places = sorted(
            places,
            key=lambda match: (
                match[0].form.constant is None,
                match[0].node is not last.node,
                match[0].node.scope not in frames,
                abs((match[0].node.statement.id if match[0].node.statement else -1) - near),
            ),
        )
        for place, values in places:
            scope = place.node.scope
            if place.node.kind == "call" and place.node is not self.graph.start:
                frame = Frame(scope, last, last.frame.depth + 1)
            else:
                frame = frames.get(scope) or Frame(scope, None, last.frame.depth)
            line.add(last, place, values, frame, last)
        return line.positions[:_ELSEWHERE]


class _Line:
    """One line, and the positions after it: each place once, the likeliest first."""

    def __init__(self, number: int, text: str, legal: bool = True) -> None:
        self.number = number
        self.text = text
        self.legal = legal
        self.positions: list[Position] = []
        self._frames: dict[tuple[int, int, int], Frame] = {}

    def matches(self, table: Table) -> list[tuple[Place, Values]]:
        """Return the places of a table where the line fits, but for changes nobody expects."""
        text = self.text
        matches: list[tuple[Place, Values]] = [(p, []) for p in table.constants.get(text, ())]
        for place in table.slotted(text):
            values = place.form.match(text)
            if values is not None:
                matches.append((place, values))
        if table.repeating:
            matches += self.changes(table, expected=True)
        if len(matches) > 1:
            matches.sort(key=lambda match: not match[0].stays)
        return matches

    def changes(self, table: Table, expected: bool) -> Iterator[tuple[Place, Values]]:
        """Yield the places that state a change of a variable, one of the statement's own or not.

        Those of statements that name the variable come first.
        """
        name = stated_name(self.text)
        places = [p for p in table.repeating if name and (name in p.form.changes) is expected]
        for place in sorted(places, key=lambda place: name not in place.form.named):
            values = place.form.match(self.text)
            if values is not None:
                yield place, values

    def back(self, there: Position, last: Position, left: Position | None) -> None:
        """Keep the positions after a line that says in which function control is back.

        It is in the middle of the statement that had called, or in a handler around it. `left` is
        where the function stood that was left; if it pauses there, it may go on later.
        """
        node = Node("back", there.frame.scope, forms=[_constant(self.text)], ways={None: []})
        node.raises = there.node.raises
        self.add(there, Place(node, 0, node.forms[0]), [], there.frame, last)
        if self.positions and self.positions[-1].node is node:
            read = self.positions[-1]
            waiting = last.paused
            if left is None:
                waiting = tuple(p for p in waiting if p.frame.key is not there.frame.key)
            elif any(s.pauses for s in left.node.group):
                waiting = (*waiting, left)
            read.paused = waiting
            again = replace(there, last=read, read=NOTHING, odd=read.odd, paused=waiting)
            self.positions.append(again)

    def call(self, way: Position, caller: Node, scope: Scope) -> Frame:
        """Return the frame of a call that a node makes."""
        key = (id(caller), id(way.frame), id(scope))
        if key not in self._frames:
            if caller is not way.node:  # one that has no lines
                visit = Visit(caller, way.frame, self.legal)
                way = Position(caller, 0, way.frame, visit)
            self._frames[key] = Frame(scope, way, way.frame.depth + 1)
        return self._frames[key]

    def add(
        self,
        way: Position,
        place: Place,
        values: Values,
        frame: Frame,
        last: Position,
    ) -> None:
        """Keep the position after the line at a place."""
        used = 1 << place.index
        odd, fixed = last.odd, place.form.fixed
        if fixed:
            odd += sum(fixed.get(slot, text) != text for slot, text in values)
        if place.stays:
            used |= way.used
        elif frame is way.frame:  # it leaves the moment
            odd += (way.node.sure & ~way.used).bit_count()
        at = len(self.positions)
        for n, other in enumerate(self.positions):
            if other.node is place.node and other.used == used and other.frame is frame:
                if other.odd <= odd:
                    return
                at = n
        if at == _WAYS:
            return
        visit = way.visit if place.stays else Visit(place.node, frame, self.legal)
        read = Read(self.number, self.text, place.index, place.form, values)
        position = Position(place.node, used, frame, visit, last, read, odd, last.paused)
        self.positions[at : at + 1] = [position]


def _resumed(waiting: Position, way: Position) -> Position:
    """Return the position at which a paused function goes on, called from another place."""
    frame = Frame(waiting.frame.scope, way, waiting.frame.depth, waiting.frame.key)
    return Position(waiting.node, waiting.used, frame, waiting.visit)


def _constant(text: str) -> Form:
    return Form((text,), 0, (text,), optional=False)


def read_all(graph: Graph, lines: Sequence[str]) -> Reader:
    """Read the lines of a whole text."""
    reader = Reader(graph)
    for number, line in enumerate(lines, 1):
        reader.feed(number, line)
    return reader
