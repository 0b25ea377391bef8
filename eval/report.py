"""The report: pictures, and one HTML page that holds all of it and needs nothing else."""

import base64
import gzip
import hashlib
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from rfft.tracer.checking import Kind

from . import diagnosis, figures, paper, run, traces
from .results import Results, Scored, common, headline
from .summary import COLUMNS, pair_lines, reason, shown

FILE = "report.html"
FIGURES = "figures"
_LONGEST = 80  # characters of an answer that the table shows

_CAPTIONS = {
    "curves": (
        "Accuracy over length",
        "Shaded: the lengths of training. Bands: 95\xa0%, Wilson for tasks, bootstrap for means.",
    ),
    "errors": (
        "Errors",
        (
            "(a) Answers whose trace has another number of iterations than the rule, and other "
            "wrong ones. (b) How far the stated number of iterations is off in wrong answers, "
            "relative to the true one. Bars: 95\xa0%."
        ),
    ),
    "one-shot": (
        "One worked example",
        "Runs with one worked example in each prompt. Bands and bars: 95\xa0%, bootstrap.",
    ),
}


def write(folder: Path, runs: Sequence[Results], views: Mapping[str, str] | None = None) -> None:
    """Write pictures and page of some runs. `views` are those of wrong answers of a single run.

    Raises EvalRejected if the runs cannot be compared, and RunFailed.
    """
    if len(runs) > 1:
        common(runs)
    drawn = figures.draw(runs)
    for name, data in drawn.items():
        run.write(folder, f"{FIGURES}/{name}", data)
    run.write(folder, FILE, page(runs, drawn, views or {}).encode())


def page(runs: Sequence[Results], drawn: Mapping[str, bytes], views: Mapping[str, str]) -> str:
    """Return the HTML page."""
    import jinja2

    style, script = _part("report.css"), _part("report.js")
    frame = traces.template()
    policy = {
        kind: re.search(rf"{kind}-src ('sha256-[^']+')", frame) for kind in ("script", "style")
    }
    hashes = {kind: found[1] if found else "" for kind, found in policy.items()}
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    wrong = [_wrong(score, views.get(score.id)) for score in runs[0].wrong if score.id in views]
    all_wrong = len(runs[0].wrong)
    return environment.from_string(_part("report.html")).render(
        title=runs[0].name if len(runs) == 1 else "Comparison",
        style=style,
        script=script,
        style_hashes=f"{_hash(style)} {hashes['style']}",
        script_hashes=f"{_hash(script)} {hashes['script']}",
        runs=[{"name": one.name, "about": _about(one)} for one in runs],
        headline=[[one.name, *(shown(headline(one)[name]) for name in COLUMNS)] for one in runs],
        paper=paper.HEADLINE,
        tasks=f"Tasks here: {', '.join(runs[0].tasks)}.",
        figures=[
            {"title": title, "note": note, "data": base64.b64encode(drawn[f"{name}.svg"]).decode()}
            for name, (title, note) in _CAPTIONS.items()
            if f"{name}.svg" in drawn
        ],
        pairs=pair_lines(runs),
        kinds=_kinds(runs),
        remarks=_remarks(runs),
        wrong=wrong,
        shown=f"{len(wrong):,} of {all_wrong:,} wrong answers, each with its trace to step through"
        " from the first wrong step. All are in scores.jsonl.",
        template=base64.b64encode(gzip.compress(frame.encode(), mtime=0)).decode(),
    )


def _about(one: Results) -> str:
    """Return what a run is of, in a line."""
    about = one.about
    first, last = one.trained
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    shots = "a worked example in each prompt" if about["shots"] else "no worked example"
    return (
        f"{about['model']['name']} ({about['model']['backend']}); corpus {about['corpus']['name']} "
        f"({about['corpus']['hash'][:12]}), {len(one.scores):,} rows, style {about['style']}, "
        f"{shots}; trained on lengths {first} to {last}; greedy, at most "
        f"{about['decoding']['max_factor']:g} times the true response; {versions}"
    )


def _wrong(score: Scored, view: str | None) -> dict[str, Any]:
    verdict = score.verdict
    kind = f"line {verdict['line']}: {verdict['reason']}" if verdict and verdict["kind"] else ""
    if verdict and verdict["right"]:
        kind = "none: the trace is right"
    return {
        "id": score.id,
        "length": score.length,
        "answer": score.answer[:_LONGEST],
        "given": score.given[:_LONGEST],
        "why": reason(score.problem or ""),
        "kind": kind,
        "share": f"{verdict['share']:.0%}" if verdict else "",
        "trace": view,
    }


def _kinds(runs: Sequence[Results]) -> list[dict[str, Any]]:
    """Return the lines of the table of what goes wrong; none if nothing does."""
    totals = [len(one.scores) for one in runs]
    sums = [diagnosis.summary(one.scores) for one in runs]

    def line(name: str, counts: Sequence[int], part: bool = True) -> dict[str, Any]:
        cells = [f"{n:,} ({n / total:.1%})" for n, total in zip(counts, totals, strict=True)]
        return {"name": name, "cells": cells, "part": part}

    lines = [line("all", [found["wrong"] for found in sums], part=False)]
    problems = sorted({str(score.problem) for one in runs for score in one.wrong})
    for problem in problems:
        counts = [sum(score.problem == problem for score in one.wrong) for one in runs]
        lines.append(line(reason(problem), counts))
    if any(found["first_wrong_step"] for found in sums):
        for name, words in (("loop", "loop error"), ("non_loop", "non-loop error")):
            lines.append(
                line(words, [found["errors"][name]["count"] for found in sums], part=False)
            )
        kinds = {kind for found in sums for kind in found["first_wrong_step"]}
        by_kind = {k: [int(f["first_wrong_step"].get(k, 0)) for f in sums] for k in kinds}
        for kind in sorted(kinds, key=lambda kind: (-sum(by_kind[kind]), kind)):
            words = Kind[kind].value if kind in Kind.__members__ else "none: the trace is right"
            lines.append(line(f"first wrong step: {words}", by_kind[kind]))
    return lines if any(found["wrong"] for found in sums) else []


def _remarks(runs: Sequence[Results]) -> list[str]:
    """Return what there is to know of the diagnosis."""
    lines = []
    for one in runs:
        if not diagnosis.can_be_diagnosed(one.about["style"]):
            lines.append(f"{one.name}: style {one.about['style']} has no trace, so that wrong "
                         "answers have no first wrong step.")  # fmt: skip
            continue
        found = diagnosis.summary(one.scores)
        if found["right_steps"]:
            share = f"{found['right_steps']['value']:.0%}"
            lines.append(f"{one.name}: of the steps of wrong answers, {share} are right given the "
                         "state that the text itself has stated.")  # fmt: skip
        unknown = found["errors"]["unknown"]["count"]
        if unknown:
            lines.append(f"{one.name}: {unknown:,} wrong answers could not be looked at.")
    return lines


def _part(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
