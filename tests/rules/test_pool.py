"""Tasks that are checked in processes of their own, whatever they do there."""

import re
from pathlib import Path

import pytest

from rfft.rules.checks.pool import check
from rfft.rules.checks.report import Report

from .files import COUNT, write


def test_many_tasks_are_checked_in_their_order(tmp_path: Path) -> None:
    paths = [write(tmp_path / f"t{n}.py") for n in range(4)]
    done: list[Report] = []
    reports = check(paths, workers=2, done=done.append)
    assert [r.id for r in reports] == ["t0", "t1", "t2", "t3"]
    assert sorted(r.id for r in done) == ["t0", "t1", "t2", "t3"]
    assert all(r.passed for r in reports)


HARMFUL = {
    "ends the interpreter": ("import os\nos._exit(3)\n", "it has ended the interpreter, at length"),
    "exits": ("raise SystemExit\n", "the file raised SystemExit"),
    "is broken": ("def (\n", r"syntax error in line \d+"),
    "prints and reads": ("print('x')\nassert input == 3\n", "the file raised AssertionError"),
    "hash seed": (
        "def inputs(length, rng):\n    return [len(w) for w in {'a', 'bb', 'ccc'}] * length\n",
        "not deterministic: another hash seed .*: other instances or questions",
    ),
}


def test_harmful_tasks_are_findings(tmp_path: Path) -> None:
    paths = []
    for name, (source, _) in HARMFUL.items():
        paths.append(write(tmp_path / f"{name}.py", f"{COUNT}\n{source}"))
    paths.append(write(tmp_path / "fine.py"))
    *reports, fine = check(paths, workers=1)
    assert fine.failures == []
    for report, (_, line) in zip(reports, HARMFUL.values(), strict=True):
        assert any(re.search(line, failure) for failure in report.failures), report


def test_another_interpreter_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        check([write(tmp_path / "a.py")], pythons=["/nowhere/python"])


def test_a_task_that_never_ends(tmp_path: Path) -> None:
    path = write(tmp_path / "a.py", f"{COUNT}\nimport time\ntime.sleep(600)\n")
    (report,) = check([path], seconds=2)
    assert report.failures == ["not done after 2 s, at length 1"] or "the start" in str(report)
