"""The benchmarks run. What they measure is not judged here: a time depends on the machine."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from .cases import CASES

BENCH = Path(__file__).parent / "bench.py"
RULES = [case.name for case in CASES]


@pytest.fixture(scope="module")
def report():
    command = [sys.executable, BENCH, "--quick", "--json", "--lengths", "3", "12"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_all_tables_are_there(report):
    assert list(report["tables"]) == [
        "text",
        "events",
        "peers",
        "cold",
        "growth",
        "startup",
    ]
    assert report["python"].endswith(sys.version.split()[0])
    assert report["cpu"]


@pytest.mark.parametrize(("key", "target"), [("text", 0.5), ("events", 1.3)])
def test_ratios(report, key, target):
    rows = report["tables"][key]["rows"]
    expected = [(rule, n) for n in (3, 12) for rule in [*RULES, "geometric mean"]]
    assert [(row["rule"], row["length"]) for row in rows] == expected
    for n in (3, 12):
        *ratios, mean = [row["ratio"] for row in rows if row["length"] == n]
        assert math.prod(ratios) == pytest.approx(mean ** len(ratios))
    assert [row["target"] for row in rows if "target" in row] == [target, target]


def test_other_tracers(report):
    table = report["tables"]["peers"]
    text = json.dumps(table)
    assert all(name in text for name in ("PySnooper", "snoop", "hunter", "birdseye"))
    assert len(table["rows"]) in (0, 12)


def test_cold_cost(report):
    first, *others = report["tables"]["cold"]["rows"]
    assert first["lines"] == 12
    assert first["target"] == 2
    assert [row["rule"] for row in others] == RULES
    for row in (first, *others):
        parts = row["from_source"] + row["writer"] + row["first_call"]
        assert parts == pytest.approx(row["total"])


def test_growth(report):
    rows = report["tables"]["growth"]["rows"]
    assert [row["rule"] for row in rows] == [rule for rule in RULES for _ in range(3)]
    for row in rows:
        assert row["ns"] * row["characters"] / 1e6 == pytest.approx(row["ms"])
        assert row["peak"] > 1


def test_start_up(report):
    rows = report["tables"]["startup"]["rows"]
    assert rows[-1]["command"] == "rfft-trace --help"
    assert rows[-1]["target"] == 100


def test_checking():
    command = [sys.executable, BENCH.with_name("check.py"), "--quick", "--json", "--lengths", "3"]
    command += ["--tasks", "leetcode_258", "--styles", "rfft", "natural"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    rows = json.loads(result.stdout)["rows"]
    assert [(row["task"], row["style"]) for row in rows] == [
        (task, style)
        for style in ("rfft", "natural")
        for task in ("leetcode_258", "geometric mean")
    ]
    for row in rows:
        assert all(row[text] > 0 for text in ("right", "digit", "short", "extra", "other", "rule"))


def test_every_figure_is_a_positive_number(report):
    for table in report["tables"].values():
        for row in table["rows"]:
            figures = [value for value in row.values() if not isinstance(value, str)]
            assert all(math.isfinite(figure) and figure > 0 for figure in figures), row
