"""Measures what tracing costs: `python tests/benchmarks/bench.py [--quick] [--json]`.

Every ratio is one of CPU times measured in this process, in turns with the script that is written
by hand for the same rule and makes the same text (`handwritten.py`).
"""

import argparse
import copy
import functools
import importlib.util
import json
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import process_time
from typing import Any

from cases import CASES, Case
from handwritten import SCRIPTS
from measure import Effort, cpu_times, geometric_mean, peak_memory, settle
from peers import PEERS, Function, Peer
from rich.console import Console
from rich.text import Text
from tables import Column, Row, Table

from rfft.tracer import Rule, trace

STYLE = "rfft"
TEXT_TARGET = 0.5  # times the hand-written script's CPU time
EVENTS_TARGET = 1.3
COLD_TARGET = 2.0  # ms
HELP_TARGET = 100.0  # ms

FULL = Effort(batch=0.01, rounds=15, most=3.0)
QUICK = Effort(batch=0.001, rounds=3, most=0.1)
SLOW = Effort(batch=0.01, rounds=5, most=1.0)  # for the other tracers

LENGTHS = [20, 200]
GROWTH = [10, 30, 100, 300, 1000]
QUICK_GROWTH = [10, 30, 100]

TWELVE_LINES = """\
def score_items(nums, limit):
    score = 0
    kept = []
    while nums:
        num = nums.pop(0)
        if num % 2 == 0 and num > limit:
            score += num // 2
        else:
            kept.append(num)
    for item in kept:
        score -= item * limit
    return score
"""


def text_of(rule: Rule) -> Callable[..., str]:
    """Return what makes a rule's text through the text back end."""
    writer = rule.writer(STYLE)
    return lambda *args: writer(*args).response


def events_of(rule: Rule) -> Callable[..., str]:
    """Return what makes a rule's text by recording events and rendering them."""
    return lambda *args: trace(rule, *args).response(STYLE)


def compared(
    case: Case, length: int, effort: Effort
) -> tuple[int, dict[str, Callable[..., str]], dict[str, float]]:
    """Measure a script made by hand and both back ends: ``hand``, ``text`` and ``events``.

    Returns the characters of the text, the three functions, and the CPU seconds of a call of each.
    """
    rule = Rule.from_file(case.path)
    hand = SCRIPTS[case.name]
    functions = {"hand": hand, "text": text_of(rule), "events": events_of(rule)}
    texts = {function(*case.arguments(length)) for function in functions.values()}
    if len(texts) > 1:
        raise SystemExit(f"{case.name} at length {length}: the texts are not the same")
    best = cpu_times(functions, functools.partial(case.arguments, length), effort)
    return len(texts.pop()), functions, best


# The back ends: (a) and (b)


def back_ends(lengths: Sequence[int], effort: Effort) -> tuple[Table, Table]:
    """Compare both back ends with the scripts written by hand."""
    text = _ratio_table("text", "Text back end")
    events = _ratio_table("events", "Events and rendering")
    for length in lengths:
        for case in CASES:
            characters, _, best = compared(case, length, effort)
            for table in (text, events):
                table.rows.append(_ratio_row(case, length, characters, best, table.key))
        _add_mean(text, length, TEXT_TARGET)
        _add_mean(events, length, EVENTS_TARGET)
    return text, events


def _ratio_table(key: str, title: str) -> Table:
    columns = [
        Column("rule", "rule"),
        Column("length", "length", "d"),
        Column("characters", "characters", ",d"),
        Column("hand_ns", "by hand", ".2f"),
        Column("ns", key, ".2f"),
        Column("ratio", "ratio", ".2f"),
    ]
    title = f"{title} against hand-written, ns per character"
    return Table(key, title, columns, aimed="ratio")


def _ratio_row(case: Case, length: int, characters: int, best: dict[str, float], key: str) -> Row:
    return {
        "group": length,
        "rule": case.name,
        "length": length,
        "characters": characters,
        "hand_ns": best["hand"] / characters * 1e9,
        "ns": best[key] / characters * 1e9,
        "ratio": best[key] / best["hand"],
    }


def _add_mean(table: Table, length: int, target: float) -> None:
    mean = geometric_mean(row["ratio"] for row in table.rows if row["length"] == length)
    row = {"group": length, "rule": "geometric mean", "length": length, "ratio": mean}
    table.rows.append({**row, "target": target})


# Other tracers (c)


