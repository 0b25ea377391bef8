"""Why wrong answers are wrong: what `check` says of each, and what that adds up to.

A wrong answer has a *loop error* if its text enters a loop's body more or less often than the rule
does, all in all; any other is a *non-loop error* (paper, figure 3a). The *relative error of the
loop count* of an answer is the sum over its loops of how far the stated count is off, by the sum
of the true counts (figure 3b).
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rfft.rules.corpus.tracing import LIMITS
from rfft.tracer import styles
from rfft.tracer.checking.sandboxed import judge_all
from rfft.tracer.sandbox import Sandbox, Task

from . import intervals as statistics
from .backends import Answer
from .errors import RunFailed
from .lines import asked_at
from .questions import Question, Questions
from .results import Scored

_BATCH = 100  # answers to questions about one rule that one process looks at

Verdicts = dict[str, dict[str, Any]]
"""What `judge_apart` says of an answer, by the question's id."""


def can_be_diagnosed(style: str) -> bool:
    """Tell whether texts of a style have steps that could be wrong."""
    return styles.load(style).has_trace


def check_protection(questions: Questions) -> None:
    """Raise Unprotected now, rather than by `diagnose`, when all is answered."""
    protected = not questions.unprotected
    with Sandbox((questions.style,), protected=protected) as sandbox, _processes():
        sandbox.start()


def diagnose(
    questions: Questions,
    answers: Mapping[str, Answer],
    wrong: Sequence[str],
    *,
    done: Callable[[int], None] = lambda more: None,
) -> Verdicts:
    """Return what is wrong with the answers to these questions.

    `done` is told how many more are looked at. Rules run in processes that can reach nothing.
    Raises RunFailed, Unprotected.
    """
    chosen = set(wrong)
    batches = list(_batches([q for q in questions.all if q.id in chosen]))
    found: Verdicts = {}

    tasks = (
        Task(
            batch[0].rule,
            tuple(q.input for q in batch),
            styles=(questions.style,),
            texts=tuple(answers[q.id].text for q in batch),
        )
        for batch in batches
    )
    judged = judge_all(tasks, LIMITS, styles=[questions.style], protected=not questions.unprotected)
    with _processes():
        for batch, verdicts in zip(batches, judged, strict=True):
            found.update((q.id, _placed(q, v)) for q, v in zip(batch, verdicts, strict=True))
            done(len(batch))
    return found


def _placed(question: Question, judged: dict[str, Any]) -> dict[str, Any]:
    """Add to a verdict what the first wrong line asked for, and in which iteration it stands."""
    verdict = judged.get("verdict")
    if verdict and not verdict["right"]:
        line = asked_at(question.rule, question.completion, verdict["right_lines"])
        verdict |= {"asked": line.asked.name, "iteration": line.iteration}
    return judged


@contextlib.contextmanager
def _processes() -> Iterator[None]:
    """Say in one line that there is no process for rules."""
    try:
        yield
    except OSError as error:
        raise RunFailed(f"no process for the rules: {error.strerror or error}") from None


def _batches(questions: Sequence[Question]) -> Iterator[list[Question]]:
    """Yield the questions about each rule, so many at a time."""
    by_rule: dict[str, list[Question]] = {}
    for question in questions:
        by_rule.setdefault(question.rule, []).append(question)
    for some in by_rule.values():
        for start in range(0, len(some), _BATCH):
            yield some[start : start + _BATCH]


# What verdicts add up to


def is_loop_error(verdict: Mapping[str, Any]) -> bool:
    """Tell whether a text states another number of iterations than there are."""
    return any(loop["stated"] != loop["true"] for loop in verdict["loops"])


def loop_count_error(verdict: Mapping[str, Any]) -> float | None:
    """Return the relative error of the loop count; None if there is nothing to count."""
    true = sum(loop["true"] for loop in verdict["loops"])
    off = sum(abs(loop["stated"] - loop["true"]) for loop in verdict["loops"])
    return off / true if true else None


def summary(scores: Sequence[Scored]) -> dict[str, Any]:
    """Return what the wrong answers of a run have in common, as JSON data.

    Shares of errors are of all answers. A wrong answer may have a trace that is right in all its
    steps given the true state or the one that it states itself; ``right_steps`` is the mean share
    of such steps.
    """
    wrong = [score for score in scores if not score.right]
    known = [(score, score.verdict) for score in wrong if score.verdict is not None]
    loop = sum(is_loop_error(verdict) for _, verdict in known)
    total = len(scores)
    counts = {"loop": loop, "non_loop": len(known) - loop, "unknown": len(wrong) - len(known)}
    return {
        "wrong": len(wrong),
        "errors": {
            name: {"count": count, **statistics.wilson(count, total).to_json()}
            for name, count in counts.items()
        },
        "first_wrong_step": dict(Counter(str(v["kind"]) for _, v in known).most_common()),
        "first_wrong_asked": dict(Counter(v.get("asked") for _, v in known).most_common()),
        "right_steps": _mean([verdict["share"] for _, verdict in known]),
        "loop_count_error": {
            task: _mean([
                error for score, verdict in known
                if score.task == task and (error := loop_count_error(verdict)) is not None
            ])
            for task in sorted({score.task for score in scores})
        },
    }  # fmt: skip


def _mean(values: Sequence[float]) -> dict[str, float | None] | None:
    return statistics.mean(values).to_json() if values else None
