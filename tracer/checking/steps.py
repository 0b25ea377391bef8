"""A text read back into the steps of a trace."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..inputs import parse_input
from ..plan.statements import Statement, Worked
from ..rule import Rule
from ..styles import Style, load
from ..styles.slots import Before, Outcome, Piece, States, Value
from ..tracing import Trace
from .following import settle
from .graph import graph_of
from .nodes import assigned
from .reader import Visit, read_all
from .text import written_lines


@dataclass
class ReadStep:
    """A step as a text states it: what of `rfft.tracer.Step` the style writes.

    `lines` are the numbers of its lines in the text, blank ones not counted. Steps that share a
    recital have the same.
    """

    kind: str
    line: int
    source: str
    depth: int
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    evaluated: list[tuple[str, str]] = field(default_factory=list)
    outcome: str | bool | None = None
    lines: list[int] = field(default_factory=list)


def parse(
    rule: Rule | Callable[..., Any],
    text: str,
    style: str | Style = "rfft",
    args: Sequence[Any] | str | None = None,
) -> list[ReadStep]:
    """Read the text of a trace back into its steps.

    A step that the style writes nothing about is left out, and so are lines that no trace of the
    rule can have. Lines that recite the rule tell which step they are about. Those of style
    ``scratchpad`` do not always: after an iteration and before a ``break``, for example, they are
    the same. With `args`, the arguments as for `check`, the rule is run on them in this process to
    tell such steps apart; without, the rule is not run, and the first that fits is taken. Raises
    SourceRejected, InputRejected, StyleNotFound.
    """
    if not isinstance(rule, Rule):
        rule = Rule.from_function(rule)
    style = load(style)
    visits = read_all(graph_of(rule, style), written_lines(text)).visits()
    if args is not None:
        given, named = parse_input(args, rule.classes) if isinstance(args, str) else (args, {})
        true = Trace(rule, copy.deepcopy(tuple(given)), named).run()
        settle(true.told_by(style), style, visits)
    return [step for visit in visits for step in steps_of(visit)]


def steps_of(visit: Visit) -> list[ReadStep]:
    """Return the steps that a passage through a node is about."""
    node, depth = visit.node, visit.frame.depth
    if node.kind == "call" or (node.kind == "result" and not node.group):
        kind, source = ("call", node.scope.name) if node.kind == "call" else ("end", "")
        steps = [ReadStep(kind, getattr(node.scope.node, "lineno", 1), source, depth)]
    elif node.kind == "enter":
        steps = [ReadStep(node.block, node.group[0].line, node.source, depth)]
    elif node.kind in ("simple", "test", "result", "leave", "statement"):
        steps = [ReadStep(s.kind, s.line, s.source, depth) for s in node.group]
    else:  # a title, or what belongs to a step that has its own lines
        return []
    if node.kind == "test":
        steps[0].outcome = visit.outcome
    elif node.kind == "enter" and visit.lines[-1].form is node.forms[-1]:
        steps[0].outcome = True
    for read in visit.lines:
        for step in steps:
            step.lines.append(read.number)
        for slot, value in read.values:
            of = getattr(slot, "of", 0)
            step = steps[of]
            _state(step, node.group[of] if node.group else None, slot, value)
    return steps


def _state(step: ReadStep, statement: Statement | None, slot: Piece, value: str) -> None:
    """Put what a slot states into a step."""
    if isinstance(slot, Before):
        step.before.setdefault(slot.read.name, value)
    elif isinstance(slot, Outcome):
        step.outcome = value
    elif not isinstance(slot, States) and (name := assigned(slot, statement)):
        step.after[name] = value
    if isinstance(slot, Value) and statement is not None:
        sources = [i.source for i in statement.items if isinstance(i, Worked) and i.key == slot.key]
        step.evaluated += [(s, value) for s in sources if (s, value) not in step.evaluated]
