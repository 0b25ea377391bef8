"""Measures what a corpus costs: `python tests/benchmarks/corpus.py [--hand]`.

CPU time is that of all processes. Four things are done in turns with the same samples of preset
rf-pretrain: they are traced in this process by `Rule.writer`, and step by step under limits; they
are traced in the sandbox; and their corpus is built, from drawing inputs to files on the disk.
With `--hand`, what a sample costs by what it costs the scripts in `handwritten.py`.
"""

import argparse
import copy
import inspect
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from cases import CASES, Case
from handwritten import SCRIPTS
from measure import geometric_mean

from rfft.rules.corpus import plan
from rfft.rules.corpus import settings as presets
from rfft.rules.corpus.build import build
from rfft.rules.corpus.draw import Drawn, draw
from rfft.rules.corpus.tracing import LIMITS
from rfft.tracer.inputs import pack, parse_input
from rfft.tracer.rule import Rule
from rfft.tracer.sandbox import Pool, Task
from rfft.tracer.tracing import Trace

ROUNDS = 2
HAND_ROWS = {20: 4000, 200: 300}
"""How many rows a corpus has, by the length of its inputs."""
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
            packed = tuple(pack(i.values, i.input) for i in some)
            found.append(
                Task(
                    some[0].source, inputs, some[0].function, questions=asked, steps=False,
                    packed=packed,
                )
            )  # fmt: skip
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


def task_of(case: Case, folder: Path) -> None:
    """Write the rule of a case, with its inputs, as a task."""
    made = inspect.getsource(case.inputs).replace(f"def {case.inputs.__name__}", "def inputs", 1)
    head = "from random import Random\n\nArguments = tuple\n\n"
    (folder / f"bench_{case.name}.py").write_text(f"{head}{case.path.read_text()}\n\n{made}")


def to_hand(case: Case, length: int, rows: int) -> dict[str, float]:
    """Return what a sample costs by what it costs its hand-written script: its text from the
    sandbox, its row in a file of one config, and all of it as the corpus is built by default.

    What a quarter of the rows costs is taken off, and with it what is done once.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tasks").mkdir()
        task_of(case, folder / "tasks")
        costs: dict[tuple[str, int], float] = {}
        for count in (rows // 4, rows):
            settings = presets.load(
                "adapt", tasks=(f"bench_{case.name}",), lengths=(length, length),
                per_length=count, shard_rows=5000,
            )  # fmt: skip
            tasks = [folder / "tasks"]
            made = plan.make(settings, tasks, trust=True)
            one = plan.make(replace(settings, configs=("prompt_completion",)), tasks, trust=True)
            jobs = jobs_of(made, made.part(1, 1))
            for turn in range(ROUNDS):
                for what, work in {
                    "sandbox": lambda: in_sandbox(jobs, 1),  # noqa: B023
                    "one config": lambda: build(one, folder / f"{count}-{turn}-one", workers=1),  # noqa: B023
                    "corpus": lambda: build(made, folder / f"{count}-{turn}", workers=1),  # noqa: B023
                }.items():
                    cpu, _ = measured(work)
                    costs[what, count] = min(cpu, costs.get((what, count), cpu))
    inputs = [case.inputs(length, Random(number)) for number in range(200)]
    by_hand = []
    for _ in range(5):
        calls = copy.deepcopy(inputs)
        start = time.process_time()
        for arguments in calls:
            SCRIPTS[case.name](*arguments)
        by_hand.append((time.process_time() - start) / len(calls))
    return {
        what: (costs[what, rows] - costs[what, rows // 4]) / (rows - rows // 4) / min(by_hand)
        for what in ("sandbox", "one config", "corpus")
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--per-length", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--hand", action="store_true", help="to hand-written scripts, as JSON")
    parser.add_argument("--length", type=int, choices=HAND_ROWS, default=20, help="for --hand")
    options = parser.parse_args()
    if options.hand:
        length = options.length
        ratios = {case.name: to_hand(case, length, HAND_ROWS[length]) for case in CASES}
        means = {
            what: geometric_mean([ratio[what] for ratio in ratios.values()])
            for what in ("sandbox", "one config", "corpus")
        }
        print(json.dumps({"means": means, "rules": ratios}, indent=2))
        return
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
