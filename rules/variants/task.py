"""Variants of a task: its rule in other words, with the task's own inputs, questions and oracle."""

from collections.abc import Iterator, Sequence
from random import Random
from types import ModuleType
from typing import Any

from rfft.tracer import Rule
from rfft.tracer.values.show import show

from ..errors import TaskRejected
from ..task import Task

MARK = "~"
"""Stands between the name of a task or a program and the number of a variant."""

_LENGTHS = 6  # at which variants are run
_EACH = 4  # instances of a length


class VariantTask(Task):
    """A task whose rule is a variant of that of another one."""

    def __init__(self, task: Task, name: str, source: str, function: str) -> None:
        super().__init__(task.text, task.id, task.path)
        self.id = name
        self._task = task
        self.rule = Rule.from_source(source, function, self.where)

    @property
    def module(self) -> ModuleType:
        return self._task.module

    def arguments(self, length: int, seed: int = 0, index: int = 0) -> tuple[Any, ...]:
        return self._task.arguments(length, seed, index)

    def inputs(self, length: int, rng: Random) -> tuple[Any, ...]:
        return self._task.inputs(length, rng)

    def _asked(self, arguments: tuple[Any, ...], texts: tuple[str, ...]) -> Any:
        return self._task.question_with(arguments, texts)

    def oracles(self, instances: Any) -> list[Any]:
        return self._task.oracles(instances)


def sample(task: Task, lengths: Sequence[int], seed: int) -> Iterator[tuple[str, ...]]:
    """Yield the arguments of some instances of a task, on which variants are run.

    Raises TaskRejected if there is none.
    """
    found = 0
    step = max(1, len(lengths) // _LENGTHS)
    problem: TaskRejected | None = None
    for length in lengths[::step][:_LENGTHS]:
        for index in range(_EACH):
            try:
                arguments = task.arguments(length, seed, index)
            except TaskRejected as rejected:
                problem = rejected
                continue
            found += 1
            yield tuple(map(show, arguments))
    if not found and problem is not None:
        raise problem
