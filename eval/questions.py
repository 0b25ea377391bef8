"""What a model is asked: rows of a corpus, each with the prompt that the model is given."""

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rfft.rules.corpus import plan, reading, versions
from rfft.rules.corpus.plan import Plan
from rfft.rules.corpus.records import Record
from rfft.rules.corpus.steps import of_run, parted
from rfft.rules.discovery import load
from rfft.rules.errors import TaskNotFound, TaskRejected
from rfft.tracer.errors import nearest

from .errors import EvalRejected
from .oneshot import prompts

_TEXTS = ("id", "task", "style", "prompt", "completion", "answer", "rule")


@dataclass(frozen=True, slots=True)
class Question:
    """A row of a corpus, and the prompt for it, which may have a worked example in front.

    All that scoring needs stands here. `completion` is the true response. With `steps`, the true
    response to each, it is a run that is asked step by step (`rfft.eval.rolling`). Where an input
    is asked for, `output` is what it is to give.
    """

    id: str
    task: str
    length: int
    style: str
    prompt: str
    completion: str
    answer: str
    rule: str
    arguments: tuple[str, ...]
    steps: tuple[str, ...] = ()
    output: str | None = None

    @property
    def backward(self) -> bool:
        """Whether an input is asked for."""
        return self.output is not None

    @property
    def input(self) -> str:
        """What stands between the parentheses of the call."""
        return ", ".join(self.arguments)

    @property
    def instance(self) -> str:
        """A hash of task and arguments: the same in all styles."""
        said = "\n".join((self.task, *self.arguments))
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True)
class Questions:
    """Questions of a corpus, in its order, at least one; they are of one style.

    `hash` is that of the corpus: of its plan and of the checksums of all its files. `unprotected`
    tells whether its rules run where nothing holds them back, too; `lengths` are those that were
    asked for, none for all.
    """

    corpus: Path
    plan: Plan
    hash: str
    shots: int
    all: Sequence[Question]
    unprotected: bool = False
    lengths: tuple[int, ...] = ()

    @property
    def style(self) -> str:
        """The name or the file of the style of prompts and responses."""
        return self.all[0].style


