"""A picture of a run: the losses by step."""

import io
import json
from typing import Any

from .run import Run

FILE = "curve.png"


def draw(run: Run) -> None:
    """Draw `metrics.jsonl` into the folder of the run. Raises TrainingFailed."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    lines = [json.loads(line) for line in run.metrics.read_text(encoding="utf-8").splitlines()]
    figure = Figure(figsize=(7, 4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for name, label, mark in (("loss", "training", ""), ("eval_loss", "validation", "o")):
        points: list[dict[str, Any]] = [line for line in lines if name in line]
        if points:
            axes.plot(
                [p["step"] for p in points], [p[name] for p in points], label=label, marker=mark
            )
    axes.set(xlabel="step", ylabel="loss per response token (nats)", yscale="log")
    axes.grid(alpha=0.3, which="both")
    axes.legend()
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=120)
    run.write(FILE, picture.getvalue())
