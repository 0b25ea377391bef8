"""A judge of traces that shares no code with the tracer: ``python -m tests.observer FILE.jsonl``.

It runs the plain rule under ``sys.settrace``, copies what every variable holds before and after
each statement, and holds a trace's text and JSON, in style `rfft`, against that. `describing` has
the texts of values; `program` and `compiling` the rule's statements; `watching` the run, which
`records`, `states` and `timeline` keep; `steps` judges the JSON, `reading` and `lines` the text,
with the arithmetic of `equations`. `rows` makes programs from the files of public sets, `drawn` at
random. Each program runs in a process of its own (`apart`).
"""

import argparse
import sys
from collections import Counter
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.progress import track

from .apart import Outcome, examine_apart
from .findings import KINDS
from .rows import cases, library


def main() -> int:
    """Judge, print what is false, and return 1 if anything is."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.observer", description="Judge the traces of many programs."
    )
    parser.add_argument("files", nargs="*", type=Path, help="JSONL files of programs")
    parser.add_argument("--library", action="store_true", help="the library's tasks, too")
    parser.add_argument("--fields", default="", help="OURS=THEIRS,... names of fields")
    parser.add_argument("--limit", type=int, help="cases of a file at most")
    parser.add_argument("--only", help="the cases whose name has this in it")
    parser.add_argument("--kind", action="append", choices=KINDS, help="only findings like this")
    parser.add_argument("--kinds", action="store_true", help="only the table")
    parser.add_argument("-v", "--verbose", action="store_true", help="print source and text, too")
    told = parser.parse_args()
    fields = dict(pair.split("=", 1) for pair in told.fields.split(",") if pair)
    outcomes: list[Outcome] = []
    sources = [cases(path, fields) for path in told.files]
    sources += [library()] if told.library else []
    console = Console(stderr=True)
    bar = console.is_terminal and told.kinds
    for source in sources:
        wanted = (case for case in source if not told.only or told.only in case.name)
        for case in track(
            list(islice(wanted, told.limit)), console=console, transient=True, disable=not bar
        ):
            outcome = examine_apart(case)
            if told.kind:
                outcome.findings = [f for f in outcome.findings if f.kind in told.kind]
            outcomes.append(outcome)
            if not told.kinds:
                show(outcome, told.verbose)
    return summary(outcomes)


def show(outcome: Outcome, verbose: bool) -> None:
    """Print what is false in one trace."""
    case = outcome.case
    if verbose:
        print(f"=== {case.name} ({case.input})\n{case.source.rstrip()}\n---")
        for number, line in enumerate(outcome.text.splitlines(), 1):
            print(f"{number:4} {line}")
    if outcome.reason:
        print(f"{case.name}: not followed: {outcome.reason}", flush=True)
    for finding in outcome.findings:
        print(f"{case.name}: {finding}", flush=True)


def summary(outcomes: list[Outcome]) -> int:
    """Print how many traces were judged and how many alarms of each kind there are."""
    reasons = Counter(o.reason.split(":")[0] for o in outcomes if o.reason)
    alarms = Counter(f.kind for o in outcomes for f in o.findings)
    print(f"\n{len(outcomes)} traces, {sum(reasons.values())} not followed, "
          f"{sum(bool(o.findings) for o in outcomes)} with findings")  # fmt: skip
    for reason, count in reasons.most_common():
        names = [o.case.name for o in outcomes if o.reason.split(":")[0] == reason]
        print(f"  not followed  {count:6}  {reason}  ({', '.join(names[:4])})")
    for kind, count in alarms.most_common():
        names = [o.case.name for o in outcomes if any(f.kind == kind for f in o.findings)]
        print(f"  {kind:20} {count:6} in {len(names)} traces  ({', '.join(names[:6])})")
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main())
