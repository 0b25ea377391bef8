"""Checks a corpus: its files, its split, and that its rows say what the rules do.

Rows are looked at in three ways that have nothing in common: traced again, compared with the
task's oracle, and read with nothing run (`rfft.rules.corpus.looking`).
"""

import functools
import itertools
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rfft.tracer import InputRejected, Rule, SourceRejected
from rfft.tracer.inputs import parse_input
from rfft.tracer.sandbox import Pool
from rfft.tracer.sandbox import Task as Request
from rfft.tracer.styles import Style
from rfft.tracer.styles.answer import answers, words_of
from rfft.tracer.styles.prompt import prompt_of, shown
from rfft.tracer.values.show import show

from ..errors import TaskRejected
from ..programs.errors import SetRejected
from ..task import Task
from . import backward, reading, records, sources, split, steps, versions
from . import plan as plans
from .errors import CorpusRejected
from .looking import wrong_lines
from .plan import Plan
from .programs import Kept
from .rows import Row
from .steps import Piece
from .tracing import LIMITS, step_job

_BATCH = 50  # rows of one rule that are traced in one process
_HELD = {"train": "pretrain", "test": "downstream"}
_SHOWN = 20  # problems of one kind that are listed


@dataclass
class Report:
    """What a check has found. `problems` are lines; without any the corpus is right."""

    shards: int = 0
    rows: int = 0
    traced: int = 0
    pairs: int = 0
    against: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, line: str) -> None:
        """Note a problem; of each kind only the first ones are listed."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if self.counts[kind] <= _SHOWN:
            self.problems.append(line)


@dataclass(frozen=True)
class _Contents:
    """What tells whether two corpora share anything."""

    side: str
    pairs: set[bytes]
    rules: dict[str, str]  # fingerprints, with a task that has them
    splits: frozenset[str]  # of the tasks


def verify(
    folder: Path,
    *,
    against: Sequence[Path] = (),
    sample: int | None = 200,
    workers: int | None = None,
    trust: bool = False,
    unprotected: bool = False,
    done: Callable[[int], None] = lambda rows: None,
) -> Report:
    """Check a corpus. `sample` rows (None: all) are traced again from what stands in them.

    `against` are corpora that it must share no instance with, and no rule if tasks of another
    split than theirs are in it. Without `trust`, whatever code is stored in the corpus runs in the
    sandbox. Where nothing holds rules back, none is run unless `unprotected`. Raises
    CorpusRejected if a folder is no corpus, and Unprotected.
    """
    report = Report()
    plan = plans.read(folder, trust)
    versions.demand(plan.versions)
    if plan.programs is not None:
        try:
            plan.programs.check()
        except SetRejected as problem:
            report.add("set", str(problem))
            return report
    sound = list(_sound(plan, folder, report))
    known = _contents(plan, folder, sound, report)
    if not report.rows and not report.problems:
        report.add("empty", "there is no sample in it")
    _compare(known, against, report)
    step = 1 if sample is None else max(1, report.rows // max(sample, 1))
    if sample != 0:
        rows = (row for _, row in _rows(plan, folder, sound))
        chosen = itertools.islice(rows, 0, None, step)
        _trace(plan, chosen, report, workers, unprotected, done)
    return report


def _sound(plan: Plan, folder: Path, report: Report) -> Iterator[int]:
    """Yield the shards whose files are as they should be; report the others."""
    found = []
    for number in range(len(plan.shards)):
        try:
            record = records.read(plan, folder, number)
        except CorpusRejected as problem:
            report.add("record", str(problem))
            continue
        wrong = records.problem(folder, record) if record else "it has not been built"
        if wrong or record is None:
            report.add("file", f"shard {number}: {wrong}")
            continue
        found.append(record)
        yield number
    report.shards = len(found)
    if len(found) == len(plan.shards):
        expected = records.manifest(plan, found)
        if records.read_manifest(folder) != expected:
            report.add("manifest", f"{records.MANIFEST} is not there, or not as the records say")


def _rows(plan: Plan, folder: Path, shards: Sequence[int]) -> Iterator[tuple[int, Row]]:
    """Yield the rows of some shards, each with the number of its shard."""
    for number in shards:
        for row in reading.rows(plan, folder, number):
            yield number, row


def _contents(plan: Plan, folder: Path, shards: Sequence[int], report: Report) -> _Contents:
    """Look at all rows: each is to be on the side of the plan, and there once."""
    pairs: set[bytes] = set()
    rules: dict[str, str] = {}
    cell: tuple[str, int] | None = None
    here: set[bytes] = set()
    ids: set[str] = set()
    runs: set[str] = set()
    variants = functools.lru_cache(maxsize=64)(functools.partial(_variant, plan))
    columns = plan.settings.columns
    of_set = Kept(plan.programs, plan.settings.side) if plan.programs is not None else None
    for shard, row in _rows(plan, folder, shards):
        report.rows += 1
        try:
            of = row.get("variant_of", "")
            key = sources.pair(row["rule"], row["arguments"], row["task"], of)
            rule = sources.identity(row["rule"], row["task"], of)
        except SourceRejected:
            report.add("rule", f"{row['id']}: its rule is no rule")
            continue
        if of_set is not None:
            if wrong := of_set.wrong(shard, row, rule):
                report.add("set", f"{row['id']}: {wrong}")
        elif row["task"] != sources.SYNTHETIC and not plan.has(row["task"]):
            report.add("task", f"{row['id']}: is of a task that is not in the plan")
        elif (of, row["rule"] if of else "") != variants(row["task"]):
            report.add("task", f"{row['id']}: is not the variant that the plan has")
        if (row["task"], row["length"]) != cell:
            if cell is None or of_set is None or row["task"] != cell[0]:
                here, ids, runs = set(), set(), set()
            cell = (row["task"], row["length"])
            if row["task"] != sources.SYNTHETIC:
                rules.setdefault(rule, row["task"])
        if any(type(row.get(name)) is not str for name in columns) or (
            row.get("direction", "forward") != plan.settings.direction
        ):
            report.add("direction", f"{row['id']}: does not have the columns of the plan")
            continue
        if of_set is None and split.side(key) != plan.settings.side:
            report.add("side", f"{row['id']}: is of side {split.side(key)}")
        if row["style"] != plan.settings.style:
            said = f"{row['style']}, and the plan of {plan.settings.style}"
            report.add("style", f"{row['id']}: is of style {said}")
        again = key in here and not (plan.by_steps and _run_of(row) in runs)
        if again or row["id"] in ids:
            report.add("twice", f"{row['id']}: is there twice")
        if not row["id"].startswith(f"{cell[0]}:{cell[1]}:"):
            report.add("id", f"{row['id']}: is a row of {cell[0]} at length {cell[1]}")
        here.add(key)
        ids.add(row["id"])
        runs.add(_run_of(row))
        pairs.add(key)
    report.pairs = len(pairs)
    found = frozenset(Task.from_source(text, name).split for name, text in plan.tasks.items())
    if of_set is not None:  # which is what tasks are for that hold rules of theirs out
        found = frozenset([_HELD.get(plan.settings.split, plan.settings.split)])
    return _Contents(plan.settings.side, pairs, rules, found)


def _run_of(row: Row) -> str:
    """Return the part of a row's id that all steps of a run have."""
    return str(row["id"]).rpartition(".")[0]


