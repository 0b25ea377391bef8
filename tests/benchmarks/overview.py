"""The table of all benchmarks for the README: `python tests/benchmarks/bench.py --table`.

Each part but the back ends runs as its own script, in a process of its own.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tables import Table

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Line:
    """What is measured, the figure, and its target, if it has one."""

    what: str
    figure: str
    target: str = ""


def show(machine: Mapping[str, str], tables: Sequence[Table]) -> None:
    """Measure the other parts and print all as Markdown, a line when it is there."""
    print(f"Measured on {date.today():%d %B %Y}: {', '.join(machine.values())}.\n")
    print("| what | figure | target |\n|---|---|---|")
    for lines in (_back_ends(tables), _corpora(), _sandbox(), _checking(), _training(), _answers()):
        for line in lines:
            print(f"| {line.what} | {line.figure} | {line.target} |", flush=True)


def _back_ends(tables: Iterable[Table]) -> Iterator[Line]:
    named = {table.key: table for table in tables}
    for key, name in (("text", "a writer"), ("events", "recorded steps, rendered")):
        for row in named[key].rows:
            if "target" in row:
                what = f"{name}, against a script by hand, length {row['length']}"
                yield Line(what, f"{row['ratio']:.2f}", f"≤ {row['target']:g}")
    cold = named["cold"].rows[0]
    what = "from the source of a rule never seen to its first trace"
    yield Line(what, f"{cold['total']:.1f} ms", f"≤ {cold['target']:g} ms")
    last = named["startup"].rows[-1]
    if "target" in last:
        yield Line("`rfft-trace --help`", f"{last['ms']:.0f} ms", f"≤ {last['target']:g} ms")


def _corpora() -> Iterator[Line]:
    for length, target in ((20, 1.0), (200, 0.4)):
        means = _said("corpus.py", "--hand", "--length", str(length))["means"]
        for key, name in (
            ("sandbox", "a text from the sandbox"),
            ("one config", "a sample of a corpus, drawn, traced and in one Parquet file"),
            ("corpus", "the same in the files of both configs"),
        ):
            what = f"{name}, against a script by hand, length {length}"
            yield Line(what, f"{means[key]:.2f}", f"≤ {target:g}")


def _sandbox() -> Iterator[Line]:
    found = _said("sandbox.py", "--json", "--traces", "0")
    yield Line("start of a sandbox", f"{found['start']['wall_ms']:.0f} ms", "≤ 300 ms")
    for row in found["per_trace"]:
        what = f"sandbox, over tracing, inputs of a task: {row['batch']}"
        yield Line(what, f"{row['overhead_ms']:.1f} ms", "≤ 5 ms")


def _checking() -> Iterator[Line]:
    for style in ("rfft", "natural"):
        options = ("--json", "--quick", "--lengths", "30", "--styles", style)
        mean = _said("check.py", *options)["rows"][-1]
        for text in ("right", "digit"):
            what = f"lines checked a second, style {style}, text {text}"
            yield Line(what, f"{mean[text]:,.0f}", "≥ 20,000")


def _training() -> Iterator[Line]:
    size = ("--steps", "5", "--context", "256", "--batch", "8", "--micro-tokens", "1024")
    plain, *ours = _written("train.py", *size)
    for way in ours:
        ratio = way["tokens_per_second"] / plain["tokens_per_second"]
        yield Line(f"training, tokens a second to {plain['way']}: {way['way']}", f"{ratio:.2f}")


def _answers() -> Iterator[Line]:
    rates = _written("eval.py", "answers", "--lengths", "1-4", "--questions", "48", "--one", "4")
    ratio = rates["padded"] / rates["generate"]
    yield Line("`rfft eval`, tokens a second to `generate`, one at a time", f"{ratio:.1f}")


def _said(script: str, *options: str) -> Any:
    """Return the JSON that a script prints."""
    command = [sys.executable, HERE / script, *options]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def _written(script: str, *options: str) -> Any:
    """Return the JSON that a script writes beside what it prints."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.json"
        command = [sys.executable, HERE / script, *options, "--json", file]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return json.loads(file.read_text())
