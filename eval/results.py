"""The results of a run: what each answer is worth, and the accuracies made of that.

The means count each task the same, and each length the same: a mean over tasks of means over
lengths. A question without a right answer counts as wrong, whatever the reason.
"""

import dataclasses
import itertools
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import intervals as statistics
from . import rolling, run, scoring
from .backends import Answer
from .errors import EvalRejected, RunFailed
from .intervals import Estimate
from .questions import Question
from .scoring import Score

SCORES = "scores.jsonl"
RESULTS = "results.json"
LENGTH = 30
"""The length at which the paper compares accuracies."""
ENOUGH = 0.9
"""The accuracy that counts as mastering a length (paper: accuracy >= 90 %)."""


@dataclass(frozen=True, slots=True)
class Scored:
    """An answer and what it is worth. `verdict` is what `check` says of a wrong one, as JSON.

    Of a run that was asked step by step, `steps` is how many it has, and `wrong_step` the number of
    the one in which it went wrong: its row's id is ``id.number``. `instance` is a hash of task and
    arguments: the same in all styles.
    """

    id: str
    instance: str
    task: str
    length: int
    right: bool
    problem: str | None
    given: str
    answer: str
    read: int
    written: int
    verdict: dict[str, Any] | None = None
    steps: int = 0
    wrong_step: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """The answers to the questions of one task and length."""

    task: str
    length: int
    right: int
    total: int

    @property
    def share(self) -> float:
        """The accuracy."""
        return self.right / self.total


@dataclass(frozen=True)
class Results:
    """A run with its scores. `trained` are the first and the last length of training."""

    name: str
    about: dict[str, Any]
    trained: tuple[int, int]
    scores: Sequence[Scored]

    @property
    def cells(self) -> list[Cell]:
        """The cells, by task and length."""
        total = Counter((s.task, s.length) for s in self.scores)
        right = Counter((s.task, s.length) for s in self.scores if s.right)
        return [Cell(*key, right[key], total[key]) for key in sorted(total)]

    @property
    def tasks(self) -> list[str]:
        """The names of the tasks, sorted."""
        return sorted({score.task for score in self.scores})

    @property
    def wrong(self) -> list[Scored]:
        """The wrong answers."""
        return [score for score in self.scores if not score.right]


def score(
    questions: Sequence[Question], answers: Mapping[str, Answer], unprotected: bool = False
) -> list[Scored]:
    """Return what the answers are worth, in the order of the questions. All must be there.

    Where inputs are asked for, they are run in the sandbox: raises Unprotected, RunFailed.
    """
    made = []
    for question, found in zip(questions, _scores(questions, answers, unprotected), strict=True):
        answer = answers[question.id]
        problem = found.problem.name if found.problem else None
        made.append(
            Scored(
                question.id, question.instance, question.task, question.length, found.right,
                problem, found.given[:1000], question.answer, answer.read, answer.written,
                steps=len(question.steps),
                wrong_step=None if found.right or not question.steps
                else rolling.wrong_step(question, answers),
            )
        )  # fmt: skip
    return made


def where_wrong(scores: Sequence[Scored]) -> str:
    """Say where runs that were asked step by step went wrong, or nothing."""
    found = [score for score in scores if score.wrong_step is not None]
    if not found:
        return ""
    numbers = sorted(score.wrong_step or 0 for score in found)
    steps = sorted(score.steps for score in found)
    half = len(found) // 2
    return (
        f"{len(found):,} runs went wrong, at step {numbers[0]:,} to {numbers[-1]:,} (median "
        f"{numbers[half]:,}) of {steps[half]:,}; {SCORES} has each as wrong_step"
    )


def _scores(
    questions: Sequence[Question], answers: Mapping[str, Answer], unprotected: bool
) -> Sequence[Score]:
    given = [(question, answers[question.id]) for question in questions]
    if not questions[0].backward:
        return [scoring.score(q.completion, q.answer, a.text, a.finish, q.style) for q, a in given]
    try:
        return scoring.score_inputs(
            [(dataclasses.asdict(q), a.text, a.finish) for q, a in given], unprotected
        )
    except OSError as error:
        raise RunFailed(f"no process for the rules: {error.strerror or error}") from None


# Numbers


def by_length(cells: Sequence[Cell]) -> dict[int, Estimate]:
    """Return the mean over tasks at each length."""
    lengths = sorted({cell.length for cell in cells})
    return {n: _mean([cell for cell in cells if cell.length == n]) for n in lengths}


def headline(results: Results) -> dict[str, Estimate | None]:
    """Return the numbers by which methods are compared; None where there are no such lengths.

    ``accuracy_at_30``; ``longest_90``: the longest length up to which the accuracy stays at 90 %
    or more, a mean over tasks, with the interval of that if they are several;
    ``in_distribution`` and ``out_of_distribution``: the mean accuracy at the lengths of training,
    and beyond.
    """
    first, last = results.trained
    cells = results.cells
    chosen = {
        f"accuracy_at_{LENGTH}": [c for c in cells if c.length == LENGTH],
        "in_distribution": [c for c in cells if first <= c.length <= last],
        "out_of_distribution": [c for c in cells if c.length > last],
    }
    return {
        "longest_90": statistics.mean(list(longest(cells).values())),
        **{name: _mean(some) if some else None for name, some in chosen.items()},
    }


