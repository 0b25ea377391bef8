"""The numbers of runs for a terminal or a pipe."""

import statistics
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rfft.rules.tables import print_table

from .forced import Share
from .intervals import Estimate
from .lines import Asked
from .results import Results, Scored, against_first, headline
from .scoring import Problem

_SMALLEST = 1e-12  # p below which no number is said
COLUMNS = {
    "accuracy_at_30": "accuracy@30",
    "longest_90": ">=90% up to",
    "in_distribution": "trained",
    "out_of_distribution": "longer",
}


def print_summary(runs: Sequence[Results]) -> None:
    """Print a line for each run."""
    rows = []
    for one in runs:
        numbers = headline(one)
        right = sum(score.right for score in one.scores)
        rows.append([
            one.name, f"{right:,} of {len(one.scores):,}",
            *(shown(numbers[name]) for name in COLUMNS),
        ])  # fmt: skip
    heads = ["run", "right", *COLUMNS.values()]
    print_table(heads, rows, right=" ".join(heads[1:]))


def print_comparison(runs: Sequence[Results]) -> None:
    """Print a line for each run, and one for each that is compared with the first."""
    print_summary(runs)
    lines = pair_lines(runs)
    if lines:
        print()
        heads = [f"against {runs[0].name}", "rows", "only-first", "only-this", "difference", "p"]
        print_table(heads, lines, right=" ".join(heads[1:]))


def pair_lines(runs: Sequence[Results]) -> list[list[str]]:
    """Return the cells of a table with the runs after the first, each against that."""
    lines = []
    for one, found in zip(runs[1:], against_first(runs), strict=True):
        d = found.difference
        low, high = d.ends
        lines.append([
            one.name, f"{found.rows:,}", f"{found.first:,}", f"{found.second:,}",
            f"{d.value:+.3f} ({low:+.3f} to {high:+.3f})",
            f"{found.p:.2g}" if found.p >= _SMALLEST else f"< {_SMALLEST:g}",
        ])  # fmt: skip
    return lines


def wrong_lines(runs: Sequence[Results]) -> list[dict[str, Any]]:
    """Return, as JSON data, what the first wrong lines of each run and task asked for.

    `iteration` is the median of how often loops had been entered before; there is an example of
    what stood there and what belonged there. Answers of which nothing was found out are left out.
    """
    found: dict[tuple[str, str, str], list[Scored]] = {}
    for one in runs:
        for score in one.wrong:
            if score.verdict is not None and "asked" in score.verdict:
                key = (one.name, score.task, score.verdict["asked"])
                found.setdefault(key, []).append(score)
    made = []
    for (run, task, asked), scores in found.items():
        verdicts = [score.verdict or {} for score in scores]
        first = min(scores, key=lambda score: score.length).verdict or {}
        made.append({
            "run": run, "task": task, "asked": asked, "count": len(scores),
            "iteration": statistics.median(verdict["iteration"] for verdict in verdicts),
            "reasons": dict(Counter(str(v["kind"]) for v in verdicts).most_common()),
            "expected": first["expected"], "given": first["given"],
        })  # fmt: skip
    return sorted(made, key=lambda row: (row["run"], row["task"], -row["count"]))


def print_wrong(runs: Sequence[Results]) -> None:
    """Print `wrong_lines` as a table."""
    rows = [
        [row["run"], row["task"], Asked[row["asked"]].value, f"{row['count']:,}",
         f"{row['iteration']:g}", row["expected"], row["given"]]
        for row in wrong_lines(runs)
    ]  # fmt: skip
    heads = ["run", "task", "the first wrong line asked for", "wrong", "iteration"]
    print_table([*heads, "such as", "given"], rows, right="wrong iteration")


def print_shares(shares: Sequence[Share]) -> None:
    """Print shares of right tokens and lines as a table."""
    rows = [
        [s.task, str(s.length), s.asked, f"{s.right_tokens / s.tokens:.4f}", f"{s.tokens:,}",
         f"{s.right_lines / s.lines:.3f}", f"{s.lines:,}"]
        for s in shares
    ]  # fmt: skip
    heads = ["task", "length", "asked", "right", "tokens", "right-lines", "lines"]
    print_table(heads, rows, right="length right tokens right-lines lines")


def to_json(runs: Sequence[Results]) -> list[dict[str, Any]]:
    """Return the numbers of runs as JSON data."""
    made: list[dict[str, Any]] = []
    for one in runs:
        numbers = {name: found and found.to_json() for name, found in headline(one).items()}
        right = sum(score.right for score in one.scores)
        made.append({"run": one.name, "questions": len(one.scores), "right": right, **numbers})
    for said, found in zip(made[1:], against_first(runs), strict=True):
        said["versus_first"] = found.to_json()
    return made


def shown(estimate: Estimate | None) -> str:
    """Return a number with its interval."""
    if estimate is None:
        return "-"
    if estimate.low is None:
        return f"{estimate.value:.2f}"
    return f"{estimate.value:.2f} ({estimate.low:.2f} to {estimate.high:.2f})"


def reason(problem: str) -> str:
    """Return why an answer is wrong, in words."""
    return Problem[problem].value
