"""Measures what the sandbox costs: `python tests/benchmarks/sandbox.py [--quick] [--json]`.

CPU time is that of all processes: the supervisor's, the zygotes' and that of the processes that
they have forked. What tracing itself costs, the same text from the same source in this process, is
measured in turns with it and taken off.
"""

import argparse
import contextlib
import itertools
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rfft.tracer.inputs import parse_input
from rfft.tracer.rule import Rule
from rfft.tracer.sandbox import Pool, Sandbox, Task
from rfft.tracer.tracing import Trace

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
CASES = {
    "add_digits.py": "{n}",
    "move_zeroes.py": "[0, {n}, 0, 3]",
    "long_addition.py": '"{n}", "9"',
}
_SOURCES = [(EXAMPLES / name).read_text() for name in CASES]
TURN = 10  # tasks of each rule, before the clock is looked at
TICKS = 100  # of the clock in /proc, a second


def zygotes() -> list[int]:
    """Return the ids of the processes that this one has started, whatever thread did."""
    own, found = os.getpid(), []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            if int(stat.read_text().rpartition(")")[2].split()[1]) == own:
                found.append(int(stat.parent.name))
    return found


def cpu_of(process: int) -> float:
    """Return the CPU seconds of a process and of those it has forked."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def cpu() -> float:
    """Return the CPU seconds of the supervisor and of all that it has started."""
    return time.process_time() + sum(map(cpu_of, zygotes()))


def resources() -> dict[str, float]:
    """Return memory (MiB, of the biggest process) and descriptors (of all) in use."""
    memory, descriptors = [], 0
    for process in ("self", *map(str, zygotes())):
        folder = Path("/proc") / process
        memory.append(int((folder / "statm").read_text().split()[1]) / 256)
        descriptors += len(list((folder / "fd").iterdir()))
    return {"supervisor_mib": memory[0], "zygotes_mib": sum(memory[1:]), "descriptors": descriptors}


def start_up(repeats: int) -> dict[str, float]:
    """Measure the start of a worker."""
    walls, cpus = [], []
    for _ in range(repeats):
        with Sandbox() as sandbox:
            begun, used = time.perf_counter(), cpu()
            sandbox.start()
            walls.append(time.perf_counter() - begun)
            cpus.append(cpu() - used)
    return {"wall_ms": min(walls) * 1000, "cpu_ms": min(cpus) * 1000}


def per_trace(traces: int, batch: int, steps: bool) -> dict[str, float]:
    """Measure a trace with a warm worker, tasks of `batch` inputs.

    With `steps`, each input has a process of its own.
    """
    inside = outside = 0.0
    count = 0
    with Pool(1) as pool:
        list(pool.map([Task(_SOURCES[0], ("1",), steps=steps)]))
        for number in range(traces // batch // len(CASES) // TURN):
            tasks = [
                Task(
                    source,
                    tuple(inputs.format(n=n + 1) for n in range(first, first + batch)),
                    steps=steps,
                )
                for first in range(number * TURN * batch, (number + 1) * TURN * batch, batch)
                for source, inputs in zip(_SOURCES, CASES.values(), strict=True)
            ]
            used = cpu()
            traced = list(pool.map(tasks))
            inside += cpu() - used
            used = time.process_time()
            expected = [in_process(task.source, task.inputs, steps) for task in tasks]
            outside += time.process_time() - used
            if [[r["response"] for r in records] for records in traced] != expected:
                raise SystemExit("the texts are not the same")
            count += len(tasks) * batch
    return {
        "batch": batch,
        "steps": steps,
        "traces": count,
        "sandbox_ms": inside / count * 1000,
        "tracing_ms": outside / count * 1000,
        "overhead_ms": (inside - outside) / count * 1000,
    }


def in_process(source: str, inputs: tuple[str, ...], steps: bool) -> list[str]:
    """Make the same records here, by the same steps."""
    rule = Rule.from_source(source)
    texts = []
    for text in inputs:
        args, kwargs = parse_input(text)
        limits: dict[str, Any] = {"max_steps": 10**6, "max_characters": 10**8, "max_depth": 1000}
        trace = Trace(rule, args, kwargs, on_limit=_no_limit, **limits).run()
        texts.append(json.loads(json.dumps(trace.to_json(steps=steps)))["response"])
    return texts


def _no_limit(status: str) -> None:
    raise AssertionError(status)


def endurance(traces: int, workers: int, batch: int, say: Callable[[str], None]) -> list[Any]:
    """Watch memory and descriptors over many traces."""
    source = (EXAMPLES / "add_digits.py").read_text()

    def tasks() -> Iterator[Task]:
        for first in range(0, traces, batch):
            inputs = tuple(str(n) for n in range(first, first + batch))
            yield Task(source, inputs, steps=False)

    rows: list[Any] = []
    begun, done, step = time.perf_counter(), 0, max(traces // 10, batch)
    with Pool(workers) as pool:
        for records in pool.map(tasks()):
            assert all(r["status"] == "ok" for r in records)
            done += len(records)
            if done == 10 * batch or done % step < batch:
                rate = done / (time.perf_counter() - begun)
                rows.append({"traces": done, "per_second": rate, **resources()})
                say(f"  {rows[-1]}")
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="some ten seconds, and rough")
    parser.add_argument("--json", action="store_true", help="one object in place of the lines")
    parser.add_argument(
        "--traces", type=int, help="how many traces the endurance run takes; 0: none"
    )
    options = parser.parse_args()
    traces = options.traces
    if traces is None:
        traces = 500 if options.quick else 10_000

    def say(line: str) -> None:
        if not options.json:
            print(line, flush=True)

    found: dict[str, Any] = {"start": start_up(2 if options.quick else 5)}
    say(f"Start of a worker (target 300 ms): {found['start']}")
    found["per_trace"] = []
    for steps, batch in itertools.product((False, True), (1, 20)):
        row = per_trace(60 if options.quick else 600, batch, steps)
        found["per_trace"].append(row)
        what = "A trace with its steps" if steps else "A trace"
        say(f"{what}, {batch} inputs a task (target: overhead of 5 ms): {row}")
    if traces:
        say(f"{traces} traces, one input a task, 2 workers:")
        found["endurance"] = endurance(traces, 2, 1, say)
    if options.json:
        print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
