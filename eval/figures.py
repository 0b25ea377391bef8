"""Pictures of runs, laid out like those of the paper, each as PNG and SVG.

==============  ==================================================================================
``curves``      figure 2: accuracy over length, a panel for each task and one for the mean
``errors``      figure 3: (a) loop and non-loop errors, (b) relative error of the loop count
``one-shot``    figure 4: runs with a worked example in each prompt
==============  ==================================================================================

Bands and bars are intervals of 95 %; the trained lengths are shaded.
"""

import io
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from . import diagnosis
from . import intervals as statistics
from .intervals import Estimate
from .results import Cell, Results, by_length

# Okabe and Ito's colours, which also those tell apart who see few.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_MARKS = "osD^vPX"
_SHADE = "#E8E8E8"
_SETTINGS: Any = {
    "font.size": 8,
    "axes.titlesize": 8,
    "figure.labelsize": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "lines.linewidth": 1.2,
    "lines.markersize": 3,
    "legend.frameon": False,
    "svg.fonttype": "none",  # words stay words
    "svg.hashsalt": "rfft",  # the same picture has the same bytes
    "figure.constrained_layout.use": True,
}


def draw(runs: Sequence[Results]) -> dict[str, bytes]:
    """Return all pictures of some runs, by the names of their files."""
    import matplotlib as mpl

    pictures: dict[str, Callable[[Sequence[Results]], Any]] = {"curves": curves}
    if any(score.verdict for run in runs for score in run.scores):
        pictures["errors"] = errors
    if any(run.about["shots"] for run in runs):
        pictures["one-shot"] = shots
    made = {}
    with mpl.rc_context(_SETTINGS):
        for name, picture in pictures.items():
            made.update(_files(name, picture(runs)))
    return made


def _files(name: str, figure: Any) -> dict[str, bytes]:
    found = {}
    for form, settings in (("png", {"dpi": 300}), ("svg", {"metadata": {"Date": None}})):
        target = io.BytesIO()
        figure.savefig(target, format=form, **settings)
        found[f"{name}.{form}"] = target.getvalue()
    return found


def _figure(width: float, height: float, rows: int, columns: int, **settings: Any) -> Any:
    """Return a figure that belongs to no window, and its axes in a flat list."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure, list(figure.subplots(rows, columns, squeeze=False, **settings).flat)


def curves(runs: Sequence[Results]) -> Any:
    """Return figure 2."""
    tasks = sorted({task for run in runs for task in run.tasks})
    panels = [*tasks, "mean of all tasks"] if len(tasks) > 1 else tasks
    columns = min(5, len(panels))
    rows = math.ceil(len(panels) / columns)
    figure, axes = _figure(max(3.4, 1.5 * columns), 1.35 * rows + 0.6, rows, columns, sharey=True)
    for panel, ax in zip(panels, axes, strict=False):
        for number, run in enumerate(runs):
            cells = [cell for cell in run.cells if cell.task == panel]
            found = by_length(run.cells) if panel not in tasks else _shares(cells)
            _line(ax, number, run.name, found)
        ax.set_title(panel, fontweight="bold" if panel not in tasks else "normal")
        _shaded(ax, runs)
    for ax in axes[len(panels) :]:
        ax.set_visible(False)
    figure.supxlabel("length")
    figure.supylabel("accuracy")
    _legend(figure, axes[0])
    return figure


def errors(runs: Sequence[Results]) -> Any:
    """Return figure 3."""
    tasks = sorted({task for run in runs for task in run.tasks})
    figure, (left, right) = _figure(
        max(5.5, 3.2 + 0.32 * len(tasks)), 2.5, 1, 2, width_ratios=[1, max(1.2, 0.22 * len(tasks))]
    )
    sums = [diagnosis.summary(run.scores) for run in runs]
    kinds = {"loop": "loop error", "non_loop": "non-loop error"}
    for number, (run, found) in enumerate(zip(runs, sums, strict=True)):
        shares = [_estimate(found["errors"][kind]) for kind in kinds]
        _bars(left, number, number, len(runs), run.name, shares)
        counts = [_estimate(found["loop_count_error"].get(task)) for task in tasks]
        _bars(right, number, number, len(runs), run.name, counts)
    left.set_xticks(range(len(kinds)), list(kinds.values()))
    left.set_ylabel("share of answers")
    left.set_ylim(0)
    left.set_title("(a)", loc="left", fontweight="bold")
    _name_tasks(right, tasks)
    right.set_ylabel("relative error\nof loop count")
    right.set_ylim(0)
    right.set_title("(b)", loc="left", fontweight="bold")
    _legend(figure, left)
    return figure


def shots(runs: Sequence[Results]) -> Any:
    """Return figure 4: of the one-shot runs, the mean over length, and each task's mean."""
    one_shot = [(number, run) for number, run in enumerate(runs) if run.about["shots"]]
    tasks = sorted({task for _, run in one_shot for task in run.tasks})
    figure, (left, right) = _figure(
        max(5.5, 3.2 + 0.32 * len(tasks)), 2.5, 1, 2, width_ratios=[1, max(1.2, 0.22 * len(tasks))]
    )
    for place, (number, run) in enumerate(one_shot):  # each has its colour of the other pictures
        cells = run.cells
        _line(left, number, run.name, by_length(cells))
        of_task = [
            statistics.mean_of_means([[(c.length, c.right, c.total) for c in cells if c.task == t]])
            if t in run.tasks
            else None
            for t in tasks
        ]
        _bars(right, number, place, len(one_shot), run.name, of_task)
    left.set_xlabel("length")
    left.set_ylabel("accuracy\n(mean of tasks)")
    left.set_ylim(-0.03, 1.03)
    _name_tasks(right, tasks)
    right.set_ylabel("accuracy\n(mean of lengths)")
    right.set_ylim(0, 1.03)
    _legend(figure, left)
    return figure


