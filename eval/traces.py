"""Wrong answers to step through: each beside the true trace, at its first wrong step."""

import base64
import gzip
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from rfft.rules.corpus.tracing import LIMITS
from rfft.tracer.page import document, view
from rfft.tracer.sandbox import Pool, Task

from .backends import Answer
from .questions import Question, Questions
from .results import Scored

_BATCH = 20  # traces of one rule that one process makes
VIEW = {"title": "@title"}
"""What stands for the view in `template`."""


def template() -> str:
    """Return the HTML page of a trace, with `VIEW` where the view belongs."""
    return document([VIEW], "Wrong answer")


def traces(
    questions: Questions,
    answers: Mapping[str, Answer],
    chosen: Sequence[Scored],
    *,
    done: Callable[[int], None] = lambda more: None,
) -> dict[str, str]:
    """Return the views of wrong answers by their ids: JSON, compressed by gzip, in base64.

    `done` is told how many more are made. Rules run in the sandbox. Raises Unprotected.
    """
    by_id = {score.id: score for score in chosen}
    asked = [question for question in questions.all if question.id in by_id]
    batches = list(_batches(asked))
    style = questions.style
    jobs = (
        Task(b[0].rule, tuple(q.input for q in b), None, (style,), ("-",) * len(b)) for b in batches
    )
    found: dict[str, str] = {}
    protected = not questions.unprotected
    with Pool(styles=(style,), limits=LIMITS, protected=protected) as pool:
        for batch, records in zip(batches, pool.map(jobs), strict=True):
            for question, record in zip(batch, records, strict=True):
                shown = view(
                    {**record, "prompt": question.prompt},
                    text=answers[question.id].text,
                    verdict=by_id[question.id].verdict,
                    style=style,
                    title=question.id,
                )
                data = json.dumps(shown, separators=(",", ":")).replace("<", "\\u003c")
                packed = gzip.compress(data.encode(), mtime=0)
                found[question.id] = base64.b64encode(packed).decode()
            done(len(batch))
    return found


def _batches(questions: Sequence[Question]) -> Iterator[list[Question]]:
    for _, of_rule in itertools.groupby(questions, lambda question: question.rule):
        while batch := list(itertools.islice(of_rule, _BATCH)):
            yield batch
