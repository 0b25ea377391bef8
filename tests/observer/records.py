"""What is kept of a run: calls, steps, and what happened in its order."""

from dataclasses import dataclass, field
from typing import Any

from .program import Code, Statement

State = dict[str, str]


@dataclass(eq=False)
class Call:
    """One call of a function of the rule."""

    number: int
    code: Code
    depth: int
    state: State = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)  # attributes of the receiver's class
    last: "Step | None" = None
    pending: list["Step"] = field(default_factory=list)
    paused: bool = False
    closing: "Event | None" = None  # set while a generator that is no longer used is closed
    returned: "Step | None" = None  # the `return` that has run, but for what is left to be done


@dataclass(eq=False)
class Step:
    """One run of a statement in a call."""

    call: Call
    statement: Statement
    before: State
    after: State | None = None
    reads: list[tuple[str, str, bool]] = field(default_factory=list)
    walrus: list[tuple[str, str]] = field(default_factory=list)
    values: dict[int, list[str]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    truth: bool | None = None
    error: str | None = None
    raised: bool = False
    paused: bool = False
    echo: bool = False
    again: bool = False  # a loop's test, after its body
    ended: int = 0  # how many events there were before its end
    old: str | None = None  # what `a[i] += 1` has found in its place
    caught: str | None = None  # the type of the exception that a handler looks at
    paths: State = field(default_factory=dict)  # attributes of objects that the code names
    paths_after: State = field(default_factory=dict)
    live: dict[int, Any] = field(default_factory=dict)


@dataclass(eq=False)
class Event:
    """What happened: ``call``, ``step``, ``end``, ``raise``, ``pause`` or ``resume``."""

    kind: str
    call: Call
    step: Step | None = None
    value: str = ""


@dataclass(eq=False)
class Run:
    """All that was seen of one run."""

    events: list[Event] = field(default_factory=list)
    result: str | None = None
    error: tuple[str, str] | None = None
