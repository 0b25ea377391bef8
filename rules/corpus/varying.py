"""Variants of the tasks of a plan, which are written down in it."""

from collections.abc import Iterator, Mapping

from rfft.tracer.commands.progress import Bar

from ..sandboxed import guarded
from ..task import Task
from ..variants.task import MARK, sample
from .settings import Settings

Variants = dict[str, list[str]]
"""Source and function of each variant, by its name."""


def vary(
    tasks: Mapping[str, str], settings: Settings, trust: bool = False, unprotected: bool = False
) -> Variants:
    """Return variants of tasks, given by their texts: at most as many of each as are wanted.

    Raises TaskRejected, and OSError if there is no process to run them in.
    """
    from ..variants.checked import Checker, Original

    def originals() -> Iterator[Original]:
        for name, text in tasks.items():
            task = guarded(Task.from_source(text, name), trust, unprotected)
            first, last = settings.lengths
            most = last if task.max_length is None else min(last, task.max_length)
            lengths = range(max(first, task.min_length), most + 1)
            inputs = tuple(sample(task, lengths, settings.seed))
            yield Original(task.rule, inputs, f"{settings.seed}/{task.fingerprint}", asks=True)

    found: Variants = {}
    with Checker(unprotected=unprotected) as checker, Bar("varying tasks", len(tasks)) as bar:
        every = checker.varied(originals(), settings.vary)
        for name, varied in zip(tasks, every, strict=True):
            for number, variant in enumerate(varied.variants, 1):
                found[f"{name}{MARK}{number}"] = [variant.source, variant.function]
            bar.add(1)
    return found
