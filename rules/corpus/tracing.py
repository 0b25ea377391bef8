"""Makes the rows of shards: draws instances, has them traced in the sandbox, writes prompts.

What goes wrong with a sample leaves it out, with a reason. The results of a shard depend on the
plan and its number alone; what a busy machine may cause is tried again first.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from rfft.tracer.inputs import pack
from rfft.tracer.records import Limits
from rfft.tracer.sandbox import Pool, Task
from rfft.tracer.styles.prompt import Worked

from . import backward, rows
from .draw import Drawn, draw
from .plan import Plan, Slice
from .programs import ProgramSource, differs
from .rows import Row
from .sources import Instance, Source
from .steps import NoSteps

LIMITS = Limits(steps=50_000, seconds=30.0, memory=512, cpu=20.0, output=16)
"""What one sample may take. Steps end a rule at the same place on every machine; time does not."""

_RETRIES = 3
_BATCH = 2000  # inputs of one program
_STEPWISE = 20  # inputs, if steps are told
_ROOM = 64_000_000  # characters that the responses of a batch may have, by a rough guess
_LEAST = 1000  # of these for each response
_PASSING = ("limit_time", "limit_memory", "crashed")  # may be the machine's doing


@dataclass
class Cell:
    """What has come of a slice: rows, and the samples left out as (id, status, reason)."""

    slice: Slice
    drawn: Drawn = field(default_factory=Drawn)
    rows: list[Row] = field(default_factory=list)
    left_out: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass
class Shard:
    """What has come of a shard, cell by cell."""

    number: int
    cells: list[Cell]
    waiting: int = 0  # batches that have not been traced
    drawn: bool = False  # whether there are no more

    @property
    def rows(self) -> list[Row]:
        """All rows."""
        return [row for cell in self.cells for row in cell.rows]


@dataclass(frozen=True)
class _Batch:
    """Instances that go to the sandbox together, with the cells they are of.

    A job has the samples or their examples.
    """

    shard: Shard
    cells: list[Cell]
    instances: list[Instance]
    examples: list[Instance | None]
    jobs: list[Task]


class Tracer:
    """Makes the rows of shards of a plan with a pool of `workers`. A context manager.

    `done` is told, now and then, how many more samples are done with, and their rows.
    """

    def __init__(
        self,
        plan: Plan,
        workers: int | None = None,
        *,
        unprotected: bool = False,
        done: Callable[[int, Sequence[Row]], None] = lambda samples, rows: None,
    ) -> None:
        self._plan = plan
        self._style = plan.load_style()
        self._name = plan.settings.style
        self._pool = Pool(
            workers, styles=(self._name,), limits=LIMITS, protected=not unprotected, repeat=True
        )
        self._unprotected = unprotected
        self._done = done
        self._sources: dict[str, Source] = {}
        self._programs = ProgramSource(plan.programs) if plan.programs is not None else None
        self.protection: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._pool.close()

    def shards(self, numbers: Iterable[int]) -> Iterator[Shard]:
        """Yield the shards with these numbers, in order.

        The sandboxes have work ahead across the borders of shards. Raises CorpusRejected,
        TaskRejected, Unprotected, and OSError (no process).
        """
        shards: deque[Shard] = deque()
        batches: deque[_Batch] = deque()

        def jobs() -> Iterator[Task]:
            for number in numbers:
                shard = Shard(number, [Cell(part) for part in self._plan.shards[number]])
                shards.append(shard)
                for batch in self._batches(shard):
                    shard.waiting += 1
                    batches.append(batch)
                    yield from batch.jobs
                shard.drawn = True

        traced: list[list[dict[str, Any]]] = []
        for records in self._pool.map(jobs()):
            traced.append(records)
            batch = batches[0]
            if len(traced) == len(batch.jobs):
                self._take(batches.popleft(), traced)
                traced = []
                batch.shard.waiting -= 1
            while shards and shards[0].drawn and not shards[0].waiting:
                yield shards.popleft()
        yield from shards

    def one(self, task: str, length: int, number: int) -> Cell:
        """Return a cell with the row of one instance, or with the reason why there is none."""
        cell = Cell(Slice(task, length, 1))
        shard = Shard(-1, [cell])
        if self._programs is not None:
            instance = self._programs.one(task, number)
        else:
            instance = self._source(task).draw(length, number)
        if instance is not None:
            batch = self._batch(shard, [(cell, instance)])
            self._take(batch, list(self._pool.map(batch.jobs)))
        return cell

    # Batches

    def _source(self, task: str) -> Source:
        if task not in self._sources:
            self._sources[task] = self._plan.source(task, self._unprotected)
        return self._sources[task]

    def _batches(self, shard: Shard) -> Iterator[_Batch]:
        """Yield the instances of a shard, those of one rule together as far as memory goes."""
        waiting: list[tuple[Cell, Instance]] = []
        room = _ROOM
        for cell in shard.cells:
            most = _BATCH if self._programs else self._source(cell.slice.task).batch
            if self._plan.by_steps:
                most = min(most, _STEPWISE)
            for instance in self._instances(cell):
                if waiting and _rule_of(waiting[0][1]) != _rule_of(instance):
                    yield self._batch(shard, waiting)
                    waiting, room = [], _ROOM
                waiting.append((cell, instance))
                room -= (instance.length + 10) * sum(map(len, instance.arguments)) + _LEAST
                if len(waiting) == most or room < 0:
                    yield self._batch(shard, waiting)
                    waiting, room = [], _ROOM
        if waiting:
            yield self._batch(shard, waiting)

    def _instances(self, cell: Cell) -> Iterator[Instance]:
        """Yield the instances of a slice."""
        if self._programs is None:
            yield from draw(
                self._source(cell.slice.task), cell.slice, self._plan.settings.side, cell.drawn
            )
            return
        for instance in self._programs.shard(cell.slice.slice):
            cell.drawn.rows += 1
            cell.drawn.draws += 1
            yield instance

    def _batch(self, shard: Shard, samples: Sequence[tuple[Cell, Instance]]) -> _Batch:
        cells, instances = [cell for cell, _ in samples], [instance for _, instance in samples]
        jobs = [self._job(instances)]
        examples: list[Instance | None] = []
        if self._plan.settings.example:
            source = self._source(cells[0].slice.task)
            examples = [source.example(instance) for instance in instances]
            found = [example for example in examples if example is not None]
            if found:
                jobs.append(self._job(found))
        return _Batch(shard, cells, instances, examples, jobs)

    def _job(self, instances: list[Instance]) -> Task:
        """Return the job that traces some instances of one rule."""
        first = instances[0]
        if self._plan.by_steps:  # which are told of the rule as it is shown
            return step_job(first.rule, [one.input for one in instances], self._name)
        inputs = tuple(instance.input for instance in instances)
        # The sandbox makes no use of the question, and one that is given need not be made there.
        asked = ("-",) * len(inputs)
        packed = tuple(
            pack(instance.values, instance.input) if instance.values else None
            for instance in instances
        )
        return Task(
            first.source, inputs, first.function, (self._name,), asked, steps=False, packed=packed,
            partial=False,
        )  # fmt: skip

    # Results

    def _take(self, batch: _Batch, traced: list[list[dict[str, Any]]]) -> None:
        """Put the rows of a batch into its cell."""
        self.protection = traced[0][0]["protection"]
        made: list[Row] = []
        worked: Iterator[dict[str, Any]] = iter(traced[1] if len(traced) > 1 else ())
        wants_example = bool(batch.examples)
        examples = batch.examples or [None] * len(batch.instances)
        samples = zip(batch.cells, batch.instances, traced[0], examples, strict=True)
        for cell, instance, record, example in samples:
            shown = None
            if wants_example:
                if example is None:
                    self._leave_out(cell, instance, "no_example", "there is no worked example")
                    continue
                other = self._settled(example, next(worked))
                if other["status"] != "ok":
                    reason = f"its worked example: {_reason(other)}"
                    self._leave_out(cell, instance, other["status"], reason)
                    continue
                shown = example.worked(self._style, other["response"])
            record = self._settled(instance, record)
            if record["status"] != "ok":
                self._leave_out(cell, instance, record["status"], _reason(record))
                continue
            differs_in = differs(record["answer"], instance.output, instance.from_json)
            if differs_in:
                self._leave_out(cell, instance, "other_output", differs_in)
                continue
            if self._plan.settings.backward and not instance.arguments:
                self._leave_out(cell, instance, "no_arguments", "there is no input to ask for")
                continue
            try:
                found = self._rows(instance, record, shown)
            except NoSteps as reason:
                self._leave_out(cell, instance, "no_steps", str(reason))
                continue
            if self._plan.settings.backward:
                found = [backward.make(row, instance, self._style) for row in found]
            problem = next(filter(None, map(rows.unwritable, found)), "")
            if problem:
                self._leave_out(cell, instance, "unwritable", problem)
            else:
                cell.rows += found
                made += found
        self._done(len(batch.instances), made)

    def _rows(self, instance: Instance, record: dict[str, Any], shown: Worked | None) -> list[Row]:
        """Return the row of an instance, or those of its steps. Raises NoSteps."""
        if self._plan.by_steps:
            return rows.of_steps(instance.task, instance, self._name, self._style, record)
        prompt = instance.prompt(self._style, shown)
        return [rows.make(instance.task, instance, self._name, prompt, record)]

    def _settled(self, instance: Instance, record: dict[str, Any]) -> dict[str, Any]:
        """Return a record; a new one if the machine may be what made it fail."""
        for _ in range(_RETRIES):
            if record["status"] not in _PASSING:
                break
            ((record,),) = self._pool.map([self._job([instance])])
        return record

    def _leave_out(self, cell: Cell, instance: Instance, status: str, reason: str) -> None:
        cell.left_out.append((rows.row_id(instance.task, instance), status, reason))


def step_job(rule: str, inputs: Sequence[str], style: str) -> Task:
    """Return the job that traces a rule with all that rows of steps need."""
    asked = ("-",) * len(inputs)
    return Task(rule, tuple(inputs), None, (style,), asked, states=True, partial=False)


def _rule_of(instance: Instance) -> tuple[str, str]:
    return instance.task, instance.source


def _reason(record: dict[str, Any]) -> str:
    """Say why a sample was left out."""
    tampered = "; ".join(record["tainted"])
    exception = record["exception"]
    said = f"{exception['type']}: {exception['message']}" if exception else ""
    return " ".join((tampered or said or record["status"]).split())[:300]
