"""Traces the same programs by several tracers: `python -m tests.benchmarks.programs FILE.jsonl`.

Of each: the share of programs traced with the plain run's own output, what its log says wrong or
leaves out, and CPU. Ours is judged by `tests.observer`; the logs of others against
every change of a variable in the plain run, as `changes` sees it.
"""

import argparse
import contextlib
import io
import itertools
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from rfft.tracer import Rule, trace
from rfft.tracer.errors import InputRejected, SourceRejected
from rfft.tracer.sandbox import Pool, Task

from ..observer.apart import examine_apart
from ..observer.judging import MOST, arguments
from ..observer.program import CannotFollow
from ..observer.rows import Case, cases
from .peers import PEERS
from .sandbox import cpu
from .tables import Column, Table

SECONDS = 1.0  # of CPU: a plain run that takes longer is left out, as one of more than MOST steps
CHANGES = Path(__file__).with_name("changes.py")
PATIENCE = 30.0  # seconds that a process may take
WRAPPERS = {
    "": "",
    "PySnooper": "import pysnooper\n{f} = pysnooper.snoop()({f})\n",
    "snoop": "import snoop\n{f} = snoop.snoop()({f})\n",
}
STATED = {
    "PySnooper": re.compile(r"(?:Starting|New|Modified) var:\.+ (\w+) = (.*)"),
    "snoop": re.compile(r"^\d\d:\d\d:\d\d\.\d\d +\.{3,} (\w+) = (.*)"),
}
# What follows a program's source; its outcome goes to a file, for programs print.
CALL = """
try:
    _told = repr({f}({input}))
except Exception as _error:
    _told = "raises " + type(_error).__name__
with open({out!r}, "w") as _file:
    _file.write(_told)
"""
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
NO_DATA = ("<function ", "<class ", "<module ", "<built-in ", "<bound method ")
ADDRESS = re.compile(r"0x[0-9a-f]+")


@dataclass
class Ran:
    """A process that ran a program: CPU seconds, what it wrote, and its log."""

    cpu: float
    outcome: str | None
    log: str


def ran(folder: Path, case: Case, wrapper: str = "", *, changes: bool = False) -> Ran:
    """Run a case in a Python process, its entry function wrapped, or its changes noted."""
    script, out, noted = folder / "program.py", folder / "outcome", folder / "changes"
    for old in (out, noted):
        old.unlink(missing_ok=True)
    call = CALL.replace("{f}", case.function or "").replace("{input}", case.input)
    call = call.replace("{out!r}", repr(str(out)))
    script.write_text(f"{case.source}\n\n{WRAPPERS[wrapper].format(f=case.function)}{call}")
    command = [sys.executable, str(script)]
    if changes:
        command = [sys.executable, str(CHANGES), str(script), str(MOST), str(noted)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        log = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            timeout=PATIENCE, cwd=folder, check=False,
        ).stderr.decode(errors="replace")  # fmt: skip
    except subprocess.TimeoutExpired:
        log = ""
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if changes:
        log, out = (noted.read_text() if noted.exists() else ""), noted
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    outcome = ADDRESS.sub("0x", out.read_text()) if out.exists() else None
    return Ran(spent, outcome, log)


def compare(changes: Iterable[Sequence[str]], stated: Iterable[Sequence[str]]) -> Counter[str]:
    """Count changes that are missing, and stated values that are false or cut short."""
    left = Counter((name, ADDRESS.sub("0x", text)) for name, text in changes)
    said = Counter(
        (name, ADDRESS.sub("0x", text.rstrip()))
        for name, text in stated
        if not text.startswith(NO_DATA)
    )
    left, said = left - said, said - left
    found: Counter[str] = Counter()
    for (name, text), times in said.items():
        pieces = [re.escape(piece) for piece in re.split(r", \.\.\.|\.\.\.|\.\., ", text)]
        for _ in range(times):
            whole = next(
                (w for w in left if len(pieces) > 1 and w[0] == name
                 and re.fullmatch(".*".join(pieces), w[1], re.DOTALL)), None,
            )  # fmt: skip
            found["false" if whole is None else "cut"] += 1
            if whole is not None:
                left -= Counter([whole])
    found["missing"] = left.total()
    return found


def in_process(case: Case) -> Any:
    """Trace a case in this process; return its JSON, None if it is refused."""
    try:
        args, kwargs = arguments(case.input)
        rule = Rule.from_source(case.source, case.function)
        with contextlib.redirect_stdout(io.StringIO()):
            return trace(rule, *args, **kwargs).to_json("rfft")
    except (SourceRejected, InputRejected, CannotFollow):
        return None


def outcome_of(told: Any) -> str | None:
    """Return what a trace says came of the call, as `ran` does."""
    if told and told.get("exception"):
        return f"raises {told['exception']['type']}"
    return ADDRESS.sub("0x", told["result"]) if told and told.get("result") else None


