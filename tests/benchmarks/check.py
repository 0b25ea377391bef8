"""Measures how fast texts are checked: `python tests/benchmarks/check.py [--quick] [--json]`.

Each figure is lines of the text a second of CPU time, tracing the rule included. The texts:

right    the true trace
digit    one digit is another one, near the start
short    one line is missing, near the start
extra    one line that is no line of any trace, near the start
other    the true trace of another input of the rule
rule     a trace of another rule
endless  near the start, the text begins to repeat the same twenty lines
"""

import argparse
import copy
import functools
import json
from collections.abc import Iterator
from typing import Any

from measure import Effort, cpu_times, geometric_mean, settle
from rich.console import Console
from tables import Column, Row, Table

from rfft.rules import Task, catalog
from rfft.tracer import check, trace
from rfft.tracer.styles import built_in, load

STYLES = [name for name in built_in() if load(name).has_trace]
TEXTS = ("right", "digit", "short", "extra", "other", "rule", "endless")
TASKS = (
    "nupa_add", "leetcode_258", "leetcode_283", "leetcode_1041", "leetcode_1694",
    "symbolic_coin_flip", "bbh_multistep_arithmetic", "leetcode_388",
)  # fmt: skip
OTHER = "leetcode_344"  # the rule of the texts `rule`
TARGET = 20_000
FULL = Effort(batch=0.02, rounds=3, most=1.0)
QUICK = Effort(batch=0.001, rounds=1, most=0.05)


def texts_of(task: Task, length: int, style: str, other: Task) -> Iterator[tuple[str, str]]:
    """Yield the texts that are checked, by name."""
    arguments = task.arguments(length, 0, 0)
    text = trace(task.rule, *copy.deepcopy(arguments)).response(style)
    lines = text.splitlines(keepends=True)
    start = len(lines) // 20
    yield "right", text
    slips = [i for i in range(start, len(lines)) if any(map(str.isdigit, lines[i]))]
    if slips:
        at = slips[0]
        place = next(i for i in reversed(range(len(lines[at]))) if lines[at][i].isdigit())
        digit = (int(lines[at][place]) + 1) % 10
        changed = f"{lines[at][:place]}{digit}{lines[at][place + 1 :]}"
        yield "digit", "".join([*lines[:at], changed, *lines[at + 1 :]])
    yield "short", "".join(lines[:start] + lines[start + 1 :])
    yield "extra", "".join([*lines[:start], "Let me think about it.\n", *lines[start:]])
    yield "other", trace(task.rule, *task.arguments(length, 0, 1)).response(style)
    yield "rule", trace(other.rule, *other.arguments(length, 0, 0)).response(style)
    piece = lines[start : start + 20]
    yield "endless", "".join([*lines[:start], *(piece * (1 + len(lines) // len(piece)))])


def row_of(task: Task, length: int, style: str, other: Task, effort: Effort) -> Row:
    """Measure one task in one style."""
    row: Row = {"task": task.id, "length": length, "style": style, "group": style}
    for name, text in texts_of(task, length, style, other):
        verdict = check(task.rule, task.arguments(length, 0, 0), text, style)
        if name == "right":
            row["lines"] = verdict.lines
            if not verdict.right:
                raise SystemExit(f"{task.id}, {style}: the true text is not judged right")
        arguments = functools.partial(task.arguments, length, 0, 0)
        function = functools.partial(_check, task, text, style)
        seconds = cpu_times({name: function}, arguments, effort)[name]
        row[name] = verdict.lines / seconds
    return row


def _check(task: Task, text: str, style: str, *arguments: Any) -> None:
    check(task.rule, arguments, text, style)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_AsItIs)
    parser.add_argument("--quick", action="store_true", help="rough")
    parser.add_argument("--json", action="store_true", help="one object in place of the table")
    parser.add_argument("--lengths", type=int, nargs="+", default=[10, 30], help="of the inputs")
    parser.add_argument("--tasks", nargs="+", default=[*TASKS], help="of the library")
    parser.add_argument("--styles", nargs="+", default=STYLES)
    options = parser.parse_args()
    tasks = catalog()
    columns = [
        Column("task", "task"), Column("length", "length", "d"), Column("style", "style"),
        Column("lines", "lines", ",d"), *(Column(name, name, ",.0f") for name in TEXTS),
    ]  # fmt: skip
    table = Table("check", f"Lines checked a second (target {TARGET:,})", columns)
    settle()
    effort = QUICK if options.quick else FULL
    for style in options.styles:
        for length in options.lengths:
            rows = [
                row_of(tasks[name], length, style, tasks[OTHER], effort) for name in options.tasks
            ]
            mean: Row = {"task": "geometric mean", "length": length, "style": style, "group": style}
            mean |= {t: geometric_mean([r[t] for r in rows if t in r]) for t in TEXTS}
            table.rows += [*rows, mean]
    if options.json:
        print(json.dumps(table.as_data(), indent=2))
    else:
        table.print(Console(width=None if Console().is_terminal else 160))


_AsItIs = argparse.RawDescriptionHelpFormatter

if __name__ == "__main__":
    main()
