"""Puts a worked example in front of each prompt, as one-shot prompts of a corpus have it.

The example is another instance of the same task: a short one, and of the training side, so that no
test instance is ever shown with its answer. Only tasks at hand are used, of the library and of the
folders that are named, and never what a corpus brings along.
"""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from rfft.rules import catalog
from rfft.rules.corpus.plan import Plan
from rfft.rules.corpus.rows import parse_id
from rfft.rules.corpus.sources import SYNTHETIC, Instance, Source
from rfft.rules.corpus.tracing import LIMITS
from rfft.tracer import styles
from rfft.tracer.sandbox import Pool, Task

from .errors import EvalRejected

_BATCH = 100  # examples of one task that one process traces


class Asked(Protocol):
    """What is to be known of a question."""

    @property
    def id(self) -> str: ...
    @property
    def task(self) -> str: ...
    @property
    def style(self) -> str: ...
    @property
    def prompt(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def arguments(self) -> tuple[str, ...]: ...


def prompts(
    plan: Plan,
    questions: Sequence[Asked],
    rules: Sequence[str | Path],
    unprotected: bool = False,
) -> list[str]:
    """Return the prompts of questions with a worked example in front.

    For `unprotected` see `questions.read`. Raises EvalRejected, Unprotected.
    """
    name = questions[0].style
    style = styles.load(name)
    tasks = catalog(rules)
    pairs: list[tuple[Instance, Instance]] = []
    jobs: list[Task] = []
    for task, of_task in itertools.groupby(questions, lambda question: question.task):
        if task != SYNTHETIC and (task not in tasks or tasks[task].text != plan.tasks.get(task)):
            raise EvalRejected(
                f"the corpus's task {task} is none of yours; --rules names the folder of its file"
            )
        source = plan.source(task, unprotected)
        found = [_drawn(source, question) for question in of_task]
        pairs += found
        jobs += _jobs([example for _, example in found], source.batch, name)
    # An example that would be another one on the next day is none.
    with Pool(styles=(name,), limits=LIMITS, protected=not unprotected, repeat=True) as pool:
        records = list(itertools.chain.from_iterable(pool.map(jobs)))
    made = []
    for question, (asked, example), record in zip(questions, pairs, records, strict=True):
        if record["status"] != "ok":
            raise EvalRejected(f"{question.id}: its worked example ends with {record['status']}")
        if asked.prompt(style).rstrip("\n") != question.prompt.rstrip("\n"):
            raise EvalRejected(f"{question.id}: made again it has another prompt")
        made.append(asked.prompt(style, example.worked(style, record["response"])))
    return made


def _drawn(source: Source, question: Asked) -> tuple[Instance, Instance]:
    """Return the instance that a question is about, and the one to show in front of it."""
    _, length, number = parse_id(question.id)
    asked = source.draw(length, number)
    if asked is None or (asked.rule, asked.arguments) != (question.rule, question.arguments):
        raise EvalRejected(f"{question.id}: drawn again it is another instance")
    example = source.example(asked)
    if example is None:
        raise EvalRejected(f"{question.id}: its task has no other instance for a worked example")
    return asked, example


def _jobs(examples: Sequence[Instance], batch: int, style: str) -> Iterator[Task]:
    for start in range(0, len(examples), min(batch, _BATCH)):
        some = examples[start : start + min(batch, _BATCH)]
        inputs = tuple(example.input for example in some)
        first = some[0]
        yield Task(
            first.source, inputs, first.function, (style,), ("-",) * len(inputs), steps=False
        )