def other_tracers(lengths: Sequence[int], effort: Effort) -> Table:
    """Compare the other tracers that are installed with the scripts written by hand."""
    installed = [peer for peer in PEERS if peer.version is not None]
    columns = [Column("rule", "rule"), Column("length", "length", "d")]
    columns += [Column(peer.name, f"{peer.name} {peer.version}", ".1f") for peer in installed]
    table = Table("peers", "Other tracers against hand-written: ratio", columns)
    absent = [peer.name for peer in PEERS if peer not in installed]
    if absent:
        table.notes.append(f"Not installed: {', '.join(absent)}. Try pip install -e '.[bench]'.")
    for length in lengths if installed else []:
        rows = [_peer_row(case, length, installed, effort) for case in CASES]
        means = {p.name: geometric_mean(row[p.name] for row in rows) for p in installed}
        mean = {"group": length, "rule": "geometric mean", "length": length, **means}
        table.rows += [*rows, mean]
    return table


def _peer_row(case: Case, length: int, peers: Sequence[Peer], effort: Effort) -> Row:
    plain = _plain_function(case)
    functions = {peer.name: peer.trace(plain) for peer in peers}
    if plain.__code__.co_varnames[:1] == ("self",):
        functions = {name: functools.partial(f, None) for name, f in functions.items()}
    hand = {"hand": SCRIPTS[case.name]}
    best = cpu_times({**hand, **functions}, functools.partial(case.arguments, length), effort)
    ratios = {name: best[name] / best["hand"] for name in functions}
    return {"group": length, "rule": case.name, "length": length, **ratios}


