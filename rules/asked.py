"""A task by its id or title, for commands that take it where a rule's file is expected."""

from collections.abc import Sequence
from typing import NamedTuple

from rfft.tracer import InputRejected
from rfft.tracer.inputs import parse_input
from rfft.tracer.values.show import show

from .discovery import load
from .errors import TaskRejected
from .sandboxed import guarded
from .task import Task


class Asked(NamedTuple):
    """A rule, with texts of inputs and their questions; None where an input fits no question."""

    source: str
    function: str | None
    inputs: list[str]
    questions: list[str | None]


def find(name: str, length: int | None, seed: int, inputs: Sequence[str] | None) -> Asked:
    """Return a task with the inputs that are given, or else with an instance of that length.

    Raises TaskNotFound, TaskRejected.
    """
    task = guarded(load(name))
    rule = task.rule
    if inputs is not None:
        given = list(inputs)
        return Asked(rule.source, rule.function, given, [_question(task, one) for one in given])
    if length is None:
        raise TaskRejected(
            f"{name}: is a task; --length N makes an instance of it, or give an --input"
        )
    arguments = task.arguments(length, seed)
    text = ", ".join(map(show, arguments))
    return Asked(rule.source, rule.function, [text], [task.question(*arguments)])


def _question(task: Task, text: str) -> str | None:
    try:
        args, kwargs = parse_input(text)
        return task.question(*task.rule.parameters.bind(args, kwargs).values())
    except (InputRejected, TaskRejected):  # which the trace will tell
        return None