def read(
    folder: Path,
    *,
    style: str | None = None,
    shots: int | None = None,
    limit: int | None = None,
    tasks: Sequence[str] = (),
    lengths: Sequence[int] = (),
    rules: Sequence[str | Path] = (),
    trust: bool = False,
    unprotected: bool = False,
) -> Questions:
    """Return the questions of a corpus that is complete and whole.

    `style` is the one that the corpus must have, `shots` the number of worked examples in each
    prompt, by default as many as the corpus has; examples are put in front if it has none. With
    `tasks`, by name or title, and `lengths`, only questions of these are taken; at most `limit`,
    spread evenly over them. `rules` are folders with tasks of your own, from which worked examples
    may be drawn. Without `trust`,
    their code runs in the sandbox, and a style that is a file must be the one that is given. Where
    nothing holds rules back, none is run unless `unprotected`. Raises EvalRejected, CorpusRejected,
    Unprotected.
    """
    of = plan.read(folder, trust)
    versions.demand(of.versions)
    shards = reading.whole(of, folder)
    has = int(of.settings.example)
    wanted = has if shots is None else shots
    if wanted and of.by_steps:
        raise EvalRejected(f"{folder}: is of unit step, which has no worked examples: --shots 0")
    if wanted < has:
        raise EvalRejected(f"{folder}: has a worked example in each prompt; take --shots 1")
    if wanted and of.settings.backward:
        raise EvalRejected(f"{folder}: asks for inputs, which goes without worked examples")
    rows = (_question(folder, row) for row in _rows(of, folder))
    all_rows = list(_runs(folder, rows) if of.by_steps else rows)
    there = {question.task for question in all_rows}
    tasks = [_there(folder, task, there, rules) for task in tasks]
    none = sorted(set(lengths) - {question.length for question in all_rows})
    if none:
        raise EvalRejected(f"{folder}: has no row of length {', '.join(map(str, none))}")
    found = [
        question
        for question in all_rows
        if (not tasks or question.task in tasks) and (not lengths or question.length in lengths)
    ]
    total = len(found)
    count = total if limit is None else min(limit, total)
    if not count:
        raise EvalRejected(f"{folder}: there is no row to answer")
    styles = sorted({question.style for question in found})
    if len(styles) > 1:
        raise EvalRejected(f"{folder}: has rows of several styles: {', '.join(styles)}")
    if style not in (None, *styles):
        raise EvalRejected(
            f"{folder}: is of style {styles[0]}, not {style}; "
            f"rfft corpus build --preset {of.settings.preset} --style {style} makes one"
        )
    if styles[0].endswith(".py") and style is None and not trust:
        raise EvalRejected(
            f"{folder}: is of the style in {styles[0]}, which would run unprotected; "
            "--style with the same name, or --trust, says that it is your own"
        )
    found = [found[place * total // count] for place in range(count)]
    if len({question.id for question in found}) < len(found):
        raise EvalRejected(f"{folder}: two rows have the same id")
    if wanted > has:
        shown = prompts(of, found, rules, unprotected)
        found = [replace(q, prompt=prompt) for q, prompt in zip(found, shown, strict=True)]
    return Questions(
        folder, of, _hash(of, shards), wanted, found, unprotected, tuple(sorted(set(lengths)))
    )


def _there(folder: Path, task: str, there: set[str], rules: Sequence[str | Path]) -> str:
    """Return the name of a task that a corpus has rows of. Raises EvalRejected."""
    if task in there:
        return task
    try:
        name = load(task, rules).id
    except (TaskNotFound, TaskRejected):
        name = task
    if name in there:
        return name
    raise EvalRejected(f"{folder}: has no row of {task}{nearest(task, there)}")


def _rows(of: Plan, folder: Path) -> Iterator[dict[str, Any]]:
    shards = range(len(of.shards))
    return itertools.chain.from_iterable(reading.rows(of, folder, n) for n in shards)


def _question(folder: Path, row: dict[str, Any]) -> Question:
    arguments = row.get("arguments")
    if (
        not all(isinstance(row.get(name), str) for name in _TEXTS)
        or not isinstance(row.get("length"), int)
        or not isinstance(arguments, list)
        or not all(isinstance(text, str) for text in arguments)
    ):
        raise EvalRejected(f"{folder}: is damaged: row {row.get('id')!r} lacks a column")
    texts = {name: row[name] for name in _TEXTS}
    backward = row.get("direction") == "backward"
    if backward and not isinstance(row.get("output"), str):
        raise EvalRejected(f"{folder}: is damaged: row {row['id']!r} lacks its output")
    return Question(**texts, length=row["length"], arguments=tuple(arguments),
                    output=row["output"] if backward else None)  # fmt: skip


def _runs(folder: Path, rows: Iterable[Question]) -> Iterator[Question]:
    """Yield a question for each run, made of the rows of its steps.

    Its completion is that of the whole run, and `steps` are those of its steps. Raises
    EvalRejected.
    """
    for run, of_the_run in itertools.groupby(rows, lambda row: of_run(row.id)[0]):
        steps = list(of_the_run)
        parts = [parted(step.completion) for step in steps]
        numbers = [of_run(step.id)[1] for step in steps]
        states = [bool(state) for _, state in parts]
        if numbers != list(range(len(steps))) or states != [True] * (len(steps) - 1) + [False]:
            raise EvalRejected(
                f"{folder}: is damaged: {run}: its steps are not all there, one after the other"
            )
        yield replace(
            steps[0],
            id=run,
            completion="".join(body for body, _ in parts),
            steps=tuple(step.completion for step in steps),
        )


def _hash(of: Plan, shards: Sequence[Record]) -> str:
    checksums = sorted(said["sha256"] for one in shards for said in one["files"].values())
    return hashlib.sha256("\n".join([of.hash, *checksums]).encode()).hexdigest()[:32]