def spread(files: Sequence[Path], limit: int | None) -> list[Case]:
    """Return the first input of programs of the files, evenly spread over each."""
    chosen: list[Case] = []
    for number, path in enumerate(files):
        groups = itertools.groupby(cases(path), key=lambda c: c.name.partition("#")[0])
        firsts = [next(group) for _, group in groups]
        share = len(firsts)
        if limit is not None:
            share = min(share, (limit + number) // len(files))
        chosen += [firsts[i * len(firsts) // share] for i in range(share)]
    return [case for case in chosen if case.function]


COLUMNS = (
    Column("tracer", "tracer"),
    Column("programs", "programs", "d"),
    Column("traced", "traced", ".1%"),
    Column("false", "false", ",d"),
    Column("missing", "missing", ",d"),
    Column("cut", "cut", ",d"),
    Column("not_judged", "not judged", "d"),
    Column("cpu_ms", "CPU ms each", ",.1f"),
)


def main(given: Sequence[str] | None = None) -> int:
    """Measure and print; return 2 if there is nothing to measure."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.programs", description=__doc__
    )
    parser.add_argument("files", nargs="+", type=Path, help="JSONL files of programs")
    parser.add_argument("--limit", type=int, help="programs, spread over the files")
    parser.add_argument("--json", action="store_true", help="one object in place of the table")
    told = parser.parse_args(given)
    errors = Console(stderr=True)
    try:
        chosen = spread(told.files, told.limit)
    except (OSError, ValueError, KeyError) as error:
        errors.print(f"no programs: {error!r}", markup=False)
        return 2
    if not chosen:
        errors.print("no programs: the files have no row with a function and literal arguments")
        return 2
    table = Table("programs", "The same programs, by each tracer", COLUMNS)
    table.rows += measure(chosen, errors)
    left_out = len(chosen) - table.rows[0]["programs"]
    table.notes.append(f"{left_out} programs left out: too long, or they do not end in Python")
    if told.json:
        print(json.dumps(table.as_data(), indent=2))
    else:
        table.print(Console())
    return 0


def measure(chosen: list[Case], console: Console) -> list[dict[str, Any]]:
    """Return a row of figures for each tracer."""
    peers = [p.name for p in PEERS if p.name in STATED and p.version]
    names = ["plain Python", "ours in process", "ours in the sandbox", *peers]
    rows = {name: Counter[str]() for name in names}
    spent = dict.fromkeys(names, 0.0)
    used: list[Case] = []
    texts: list[str] = []
    outcomes: list[str] = []
    trace(Rule.from_source("def f(a):\n    return a\n"), 1).to_json("rfft")  # loads all
    with tempfile.TemporaryDirectory() as kept:
        for case in track(chosen, console=console, transient=True):
            plain = ran(Path(kept), case)
            noted = ran(Path(kept), case, changes=True)
            if plain.outcome is None or noted.outcome is None or plain.cpu > SECONDS:
                continue
            used.append(case)
            spent["plain Python"] += plain.cpu
            for peer in peers:
                log = ran(Path(kept), case, peer)
                spent[peer] += log.cpu
                stated = [
                    match.groups()
                    for line in ESCAPES.sub("", log.log).split("\n")
                    if (match := STATED[peer].search(line))
                ]
                rows[peer] += compare(json.loads(noted.log), stated)
                rows[peer]["traced"] += log.outcome == plain.outcome
            judged = examine_apart(case)
            texts.append(judged.text)
            row = rows["ours in process"]
            missing = sum(f.kind == "missing change" for f in judged.findings)
            row += Counter(missing=missing, false=len(judged.findings) - missing)
            row["not judged"] += bool(judged.reason)
            begun = time.process_time()
            told = in_process(case)
            spent["ours in process"] += time.process_time() - begun
            row["traced"] += outcome_of(told) == plain.outcome
            outcomes.append(plain.outcome)
    row = rows["ours in the sandbox"]
    row += Counter({k: v for k, v in rows["ours in process"].items() if k != "traced"})
    with Pool(1) as pool:
        list(pool.map([Task("def f(a):\n    return a\n", ("1",), steps=False)]))
        begun = cpu()
        tasks = [Task(c.source, (c.input,), function=c.function, steps=False) for c in used]
        records = list(pool.map(tasks))
        spent["ours in the sandbox"] = cpu() - begun
    for (record,), text, outcome in zip(records, texts, outcomes, strict=True):
        row["traced"] += outcome_of(record) == outcome
        row["false"] += bool(text) and record.get("response") != text  # a judged text is the same
    count = len(used) or 1
    return [
        {"tracer": name, "programs": len(used), "cpu_ms": spent[name] / count * 1000}
        | ({} if name == "plain Python" else
           {"traced": rows[name]["traced"] / count, "not_judged": rows[name]["not judged"],
            **{key: rows[name][key] for key in ("false", "missing", "cut")}})
        for name in names
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