def _variant(plan: Plan, task: str) -> tuple[str, str]:
    """Return what rows of a task have as that which they are variants of, and then as the rule."""
    of = plan.variant_of(task)
    return of, plan.task(task).rule.text if of else ""


def _compare(known: _Contents, against: Sequence[Path], report: Report) -> None:
    for folder in against:
        plan = plans.read(folder)
        inner = Report()
        other = _contents(plan, folder, list(_sound(plan, folder, inner)), inner)
        if inner.problems:
            report.add("against", f"{folder}: {inner.problems[0]}")
        report.against.append(str(folder))
        if other.side != known.side:
            shared = len(known.pairs & other.pairs)
            if shared:
                report.add("shared", f"{folder}: shares {shared:,} pairs of rule and arguments")
        if not known.splits & other.splits:
            for rule in known.rules.keys() & other.rules.keys():
                one, two = known.rules[rule], other.rules[rule]
                report.add("held out", f"{folder}: its task {two} has the rule of {one}")


def _trace(
    plan: Plan,
    rows: Iterator[Row],
    report: Report,
    workers: int | None,
    unprotected: bool,
    done: Callable[[int], None],
) -> None:
    """Trace rows again, from their rules and arguments alone."""
    name = plan.settings.style
    style = plan.load_style()
    tasks: dict[str, Task] = {}
    waiting: deque[tuple[list[Row], tuple[str, ...]]] = deque()

    def jobs() -> Iterator[Request]:
        for rule, of_rule in itertools.groupby(rows, lambda row: str(row["rule"])):
            while batch := list(itertools.islice(of_rule, _BATCH)):
                inputs = tuple(dict.fromkeys(", ".join(row["arguments"]) for row in batch))
                waiting.append((batch, inputs))
                job = step_job(rule, inputs, name)
                yield job if plan.by_steps else replace(job, states=False, steps=False)

    with Pool(
        workers, styles=(name,), limits=LIMITS, protected=not unprotected, repeat=True
    ) as pool:
        for traced in pool.map(jobs()):
            batch, inputs = waiting.popleft()
            read = _pieces if plan.by_steps else _whole
            made = {
                given: (record, read(record)) for given, record in zip(inputs, traced, strict=True)
            }
            for row in batch:
                for line in _problems(row, *made[", ".join(row["arguments"])], style):
                    report.add("trace", f"{row['id']}: {line}")
            for task, of_task in itertools.groupby(batch, lambda row: str(row["task"])):
                if task != sources.SYNTHETIC and plan.has(task):
                    if task not in tasks:
                        tasks[task] = plan.task(task)
                    _by_oracle(tasks[task], list(of_task), report)
            report.traced += len(batch)
            done(report.traced)


