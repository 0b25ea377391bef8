"""Shows what a check has found to people."""

from collections.abc import Iterator, Sequence

from ..tables import print_table
from .report import NOT_COMPILED, SHOWN_LENGTHS, BranchReport, Report


def show_reports(reports: Sequence[Report], *, coverage: bool) -> None:
    """Print a table with a row for each task, then all failures; and with `coverage`, the rest."""
    sizes = [str(length) for length in SHOWN_LENGTHS]
    columns = ["task", "result", "inputs", "oracle", "branches", *(f"@{n}" for n in sizes)]
    rows = []
    for report in reports:
        possible = [b for b in report.branches if b.state != "unreachable"]
        reached = sum(b.state == "reached" for b in possible)
        cells = [f"{report.characters[n]:,}" if n in report.characters else "" for n in sizes]
        result = "ok" if report.passed else "FAILED"
        counts = [str(report.inputs), str(report.compared), f"{reached}/{len(possible)}"]
        rows.append([report.id, result, *counts, *cells])
    print_table(columns, rows, right=" ".join(columns[2:]))
    for report in reports:
        if coverage and report.branches:
            print(f"\n{report.id}: branches by length (# reached, . not)")
            print("\n".join(_matrix(report)))
        for failure in report.failures:
            print(f"{report.id}: FAILED: {failure}")
        for note in report.notes:
            if coverage or not report.passed or note.startswith(NOT_COMPILED):
                print(f"{report.id}: note: {note}")
    if any(report.characters for report in reports):
        print(f"\n@{', @'.join(sizes)}: mean characters of a response at that length")


def _matrix(report: Report) -> Iterator[str]:
    """Yield the lines of a matrix: a branch a row, a length a column."""
    names = [f"{b.line:>4}  {_short(b.source)}: {b.outcome}" for b in report.branches]
    width = max(map(len, names))
    marks = (f"{n:<5}" for n in report.lengths[::5])
    yield f"{'line'.rjust(4)}{'':{width - 4}}  {''.join(marks)}".rstrip()
    for name, branch in zip(names, report.branches, strict=True):
        reached = set(branch.lengths)
        cells = "".join("#" if n in reached else "." for n in report.lengths)
        yield f"{name:{width}}  {cells}{_remark(branch)}"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."


def _remark(branch: BranchReport) -> str:
    return "" if branch.state == "reached" else f"  {branch.state}"
