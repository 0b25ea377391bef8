"""What a study has found, as a page of Markdown: a table of methods beside the paper's."""

import json
import platform
import statistics
from datetime import date
from pathlib import Path
from typing import Any

from rfft.eval import paper, results
from rfft.eval.summary import shown

PAPER = {
    "meta": "Meta-RFFT",
    "vanilla": "vanilla RFFT",
    "scratchpad": "scratchpad",
    "direct": "direct answer",
    "one-shot": "Meta-RFFT, one-shot, no adaptation",
}
"""Our methods, and what the paper calls them."""


def page(plan: dict[str, Any], out: Path, seconds: dict[str, float]) -> str:
    """Return the page for a study that is complete. `seconds` are those of its stages."""
    names = {method.name: method for method in paper.HEADLINE}
    rows, papers, by_seed = [], [], []
    for name, called in PAPER.items():
        found = results.read(out / "results" / name)
        numbers = results.headline(found)
        theirs = names[called]
        rows.append([
            called,
            *(shown(numbers[n]) for n in
              ("in_distribution", "out_of_distribution", "accuracy_at_30", "longest_90")),
        ])  # fmt: skip
        papers.append([
            called,
            "/".join(filter(None, theirs.accuracy_at_30)) or "-",
            "/".join(filter(None, theirs.longest_90)) or "-",
        ])  # fmt: skip
        of_seeds = _of_seeds(plan, out / "results" / name)
        if of_seeds:
            spread = statistics.stdev(of_seeds) if len(of_seeds) > 1 else 0.0
            by_seed.append([called, *(f"{value:.3f}" for value in of_seeds), f"{spread:.3f}"])
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
                "longer",
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
        _table(["method", *(f"seed {seed}" for seed in plan["seeds"]), "deviation"], by_seed),
        "## What each method was trained with",
        _table(["stage", "steps", "tokens", "seconds"], _compute(out, seconds)),
        "Adapted methods have the same number of steps, of the same samples in their own style.",
    ]
    return "\n\n".join(parts) + "\n"


def _of_seeds(plan: dict[str, Any], folder: Path) -> list[float]:
    """Return the mean accuracy beyond the lengths of training, of each seed."""
    found = []
    for seed in plan["seeds"]:
        runs = [folder / f"{task}-{seed}" for task in plan["targets"]]
        if not all(run.is_dir() for run in runs):
            return []
        numbers = [results.headline(results.read(run))["out_of_distribution"] for run in runs]
        found.append(statistics.mean(number.value for number in numbers if number))
    return found


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
