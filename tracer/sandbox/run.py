"""Runs one rule on one input under limits and returns the record of its trace.

`run` is the boundary: texts and limits go in, a record that is plain JSON comes out. Nothing of
the rule or its input is parsed or run on this side; a sandbox does it. A limit ends the process of
the rule; it is never raised into the rule, which could swallow it. `run_here` is for rules that
are trusted.
"""

from collections.abc import Callable
from typing import NoReturn

from ..records import Limits, Record, Task
from .limited import LimitedRun
from .protection import UNSAFE
from .sandbox import Sandbox


def run(
    source: str,
    arguments: str,
    *,
    function: str | None = None,
    style: str = "rfft",
    question: str | None = None,
    limits: Limits | None = None,
) -> Record:
    """Trace a rule in a sandbox of its own and return the record, whatever the rule does.

    `source` is the text of a Python file, `arguments` what stands between the parentheses of the
    call, `function` the rule's name if the file has several, `style` the name or the file of a
    style. Raise `StyleNotFound` if there is no such style, and `OSError` if no process can be made.
    To trace more than one input or rule, keep a `Sandbox` or `Pool`.
    """
    with Sandbox(styles=(style,), limits=limits) as sandbox:
        task = Task(source, (arguments,), function, (style,), (question,))
        (record,) = sandbox.run(task)
        return record


def run_here(
    source: str,
    arguments: str,
    deliver: Callable[[Record], NoReturn],
    *,
    function: str | None = None,
    style: str = "rfft",
    question: str | None = None,
    limits: Limits | None = None,
) -> Record:
    """Trace a trusted rule in this process and return the record; otherwise like `run`.

    A limit cannot end the rule without ending this process: `deliver` is called with the record,
    from another thread, and has to exit. Raise `KeyboardInterrupt` if that is what ended the rule.
    """
    task = Task(source, (arguments,), function, (style,), (question,))
    extra: Record = {"protection": UNSAFE, "tainted": []}
    limited = LimitedRun(task, 0, limits or Limits(), lambda record: deliver({**record, **extra}))
    record = limited.perform()
    if limited.trace is not None and type(limited.trace.exception) is KeyboardInterrupt:
        raise KeyboardInterrupt
    return {**record, **extra}
