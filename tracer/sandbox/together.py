"""The way to do tasks once more, only to compare: each step is recorded, many runs in one process.

What a rule leaves behind may show in a later run, of another rule too, so no trace made this way
counts by itself: what differs is done the thorough way (`stepwise`). So is what this way leaves:
at the first sign of tampering, of a limit, or of a try to reach outside, the process ends.
"""

import gc
import random
import sys
from collections.abc import Sequence

from ..recorded.running import hooked
from ..records import MIB, Limits, Task
from ..rule import Rule
from ..styles import load
from ..tracing import Trace
from .child import Child
from .limited import ROOM, rule_of, told
from .quick import leave, watch_turns
from .quiet import Quiet

_UNSURE = (MemoryError, RecursionError, OSError, ImportError, KeyboardInterrupt)
"""What may be raised by a limit or by a wall, or is an order to stop."""


def perform(child: Child, tasks: Sequence[Task], limits: Limits, rule: Rule | None) -> None:
    """Answer for tasks as long as all goes well; `rule` is that of all of them if it is made."""
    child.limit(limits.memory * MIB, int(limits.cpu) + 1)
    turns = watch_turns()
    child.lock(leave, leave)
    gc.enable()
    sys.setrecursionlimit(max(sys.getrecursionlimit(), limits.depth + ROOM))
    for task in tasks:
        made = rule or rule_of(task)
        styles = {name: load(name) for name in task.styles}
        hooked(made)  # which loads what is taken out of a rule's sight
        between_gaps = child.around.scatter()  # noqa: F841 - of which the last task has used some
        for index in range(len(task.inputs)):
            child.conceal()
            trace = _run(task, index, limits, made)
            if child.look():
                leave()
            record = told(trace, styles, task.question(index), steps=False)
            record["stats"]["printed"] = 0  # nobody asks
            record["status"] = "ok" if trace.exception is None else "rule_error"
            child.send(child.announcement() + child.answer(record, limits))
            turns[0] += 1


def _run(task: Task, index: int, limits: Limits, rule: Rule) -> Trace:
    """Run the rule on an input."""
    args, kwargs = task.arguments(index, rule.classes)
    trace = Trace(
        rule,
        args,
        kwargs,
        max_steps=limits.steps,
        max_characters=limits.output * MIB,
        max_depth=limits.depth,
        on_limit=leave,
    )
    random.seed(0)  # as in the process of each input
    with Quiet().instead_of_streams():
        trace.run()
    if isinstance(trace.exception, _UNSURE):
        leave()
    return trace
