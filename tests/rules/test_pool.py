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


UNSTEADY = {
    "words": (
        (
            "    words = [str(num % 7) for num in nums]\n    first = ''.join(set('abcdefgh'))\n"
            "    return first[:len(words)]\n"
        ),
        r"the rule does not do the same again: line \d+ of its trace is .* or ",
    ),
    "objects": (
        "    class Thing:\n        pass\n    return hash(Thing()) % 1000 + len(nums)\n",
        "the rule does not do the same again: line ",
    ),
    "clock": (
        "    import datetime as d\n    kind = d.datetime\n    return kind.now().year + len(nums)\n",
        "the rule does not do the same again: line ",
    ),
    "address": ("    return id(nums)\n", "the rule asks for an address: id"),
}


def test_rules_that_do_not_do_the_same_again_are_found(tmp_path: Path) -> None:
    head = "def f(nums: list[int]) -> int:\n"
    paths = [write(tmp_path / f"{n}.py", head + body) for n, (body, _) in UNSTEADY.items()]
    same = head + "    words = set(map(str, nums))\n    return len(words) * len(nums)\n"
    *reports, fine = check([*paths, write(tmp_path / "same.py", same)], workers=1)
    for report, (_, line) in zip(reports, UNSTEADY.values(), strict=True):
        found = [re.search(f"no corpus takes its traces: {line}", f) for f in report.failures]
        assert any(found), report.failures
    assert not any("no corpus" in failure for failure in fine.failures)
