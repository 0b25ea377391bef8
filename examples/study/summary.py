"""What a study has found: a page of Markdown with the paper's numbers beside, and every answer."""

import csv
import json
import platform
import shutil
import statistics
from datetime import date
from pathlib import Path
from typing import Any

from rfft.eval import intervals, paper, results
from rfft.eval.lines import Asked
from rfft.eval.summary import shown, wrong_lines

PAPER = {
    "meta": "Meta-RFFT",
    "vanilla": "vanilla RFFT",
    "scratchpad": "scratchpad",
    "direct": "direct answer",
    "one-shot": "Meta-RFFT, one-shot, no adaptation",
}
"""Our methods, and what the paper calls them."""
NEAR = 15
"""Lengths up to this one have a column of their own."""


SO_FAR = "so-far"
"""The folder of a study with links to the runs that count, by method."""


def so_far(plan: dict[str, Any], out: Path) -> list[str]:
    """Link the runs that count, those of methods and seeds that have answered for all targets.

    Returns the methods that have any.
    """
    found = []
    for method in PAPER:
        folder = out / SO_FAR / method
        shutil.rmtree(folder, ignore_errors=True)
        for seed in [""] if method == "one-shot" else [f"-{seed}" for seed in plan["seeds"]]:
            runs = [out / "results" / method / f"{task}{seed}" for task in plan["targets"]]
            if all((run / results.RESULTS).is_file() for run in runs):
                folder.mkdir(parents=True, exist_ok=True)
                for run in runs:
                    (folder / run.name).symlink_to(run.resolve())
        if folder.is_dir():
            found.append(method)
    return found


def answers(out: Path, file: Path) -> None:
    """Write a line of CSV for each answer that counts.

    Of a wrong one with a trace, `reason` is what is wrong with its first wrong line, `asked` what
    that line asked for, `iteration` how often loops had been entered before.
    """
    names = ["method", "task", "seed", "length", "right", "problem", "reason", "asked", "iteration"]
    with file.open("w", newline="", encoding="utf-8") as written:
        lines = csv.writer(written, lineterminator="\n")
        lines.writerow(names)
        for run in sorted((out / SO_FAR).glob("*/*")):
            for score in results.read(run).scores:
                seed = run.name.removeprefix(score.task).removeprefix("-")
                why = score.verdict or {}
                lines.writerow([
                    run.parent.name, score.task, seed, score.length, int(score.right),
                    score.problem or "",
                    *(why.get(name, "") for name in ("kind", "asked", "iteration")),
                ])  # fmt: skip


