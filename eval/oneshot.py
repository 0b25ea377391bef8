"""Puts a worked example in front of each prompt, as one-shot prompts of a corpus have it.

The example is another instance of the same task: a short one, and of the training side, so that no
test instance is ever shown with its answer. Task files run in this process; so only those at hand
are used, of the library and of the folders that are named, and never what a corpus brings along.
"""

import dataclasses
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from rfft.rules import catalog
from rfft.tracer import styles
from rfft.tracer.sandbox import Pool
from rfft.tracer.sandbox import Task as Job
from rfft.train.corpus.plan import Plan
from rfft.train.corpus.rows import parse_id
from rfft.train.corpus.sources import SYNTHETIC, Instance, Source
from rfft.train.corpus.tracing import LIMITS

from .errors import EvalRejected
from .questions import Question

_BATCH = 100  # examples of one task that one process traces


def with_examples(
    plan: Plan, questions: Sequence[Question], rules: Sequence[str | Path]
) -> list[Question]:
    """Return the questions with a worked example in front of each. Raises EvalRejected."""
    name = questions[0].style
    style = styles.load(name)
    tasks = catalog(rules)
    pairs: list[tuple[Instance, Instance]] = []
    jobs: list[Job] = []
    for task, of_task in itertools.groupby(questions, lambda question: question.task):
        if task != SYNTHETIC and (task not in tasks or tasks[task].text != plan.tasks.get(task)):
            raise EvalRejected(
                f"the corpus's task {task} is none of yours; --rules names the folder of its file"
            )
        source = plan.source(task)
        found = [_drawn(source, question) for question in of_task]
        pairs += found
        jobs += _jobs([example for _, example in found], source.batch, name)
    with Pool(styles=(name,), limits=LIMITS) as pool:
        records = list(itertools.chain.from_iterable(pool.map(jobs)))
    made = []
    for question, (asked, example), record in zip(questions, pairs, records, strict=True):
        if record["status"] != "ok":
            raise EvalRejected(f"{question.id}: its worked example ends with {record['status']}")
        if asked.prompt(style) != question.prompt:
            raise EvalRejected(f"{question.id}: made again it has another prompt")
        prompt = asked.prompt(style, example.worked(style, record["response"]))
        made.append(dataclasses.replace(question, prompt=prompt))
    return made


def _drawn(source: Source, question: Question) -> tuple[Instance, Instance]:
    """Return the instance that a question is about, and the one to show in front of it."""
    _, length, number = parse_id(question.id)
    asked = source.draw(length, number)
    if asked is None or (asked.rule, asked.arguments) != (question.rule, question.arguments):
        raise EvalRejected(f"{question.id}: drawn again it is another instance")
    example = source.example(asked)
    if example is None:
        raise EvalRejected(f"{question.id}: its task has no other instance for a worked example")
    return asked, example


def _jobs(examples: Sequence[Instance], batch: int, style: str) -> Iterator[Job]:
    for start in range(0, len(examples), min(batch, _BATCH)):
        some = examples[start : start + min(batch, _BATCH)]
        inputs = tuple(example.input for example in some)
        first = some[0]
        yield Job(first.source, inputs, first.function, (style,), ("-",) * len(inputs), steps=False)