def _plain_function(case: Case) -> Function:
    """Import the file of a rule and return its function."""
    spec = importlib.util.spec_from_file_location(case.name, case.path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function: Function = getattr(module, case.name)
    return function


# The first trace of a rule (d)


def cold_cost(quick: bool) -> Table:
    """Measure a rule from its source text to its first trace, each time another rule."""
    columns = [
        Column("rule", "rule"),
        Column("lines", "lines", "d"),
        Column("from_source", "from_source", ".2f"),
        Column("writer", "writer", ".2f"),
        Column("first_call", "first call", ".2f"),
        Column("total", "total", ".2f"),
        Column("median", "median", ".2f"),
        Column("events", "by events", ".2f"),
    ]
    title = "Cold: from a rule's source to its first trace, ms"
    table = Table("cold", title, columns, aimed="total")
    repeats = 5 if quick else 60
    twelve = functools.partial(copy.deepcopy, ([3, 8, 5, 4], 2))
    first = _cold_row("score_items", TWELVE_LINES, twelve, repeats)
    table.rows.append({**first, "target": COLD_TARGET})
    for case in CASES:
        make = functools.partial(case.arguments, 4)
        table.rows.append(_cold_row(case.name, case.path.read_text(), make, repeats))
    table.notes.append(f"The parts of the best total of {repeats}; the median of all totals.")
    return table


def _cold_row(name: str, source: str, arguments: Callable[[], Any], repeats: int) -> Row:
    runs, events = [], []
    for n in range(repeats):
        runs.append(_cold_text(source.replace(name, f"{name}_a{n}"), arguments()))
        events.append(_cold_events(source.replace(name, f"{name}_b{n}"), arguments()))
    from_source, writer, first_call = min(runs, key=sum)
    return {
        "rule": name,
        "lines": len(source.splitlines()),
        "from_source": from_source * 1000,
        "writer": writer * 1000,
        "first_call": first_call * 1000,
        "total": sum(min(runs, key=sum)) * 1000,
        "median": statistics.median(map(sum, runs)) * 1000,
        "events": min(events) * 1000,
    }


def _cold_text(source: str, arguments: Any) -> tuple[float, float, float]:
    times = [process_time()]
    rule = Rule.from_source(source)
    times.append(process_time())
    writer = rule.writer(STYLE)
    times.append(process_time())
    writer(*arguments)
    times.append(process_time())
    return times[1] - times[0], times[2] - times[1], times[3] - times[2]


def _cold_events(source: str, arguments: Any) -> float:
    start = process_time()
    trace(Rule.from_source(source), *arguments).response(STYLE)
    return process_time() - start


# Longer inputs (e)


def growth(lengths: Sequence[int], effort: Effort) -> Table:
    """Measure time and memory of the text back end as the input grows."""
    columns = [
        Column("rule", "rule"),
        Column("length", "length", "d"),
        Column("characters", "characters", ",d"),
        Column("ms", "text ms", ".3f"),
        Column("ns", "text", ".2f"),
        Column("events_ns", "events", ".2f"),
        Column("hand_ns", "by hand", ".2f"),
        Column("peak", "text peak", ".2f"),
        Column("events_peak", "events peak", ".2f"),
        Column("hand_peak", "by hand peak", ".2f"),
    ]
    title = "Longer inputs: ns per character, and peak memory in bytes per character"
    table = Table("growth", title, columns)
    for case in CASES:
        table.rows += [_growth_row(case, length, effort) for length in lengths]
    return table


def _growth_row(case: Case, length: int, effort: Effort) -> Row:
    characters, functions, best = compared(case, length, effort)
    peak = {name: peak_memory(f, case.arguments(length)) for name, f in functions.items()}
    return {
        "group": case.name,
        "rule": case.name,
        "length": length,
        "characters": characters,
        "ms": best["text"] * 1000,
        "ns": best["text"] / characters * 1e9,
        "events_ns": best["events"] / characters * 1e9,
        "hand_ns": best["hand"] / characters * 1e9,
        "peak": peak["text"] / characters,
        "events_peak": peak["events"] / characters,
        "hand_peak": peak["hand"] / characters,
    }


# What a command costs before it does anything (f)


def start_up(quick: bool) -> Table:
    """Measure what the commands cost before they do anything."""
    columns = [Column("command", "command"), Column("ms", "CPU ms", ".1f")]
    table = Table("startup", "Start-up", columns, aimed="ms")
    repeats = 2 if quick else 7
    commands = {
        "python -S -c pass": [sys.executable, "-S", "-c", "pass"],
        "python -c pass": [sys.executable, "-c", "pass"],
        "import rfft.tracer": [sys.executable, "-c", "import rfft.tracer"],
    }
    command = _command()
    if command is None:
        table.notes.append("The command rfft-trace is not installed.")
    else:
        commands["rfft-trace --help"] = [command, "--help"]
    for name, words in commands.items():
        ms = min(_child_cpu(words) for _ in range(repeats)) * 1000
        target = {"target": HELP_TARGET} if "--help" in words else {}
        table.rows.append({"command": name, "ms": ms, **target})
    table.notes.append("Python without -S looks for packages; editable installs make that slower.")
    return table


def _command() -> str | None:
    """Return the path of `rfft-trace`: the one beside this Python, or any."""
    beside = Path(sysconfig.get_path("scripts")) / "rfft-trace"
    return str(beside) if beside.exists() else shutil.which("rfft-trace")


def _child_cpu(command: Sequence[str]) -> float:
    """Run a command and return its CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


# The command


PARTS = ("ratios", "peers", "cold", "growth", "startup")


def measured(parts: Sequence[str], lengths: Sequence[int], quick: bool) -> Iterator[Table]:
    """Measure and yield one table after the other."""
    effort = QUICK if quick else FULL
    if "ratios" in parts:
        yield from back_ends(lengths, effort)
    if "peers" in parts:
        yield other_tracers(lengths, QUICK if quick else SLOW)
    if "cold" in parts:
        yield cold_cost(quick)
    if "growth" in parts:
        yield growth(QUICK_GROWTH if quick else GROWTH, effort)
    if "startup" in parts:
        yield start_up(quick)


def machine() -> dict[str, str]:
    """Tell what the figures were measured on."""
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "cpu": _cpu_name(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown CPU"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure what tracing costs, in CPU time.")
    parser.add_argument("--quick", action="store_true", help="a few seconds; rough figures")
    parser.add_argument("--json", action="store_true", help="print one JSON object, no tables")
    parser.add_argument(
        "--lengths", type=int, nargs="+", default=LENGTHS, help="of the inputs for the ratios"
    )
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=PARTS, help="measure nothing but these parts"
    )
    parser.add_argument(
        "--table", action="store_true", help="measure all there is, for the README; ten minutes"
    )
    options = parser.parse_args()
    settle()
    if options.table:
        import overview

        overview.show(
            machine(), list(measured(("ratios", "cold", "startup"), LENGTHS, quick=False))
        )
        return
    tables = measured(options.only, options.lengths, options.quick)
    if options.json:
        data = {**machine(), "tables": {table.key: table.as_data() for table in tables}}
        print(json.dumps(data, indent=2))
        return
    console = Console()
    if not console.is_terminal:
        console = Console(width=120)
    console.print(Text(", ".join(machine().values())))
    console.print(
        Text("CPU time, the best of several rounds. A ratio below 1: faster than by hand.")
    )
    for table in tables:
        table.print(console)


if __name__ == "__main__":
    main()