def page(plan: dict[str, Any], out: Path, seconds: dict[str, float]) -> str:
    """Return the page for the runs that count. `seconds` are those of the study's stages."""
    names = {method.name: method for method in paper.HEADLINE}
    rows, papers, by_seed, wrong = [], [], [], []
    for name in so_far(plan, out):
        called = PAPER[name]
        found = results.read(out / SO_FAR / name)
        numbers = results.headline(found) | {"near": _near(found)}
        theirs = names[called]
        rows.append([
            called,
            *(shown(numbers[n]) for n in
              ("in_distribution", "near", "out_of_distribution", "accuracy_at_30", "longest_90")),
        ])  # fmt: skip
        papers.append([
            called,
            "/".join(filter(None, theirs.accuracy_at_30)) or "-",
            "/".join(filter(None, theirs.longest_90)) or "-",
        ])  # fmt: skip
        of_seeds, all_runs = _of_seeds(plan, out / SO_FAR / name)
        if of_seeds:
            spread = statistics.stdev(of_seeds) if len(of_seeds) > 1 else 0.0
            none = ["-"] * (len(plan["seeds"]) - len(of_seeds))
            by_seed.append([
                called, *(f"{value:.3f}" for value in of_seeds), *none, f"{spread:.3f}",
                shown(intervals.mean(all_runs)),
            ])  # fmt: skip
        asked: dict[str, int] = {}
        for row in wrong_lines([found]):
            asked[row["asked"]] = asked.get(row["asked"], 0) + row["count"]
        if asked:
            counts = [str(asked.get(kind.name, 0)) for kind in Asked]
            wrong.append([called, str(len(found.wrong)), *counts])
    trained = plan["trained"]
    parts = [
        f"# Results of {date.today():%d %B %Y}",
        (
            f"Model `{plan['model']}`; seeds {', '.join(map(str, plan['seeds']))}; unseen tasks "
            f"{', '.join(plan['targets'])}; adapted on lengths {trained}. "
            f"{sum(seconds.values()) / 3600:.1f} hours of one core ({platform.machine()})."
        ),
        _table(
            [
                "method",
                f"lengths {trained}",
                f"to {NEAR}",
                "all longer",
                "length 30",
                "90 % up to length",
            ],
            rows,
        ),
        (
            "Means over tasks of means over lengths. In parentheses 95 % by bootstrap over the "
            "answers of all seeds; for the longest length, over tasks."
        ),
        "## What the paper has, of its 7B/32B models on its own tasks",
        _table(["method", "length 30", "longest with 90 %"], papers),
        "## Each seed: mean accuracy at lengths beyond those of training",
        _table(
            ["method", *(f"seed {seed}" for seed in plan["seeds"]), "deviation", "over all"],
            by_seed,
        ),
        "In the last column, 95 % by bootstrap over the runs, one for each target and seed.",
        "## What the first wrong lines asked for",
        _table(["method", "wrong", *(kind.value for kind in Asked)], wrong),
        (
            "Of wrong answers with a trace; a trace that is right may end in a wrong answer. "
            "`answers.csv` has every answer."
        ),
        "## What each method was trained with",
        _table(["stage", "steps", "tokens", "seconds"], _compute(out, seconds)),
        "Adapted methods have the same number of steps, of the same samples in their own style.",
    ]
    return "\n\n".join(parts) + "\n"


def _near(found: results.Results) -> intervals.Estimate | None:
    """Return the mean accuracy from the lengths of training up to `NEAR`."""
    cells = [c for c in found.cells if found.trained[1] < c.length <= NEAR]
    tasks = {task: [(c.length, c.right, c.total) for c in cells if c.task == task]
             for task in found.tasks}  # fmt: skip
    return intervals.mean_of_means(list(tasks.values())) if cells else None


def _of_seeds(plan: dict[str, Any], folder: Path) -> tuple[list[float], list[float]]:
    """Return the mean accuracy beyond the lengths of training: of each seed, and of each run."""
    seeds, every = [], []
    for seed in plan["seeds"]:
        runs = [folder / f"{task}-{seed}" for task in plan["targets"]]
        if all(run.is_dir() for run in runs):
            numbers = [results.headline(results.read(run))["out_of_distribution"] for run in runs]
            every += [number.value for number in numbers if number]
            seeds.append(statistics.mean(every[-len(runs) :]))
    return seeds, every


def _compute(out: Path, seconds: dict[str, float]) -> list[list[str]]:
    """Return the steps, tokens and seconds of training: of a method with adaptation, the means."""
    groups: dict[str, list[tuple[int, int, float]]] = {}
    for run in sorted((out / "models").glob("*/metrics.jsonl")):
        name = run.parent.name
        lines = [json.loads(line) for line in run.read_text().splitlines()]
        steps = [line for line in lines if "tokens" in line]
        tokens = sum(line["tokens"] for line in steps)
        groups.setdefault(name.partition("-")[0], []).append(
            (len(steps), tokens, seconds.get(f"train {name}", 0.0))
        )
    return [
        [name if len(some) == 1 else f"{name}, mean of {len(some)}",
         *(f"{statistics.mean(column):,.0f}" for column in zip(*some, strict=True))]
        for name, some in groups.items()
    ]  # fmt: skip


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
