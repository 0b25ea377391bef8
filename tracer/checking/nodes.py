"""The parts of a graph: moments of a rule, and the places in them where a line may stand."""

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..plan.statements import Scope, Statement, Worked
from ..styles.slots import After, Before, Outcome, Param, Piece, States, Value
from ..values.show import show
from .forms import Form


@dataclass(eq=False)
class Node:
    """One moment. `ways` are the nodes after it, by outcome for a test, else under None."""

    kind: str
    scope: Scope
    group: tuple[Statement, ...] = ()
    forms: list[Form] = field(default_factory=list)
    ways: dict[bool | None, list["Node"]] = field(default_factory=dict)
    raises: list["Node"] = field(default_factory=list)  # where an exception leads to
    first: bool = False  # a loop's test: the first arrival
    leaves: bool = False  # control leaves the function
    source: str = ""  # what is recited, where that is not the statement's own text
    block: str = ""  # of ``enter``: the kind of block
    ahead: dict[bool | None, list["Node"]] = field(default_factory=dict)  # by outcome, once known
    tables: dict[int, "Table"] = field(default_factory=dict)  # by forms already used
    returns: dict[int, bool] = field(default_factory=dict)  # the same

    @property
    def statement(self) -> Statement | None:
        """The first statement that the moment is about."""
        return self.group[0] if self.group else None

    @cached_property
    def silent(self) -> bool:
        """Tell whether the moment may have no lines."""
        return all(form.optional for form in self.forms)

    @cached_property
    def calls(self) -> bool:
        """Tell whether functions of the rule may run in the middle of this moment."""
        return any(s.calls or s.pauses for s in self.group) and self.kind in _RUNNING

    def may_call(self, used: int) -> bool:
        """Tell whether functions of the rule may run when the forms `used` (bits) were read."""
        return self.calls and not used & self._last

    @cached_property
    def _last(self) -> int:
        """The forms that state what is known only when the moment is over."""
        return _bits(form.last for form in self.forms)

    @cached_property
    def sure(self) -> int:
        """The forms (bits) that are left out only where an exception ends the moment."""
        return _bits(form.sure for form in self.forms)

    def __repr__(self) -> str:
        s = self.statement
        return f"<{self.kind} {s.source if s else self.scope.name!r}>"


def _bits(facts: Iterable[bool]) -> int:
    return sum(1 << i for i, fact in enumerate(facts) if fact)


_RUNNING = ("simple", "test", "result", "statement", "enter", "exit")


@dataclass(slots=True, eq=False)
class Place:
    """One form of one node: where a line may stand. It `stays` in a passage, or begins one."""

    node: Node
    index: int
    form: Form
    stays: bool = False


class Table:
    """The places of the lines that may come next, found by their text."""

    __slots__ = ("_by_word", "_others", "callers", "constants", "repeating")

    def __init__(self, places: Sequence[Place], callers: Sequence[Node] = ()) -> None:
        self.callers = callers  # nodes that may call functions of the rule first
        self.constants: dict[str, list[Place]] = {}
        self.repeating: list[Place] = []  # forms that state changes of any variable
        slotted: list[tuple[Place, set[str | None]]] = []
        for place in places:
            text = place.form.constant
            if place.form.repeats:
                self.repeating.append(place)
            elif text is None:
                slotted.append((place, place.form.words))
            else:
                self.constants.setdefault(text, []).append(place)
        words = {word for _, firsts in slotted for word in firsts}
        self._others = [place for place, firsts in slotted if None in firsts]
        self._by_word = {
            word: [place for place, firsts in slotted if word in firsts or None in firsts]
            for word in words
        }

    def slotted(self, text: str) -> Sequence[Place]:
        """Return the places of forms with slots that a line may fit, by its first word."""
        return self._by_word.get(text.partition(" ")[0], self._others)


def changed_by(s: Statement) -> frozenset[str]:
    """Return the variables that a statement itself changes in place, as far as can be seen."""
    parts = [i.source for i in s.items if isinstance(i, Worked) and "." in i.source]
    return frozenset([*s.touched, *s.attributes, *parts])


def assigned(slot: Piece, s: Statement | None) -> str | None:
    """Return the variable whose value after a statement a slot states, if it is such a one."""
    if isinstance(slot, After | Param):
        return slot.name
    if isinstance(slot, States):
        return slot.names[0]
    if isinstance(slot, Value) and s is not None:  # what ``:=`` has bound
        return next((name for name, key in s.bound_inside if key == slot.key), None)
    return None


def name_of(slot: Piece) -> str:
    """Return the variable whose value a slot states by its name; "" if it is none."""
    return slot.read.name if isinstance(slot, Before) else assigned(slot, None) or ""


def fixed_by(kind: str, group: Sequence[Statement]) -> Iterator[tuple[Piece, str]]:
    """Yield the slots of a moment whose values the rule itself tells, with these values."""
    if kind == "result" and not group:
        yield Outcome(), "None"  # the function ends without a return
    for of, s in enumerate(group):
        if s.kind != "return" and not s.constant:
            continue
        node = ast.parse(s.source).body[0]
        value = getattr(node, "value", None) or ast.Constant(None)
        try:
            text = show(ast.literal_eval(value))
        except ValueError:
            continue
        if s.kind == "return":
            yield Outcome(), text
        else:
            yield from ((After(name, of), text) for name in s.targets)


def arm_of(node: Node, used: int) -> bool | None:
    """Return the outcome that the forms read so far tell of a test."""
    arms = (form.arm for i, form in enumerate(node.forms) if used >> i & 1)
    return next((arm for arm in arms if arm is not None), None)


def once(places: Sequence[Place]) -> list[Place]:
    """Return places without those that come again."""
    return list({(id(p.node), p.index, p.stays): p for p in places}.values())


def walk(starts: Iterable[Node], onward: Callable[[Node], Sequence[Node]]) -> Iterator[Node]:
    """Yield the nodes that can be reached, each once, the first ways first."""
    seen: set[Node] = set()
    stack = [*starts][::-1]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            yield node
            stack += reversed(onward(node))
