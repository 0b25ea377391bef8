"""Measures what a corpus costs: `python tests/benchmarks/corpus.py [--per-length N] [--workers N]`.

CPU time is that of all processes. Four things are done in turns with the same samples of preset
rf-pretrain: they are traced in this process by `Rule.writer`, and step by step under limits; they
are traced in the sandbox; and their corpus is built, from drawing inputs to files on the disk.
"""

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rfft.rules.corpus import plan
from rfft.rules.corpus import settings as presets
from rfft.rules.corpus.build import build
from rfft.rules.corpus.draw import Drawn, draw
from rfft.rules.corpus.tracing import LIMITS
from rfft.tracer.inputs import parse_input
from rfft.tracer.rule import Rule
from rfft.tracer.sandbox import Pool, Task
from rfft.tracer.tracing import Trace

ROUNDS = 2
PARTS = 61  # one of them is built; it has all lengths


def jobs_of(made: plan.Plan, numbers: range) -> list[Task]:
    """Return what the shards with these numbers have traced."""
    found = []
    for part in (part for number in numbers for part in made.shards[number]):
        instances = list(draw(made.source(part.task), part, made.settings.side, Drawn()))
        for first in range(0, len(instances), 100):
            some = instances[first : first + 100]
            inputs = tuple(i.input for i in some)
            asked = ("-",) * len(inputs)
            found.append(
                Task(some[0].source, inputs, some[0].function, questions=asked, steps=False)
            )
    return found


def compiled(jobs: list[Task]) -> None:
    """Trace in this process: parse and compile the rule, run it and write the text."""
    for job in jobs:
        write = Rule.from_source(job.source, job.function).writer("rfft")
        for text in job.inputs:
            args, kwargs = parse_input(text)
            _ = write(*args, **kwargs).response


def step_by_step(jobs: list[Task]) -> None:
    """Trace in this process as the sandbox does where compiled code will not do."""
    for job in jobs:
        rule = Rule.from_source(job.source, job.function)
        for text in job.inputs:
            args, kwargs = parse_input(text)
            trace = Trace(
                rule, args, kwargs, max_steps=LIMITS.steps, max_characters=LIMITS.output << 20,
                max_depth=LIMITS.depth, on_limit=print,
            )  # fmt: skip
            trace.run().response("rfft")


def in_sandbox(jobs: list[Task], workers: int) -> None:
    with Pool(workers, limits=LIMITS) as pool:
        for _ in pool.map(jobs):
            pass


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Return the CPU seconds of all processes and the seconds on the clock."""
    before, start = os.times(), time.monotonic()
    work()
    after = os.times()
    return sum(after[:4]) - sum(before[:4]), time.monotonic() - start


def rounds(made: plan.Plan, numbers: range, workers: int) -> Iterator[list[tuple[float, float]]]:
    jobs = jobs_of(made, numbers)
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            part = (1, PARTS)
            yield [
                measured(lambda: compiled(jobs)),
                measured(lambda: step_by_step(jobs)),
                measured(lambda: in_sandbox(jobs, workers)),
                measured(lambda: build(made, Path(folder), part=part, workers=workers)),  # noqa: B023
            ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--per-length", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    start = time.process_time()
    made = plan.make(presets.load("rf-pretrain", per_length=options.per_length, shard_rows=300))
    opened = time.process_time() - start
    numbers = made.part(1, PARTS)
    made_rows = sum(len(job.inputs) for job in jobs_of(made, numbers))
    found = list(rounds(made, numbers, options.workers))
    best = [min(r[n] for r in found) for n in range(4)]
    print(f"{made_rows:,} samples, best of {ROUNDS} rounds; load {os.getloadavg()[0]:.1f}")
    print(f"{'':16}{'CPU ms a sample':>16}{'to the first':>14}{'to sandbox':>12}{'samples/s':>11}")
    for name, (cpu, clock) in zip(
        ("traced here", "step by step", "in the sandbox", "as a corpus"), best, strict=True
    ):
        ratios = f"{cpu / best[0][0]:>14.2f}{cpu / best[2][0]:>12.2f}"
        print(f"{name:16}{cpu / made_rows * 1e3:>16.2f}{ratios}{made_rows / clock:>11.0f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory: {peak:.0f} MiB in this process")
    big = presets.load("rf-pretrain", per_length=88_000)
    start = time.process_time()
    shards = len(plan.make(big).shards)
    print(f"plans: {opened:.2f} s; of 100 million samples {time.process_time() - start:.2f} s")
    print(f"shards of that: {shards:,}")


if __name__ == "__main__":
    main()