def _whole(record: dict[str, Any]) -> list[Piece]:
    return [Piece("", record["response"], "")]


def _pieces(record: dict[str, Any]) -> list[Piece]:
    """Return the steps of a run, none if it cannot be told so."""
    try:
        return steps.pieces(record) if record["status"] == "ok" else []
    except steps.NoSteps:
        return []


def _problems(
    row: Row, record: dict[str, Any], pieces: Sequence[Piece], style: Style
) -> Iterator[str]:
    """Yield what is wrong with a row, in whichever direction it asks."""
    if "direction" not in row:
        yield from _wrong(row, record, pieces, style)
        return
    try:
        rule = Rule.from_source(row["rule"])
        forward = backward.turned(row, style, record["response"])
    except (SourceRejected, InputRejected):
        yield "its rule or its input is none"
        return
    yield from _wrong(forward, record, pieces, style)
    if backward.completion(forward, style, rule.function) != row["completion"]:
        yield "its completion does not begin with the call and end with the arguments"
    if row["answer"] != ", ".join(row["arguments"]):
        yield "its answer is not its input"
    if row["output"] not in row["prompt"]:
        yield "its prompt does not state what is to come out"


def _wrong(
    row: Row, record: dict[str, Any], pieces: Sequence[Piece], style: Style
) -> Iterator[str]:
    """Yield what is wrong with a row whose rule makes a run of these pieces."""
    number = int(row["id"].rpartition(":")[2].partition(".")[2] or 0)
    piece = pieces[number] if number < len(pieces) else Piece("", "", "")
    if record["status"] != "ok":
        tampered = "".join(f": {reason}" for reason in record["tainted"][:1])
        yield f"its rule ends with {record['status']}{tampered}"
    elif piece.completion != row["completion"] or not row["prompt"].endswith(piece.before):
        yield "its rule makes another trace"
    elif record["answer"] != row["answer"]:
        yield "its rule gives another answer"
    if record["status"] != "rejected_source":
        if not _shows_its_rule(row, style):
            yield "its prompt does not show its rule"
        body = row["completion"].removesuffix(piece.after)
        yield from wrong_lines(body, row["rule"], row["prompt"], row["style"])
    if piece.after:
        return  # it has no answer yet
    words = words_of(style, row["completion"], row["answer"])
    end = f"{row['answer']}{words[1]}".rstrip()
    stated = answers(row["completion"], words)
    if stated[-1:] != [row["answer"]] or not row["completion"].rstrip().endswith(end):
        yield "the completion does not end with the answer"


def _shows_its_rule(row: Row, style: Style) -> bool:
    """Tell whether a prompt has the rule in it as the style shows it, if it does at all."""
    rule = Rule.from_source(row["rule"])
    text = shown(style, rule)
    return text in row["prompt"] or text not in prompt_of(style, rule, "")


def _by_oracle(task: Task, rows: Sequence[Row], report: Report) -> None:
    """Compare the answers of rows with those that their task's other method gives."""
    if not task.has_oracle:
        return
    read: list[tuple[Row, tuple[Any, ...]]] = []
    for row in rows:
        try:
            read.append((row, parse_input(", ".join(row["arguments"]))[0]))
        except InputRejected as problem:
            report.add("oracle", f"{row['id']}: {problem}")
    answers = task.oracles([values for _, values in read])
    for (row, _), answer in zip(read, answers, strict=True):
        if isinstance(answer, TaskRejected):
            report.add("oracle", f"{row['id']}: {answer}")
        elif (said := show(answer)) != (row["output"] if "output" in row else row["answer"]):
            report.add("oracle", f"{row['id']}: the oracle says {said[:50]}")
