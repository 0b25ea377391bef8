"""What is asked of a run, and what comes of it: tasks, limits and records, all plain data."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .inputs import parse_input, unpack

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
        # What is kept is at most twice the output; the rest is for what the texts recite.
        return (2 * self.output + 32) * MIB


@dataclass(frozen=True)
class Task:
    """A rule and the inputs to trace it on, as they go to a sandbox and into its processes.

    `inputs` are texts of what stands between the parentheses of a call, `function` the rule's name
    if the source has several. `styles` are names that the sandbox was made with: a record's
    ``prompt`` and ``response`` are of the first, its ``texts`` of the others. `questions`, if there
    are any, go with the inputs; None stands for the rule's own question. Without `steps`, records
    have only texts and counts, which is much cheaper. With `texts`, one for each input, the record
    of a run that has ended by itself has a ``verdict`` on the text; that takes a sandbox with a
    `judge`. `packed` are the inputs once more, as `rfft.tracer.inputs.pack` gives them, for callers
    who have the values: then they need not be read from their texts. With `states`, steps say what
    the variables were before them (`rfft.tracer.recorded.states`). Without `partial`, the record of
    a run that a limit ends has no trace, which then need not be made.
    """

    source: str
    inputs: tuple[str, ...]
    function: str | None = None
    styles: tuple[str, ...] = ("rfft",)
    questions: tuple[str | None, ...] = ()
    steps: bool = True
    texts: tuple[str, ...] = ()
    packed: tuple[bytes | None, ...] = ()
    states: bool = False
    partial: bool = True

    def __post_init__(self) -> None:
        if self.questions and len(self.questions) != len(self.inputs):
            raise ValueError("a task needs as many questions as inputs, or none")
        if self.texts and len(self.texts) != len(self.inputs):
            raise ValueError("a task needs as many texts as inputs, or none")
        if not self.styles:
            raise ValueError("a task needs a style")

    @property
    def texts_alone(self) -> bool:
        """Whether no steps and no verdicts are asked for."""
        return not self.steps and not self.texts

    def question(self, index: int) -> str | None:
        """Return the question that goes with an input."""
        return self.questions[index] if self.questions else None

    def text(self, index: int) -> str | None:
        """Return the text to check that goes with an input."""
        return self.texts[index] if self.texts else None

    def arguments(
        self, index: int, classes: Container[str] = ()
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return the arguments of an input, new ones each time. Raises InputRejected.

        `classes` are those that the rule defines, as for `parse_input`.
        """
        packed = self.packed[index] if self.packed else None
        if packed is not None:
            return unpack(packed), {}
        return parse_input(self.inputs[index], classes)

    def some(self, indices: Sequence[int]) -> "Task":
        """Return the task with these of its inputs alone."""
        return replace(
            self,
            inputs=tuple(self.inputs[n] for n in indices),
            questions=tuple(self.questions[n] for n in indices if self.questions),
            texts=tuple(self.texts[n] for n in indices if self.texts),
            packed=tuple(self.packed[n] for n in indices if self.packed),
        )

    def record(self, index: int, status: str, problem: Exception | None = None) -> Record:
        """Return a record without a trace for an input; `problem` says why there is none."""
        record: Record = {
            "status": status,
            "rule": {"function": self.function or "", "source": self.source},
            "input": self.inputs[index],
            "prompt": "",
            "response": "",
            "answer": None,
            "result": None,
            "exception": problem and {"type": type(problem).__name__, "message": str(problem)},
            "steps": [],
            "stats": {"steps": 0, "iterations": 0, "characters": 0, "printed": 0},
        }
        if len(self.styles) > 1:
            record["texts"] = {name: {"prompt": "", "response": ""} for name in self.styles[1:]}
        return record

    def refusal(self) -> Exception | None:
        """Return why the source is not even looked at, if so."""
        size = len(self.source.encode("utf-8", "surrogatepass"))
        if size > MAX_SOURCE:
            return Crashed(f"the source is longer than {MAX_SOURCE:,} bytes, too long for a rule")
        return None


class Crashed(Exception):
    """Why a run has no trace through no fault of source or input; the record's ``exception``."""
