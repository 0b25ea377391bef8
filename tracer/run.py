"""Runs a rule under limits and returns the record of its trace.

`run` is the boundary: texts and limits go in, a record that is plain JSON comes out. Nothing of
the rule or its input is parsed or run on this side; the sandbox does it (`rfft.tracer.sandbox`).
A limit ends the process of the rule; it is never raised into the rule, which could swallow it.
`run_here` is for rules that are trusted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

Record = dict[str, Any]
"""A trace as plain JSON: the keys of ``Trace.to_json`` and ``status``, ``protection``, ``tainted``.

``exception`` also says why a source or an input was refused and how a process crashed. ``stats``
also has ``printed``: how many characters the rule printed; they are in no trace.
"""

STATUSES = frozenset(
    "ok rule_error limit_steps limit_time limit_memory limit_output limit_depth blocked crashed "
    "rejected_source rejected_input tainted".split()
)
"""What ``status`` of a record can be."""

MIB = 1 << 20
MAX_SOURCE = 1 << 20
"""The longest source of a rule that is looked at, in bytes of UTF-8."""


@dataclass(frozen=True)
class Limits:
    """What one run may take.

    `steps` are recorded steps; `seconds` are wall-clock time of the rule and `cpu` its CPU time;
    `memory` is in MiB, on top of what the tracer itself needs; `output` is in MiB (2**20) of
    recorded characters; `depth` is how deep functions of the rule may call each other.
    """

    steps: int = 1_000_000
    seconds: float = 10.0
    memory: int = 1024
    output: int = 16
    cpu: float = 10.0
    depth: int = 1000

    @property
    def reply(self) -> int:
        """The longest record that is sent, in bytes."""
        # A value comes several times: in the response, before, after and worked out.
        return (16 * self.output + 256) * MIB


@dataclass(frozen=True)
class Job:
    """What one run is about; see `run` for what the fields mean.

    `more` are styles whose texts are added to the record, under the key ``texts``. Without `steps`
    the record's list of them is empty.
    """

    source: str
    arguments: str
    function: str | None
    style: str
    question: str | None
    limits: Limits
    more: tuple[str, ...] = ()
    steps: bool = True

    def record(self, status: str, problem: Exception | None = None) -> Record:
        """Return a record without a trace; `problem` says why there is none."""
        exception = problem and {"type": type(problem).__name__, "message": str(problem)}
        return {
            "status": status,
            "rule": {"function": self.function or "", "source": self.source},
            "input": self.arguments,
            "prompt": "",
            "response": "",
            "answer": None,
            "result": None,
            "exception": exception,
            "steps": [],
            "stats": {"steps": 0, "iterations": 0, "characters": 0, "printed": 0},
        }


class Crashed(Exception):
    """Why a run has no trace through no fault of source or input; the record's ``exception``."""


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
    To trace more than one input or rule, keep a `rfft.tracer.sandbox.Sandbox` or `Pool`.
    """
    from .sandbox import Sandbox, Task

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
    from .work import Work

    job = Job(source, arguments, function, style, question, limits or Limits())
    missing = ["separate process", "system-call filter"]
    extra: Record = {"protection": {"level": "none", "missing": missing}, "tainted": []}
    work = Work(job, lambda record: deliver({**record, **extra}))
    record = work.perform()
    if work.trace is not None and type(work.trace.exception) is KeyboardInterrupt:
        raise KeyboardInterrupt
    return {**record, **extra}