def longest(cells: Sequence[Cell]) -> dict[str, int]:
    """Return for each task the longest length up to which the accuracy stays at 90 % or more.

    That is 0 if it is less at the shortest length that was asked.
    """
    found = {cell.task: 0 for cell in cells}
    over: set[str] = set()
    for cell in sorted(cells, key=lambda cell: cell.length):
        if cell.share < ENOUGH:
            over.add(cell.task)
        elif cell.task not in over:
            found[cell.task] = cell.length
    return found


def _mean(cells: Sequence[Cell]) -> Estimate:
    """Return the mean over tasks of the means over lengths."""
    return statistics.mean_of_means(_grid(cells))


def _grid(cells: Sequence[Cell]) -> list[list[tuple[int, int, int]]]:
    """Return (length, right, total) of the cells of each task."""
    tasks = dict.fromkeys(cell.task for cell in cells)
    return [[(c.length, c.right, c.total) for c in cells if c.task == task] for task in tasks]


# Files


def write(folder: Path, results: Results, extra: Mapping[str, Any]) -> dict[str, Any]:
    """Write the scores and the results of a run; return these. Raises RunFailed."""
    lines = [json.dumps(dataclasses.asdict(score)) + "\n" for score in results.scores]
    run.write(folder, SCORES, "".join(lines).encode())
    cells = results.cells
    made = {
        **results.about,
        "trained": list(results.trained),
        "questions": len(results.scores),
        "right": sum(score.right for score in results.scores),
        "problems": dict(Counter(score.problem for score in results.wrong)),
        "headline": {n: e and e.to_json() for n, e in headline(results).items()},
        "mean": [{"length": n, **e.to_json()} for n, e in by_length(cells).items()],
        "cells": [
            {**dataclasses.asdict(c), **statistics.wilson(c.right, c.total).to_json()}
            for c in cells
        ],
        "longest_90": longest(cells),
        **extra,
    }
    run.write(folder, RESULTS, (json.dumps(made, indent=1) + "\n").encode())
    return made


def read(folder: Path) -> Results:
    """Return the results of a run that is complete, or of a folder of such runs.

    The runs in a folder are of one method, with a model for each task, or with several, say of
    several seeds. Each answer counts as a row; ``~2`` stands after the id of a row that a second
    model has answered. Raises EvalRejected.
    """
    parts = sorted(path.parent for path in folder.glob(f"*/{run.FILE}"))
    if (folder / run.FILE).exists() or not parts:
        return _read(folder)
    found = [_read(part) for part in parts]
    models = [(tuple(one.tasks), str(one.about["model"])) for one in found]
    if len(set(models)) < len(models):
        raise EvalRejected(f"{folder}: two of its runs are of the same model")
    seen: Counter[str] = Counter()
    scores = []
    for score in itertools.chain.from_iterable(one.scores for one in found):
        seen[score.id] += 1
        mark = f"~{seen[score.id]}" if seen[score.id] > 1 else ""
        scores.append(dataclasses.replace(score, id=score.id + mark))
    about = found[0].about
    for name in ("style", "shots", "decoding"):
        if any(one.about[name] != about[name] for one in found):
            raise EvalRejected(f"{folder}: its runs are not of one method: {name} differs")
    if len({one.trained for one in found}) > 1:
        raise EvalRejected(f"{folder}: its runs are not of one method: trained lengths differ")
    names = ", ".join(dict.fromkeys(str(one.about["model"]["name"]) for one in found))
    model = about["model"] | {"name": names}
    return Results(
        folder.resolve().name, about | {"model": model}, found[0].trained,
        sorted(scores, key=lambda score: score.task),
    )  # fmt: skip


def _read(folder: Path) -> Results:
    about = run.read(folder)
    try:
        said = json.loads((folder / RESULTS).read_text(encoding="utf-8"))
        with (folder / SCORES).open(encoding="utf-8") as file:
            scores = [Scored(**json.loads(line)) for line in file]
        first, last = said["trained"]
    except FileNotFoundError:
        raise EvalRejected(
            f"{folder}: is not complete; the command that began it goes on"
        ) from None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise EvalRejected(f"{folder}: has damaged results: {error}") from None
    return Results(folder.resolve().name, about, (first, last), scores)


def common(runs: Iterable[Results]) -> list[str]:
    """Return the ids of the rows that all runs have answered. Raises EvalRejected.

    A row is the same in corpora of several styles if they ask for the same instance by it.
    """
    known = list(runs)
    instances = [{score.id: score.instance for score in one.scores} for one in known]
    shared = set.intersection(*map(set, instances))
    if any(one[row] != instances[0][row] for one in instances for row in shared):
        raise EvalRejected("the runs are on different corpora; their rows cannot be compared")
    if not shared:
        raise EvalRejected("the runs have no row in common")
    return [score.id for score in known[0].scores if score.id in shared]


def against_first(runs: Sequence[Results]) -> list[statistics.Paired]:
    """Return the comparison of each run after the first with that, row by row.

    Raises EvalRejected.
    """
    if len(runs) < 2:
        return []
    ids = common(runs)
    right = [{score.id: score.right for score in one.scores} for one in runs]
    first = [right[0][i] for i in ids]
    return [statistics.paired(first, [mine[i] for i in ids]) for mine in right[1:]]