# Parts


def _shares(cells: Sequence[Cell]) -> dict[int, Estimate]:
    return {cell.length: statistics.wilson(cell.right, cell.total) for cell in cells}


def _estimate(found: Mapping[str, Any] | None) -> Estimate | None:
    return Estimate(found["value"], found["low"], found["high"]) if found else None


def _line(ax: Any, number: int, name: str, found: dict[int, Estimate]) -> None:
    colour = _COLOURS[number % len(_COLOURS)]
    lengths = list(found)
    ax.plot(
        lengths, [e.value for e in found.values()], color=colour, label=name,
        marker=_MARKS[number % len(_MARKS)], markevery=max(1, len(lengths) // 6), clip_on=False,
        zorder=3,
    )  # fmt: skip
    ax.fill_between(
        lengths, *zip(*(e.ends for e in found.values()), strict=True),
        color=colour, alpha=0.15, linewidth=0,
    )  # fmt: skip


def _bars(
    ax: Any, number: int, place: int, of: int, name: str, found: Sequence[Estimate | None]
) -> None:
    """Draw the bars of a run, the `place`-th of so many."""
    width = 0.8 / of
    known = [(x, e) for x, e in enumerate(found) if e is not None]
    ax.bar(
        [x + (place - (of - 1) / 2) * width for x, _ in known],
        [e.value for _, e in known],
        width * 0.92,
        yerr=[[abs(e.ends[n] - e.value) for _, e in known] for n in (0, 1)],
        color=_COLOURS[number % len(_COLOURS)],
        error_kw={"elinewidth": 0.7, "capsize": 1.5},
        label=name,
    )


def _name_tasks(ax: Any, tasks: Sequence[str]) -> None:
    ax.set_xticks(range(len(tasks)), tasks, rotation=45, ha="right", rotation_mode="anchor")
    ax.set_xlim(-0.6, len(tasks) - 0.4)


def _shaded(ax: Any, runs: Sequence[Results]) -> None:
    """Shade the trained lengths, those of the first run where they differ."""
    first, last = runs[0].trained
    ax.axvspan(first - 0.5, last + 0.5, color=_SHADE, linewidth=0, zorder=0)
    lengths = [score.length for run in runs for score in run.scores]
    ax.set_xlim(min(lengths) - 0.5, max(lengths) + 0.5)
    ax.set_ylim(-0.03, 1.03)


def _legend(figure: Any, ax: Any) -> None:
    handles, names = ax.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=min(4, len(names)))
