"""Compares what a rule's process has answered with what it was asked."""

import re

from ..errors import InputRejected
from ..inputs import ANY_CLASSES
from ..records import Record, Task
from ..styles import built_in
from ..values.show import show

_WITHOUT_TRACE = frozenset(("rejected_source", "rejected_input", "crashed", "tainted"))


def fits(record: Record, task: Task, index: int) -> bool:
    """Tell whether a record of a true form can be what was asked for with an input of a task."""
    status, texts = record["status"], record.get("texts", {})
    ended = status == "ok"
    stats, steps = record["stats"], len(record["steps"])
    return (
        list(texts) == list(dict.fromkeys(task.styles[1:]))
        and record["answer"] == record["result"]
        and (record["result"] is not None or not ended)
        and not (ended and record["exception"])
        and stats["characters"] == len(record["response"])
        and steps in ((0, stats["steps"]) if task.steps else (0,))
        and ("verdict" not in record or task.text(index) is not None)
        and is_named(record["rule"]["function"], task, traced=bool(record["response"]))
        and is_input(record["input"], task, index, read=status not in _WITHOUT_TRACE)
        and (not ended or _is_stated(record["answer"], record, task))
    )


def is_named(function: str, task: Task, *, traced: bool = True) -> bool:
    """Tell whether a rule of this name was asked for."""
    last = function.rpartition(".")[2]
    if task.function is not None:
        return last == task.function.rpartition(".")[2]
    return (not function and not traced) or bool(
        last.isidentifier() and re.search(rf"\b{last}\b", task.source)
    )


def is_input(text: str, task: Task, index: int, *, read: bool = True) -> bool:
    """Tell whether a text spells an input of a task: as it was given or, if `read`, as shown."""
    if text == task.inputs[index]:
        return True
    try:
        args, kwargs = task.arguments(index, ANY_CLASSES)
    except InputRejected:
        return False
    return read and text == ", ".join(
        [*map(show, args), *(f"{name}={show(value)}" for name, value in kwargs.items())]
    )


def _is_stated(answer: str, record: Record, task: Task) -> bool:
    """Tell whether the responses state an answer, in the styles of which that is known."""
    responses = [record["response"], *(t["response"] for t in record.get("texts", {}).values())]
    own = built_in()
    return all(
        answer in response
        for style, response in zip(dict.fromkeys(task.styles), responses, strict=True)
        if style in own
    )
