"""Variants are run against their program, in the sandbox."""

import subprocess
import sys

import pytest

from rfft.rules.variants.checked import Checker, Original
from rfft.tracer import Rule

from ..corpus.small import COMMAND

LEFT = """def f(n):
    try:
        return m
        m = 1
    except NameError as e:
        return str(e)
"""
ADD = 'def f(a, b=1):\n    """Add {a} to {b}."""\n    c = a\n    c += 1\n    return c + b\n'


@pytest.fixture(scope="module")
def checker():
    with Checker(1) as made:
        yield made


def varied(checker, text, inputs, number=3):
    (found,) = checker.varied([Original(Rule.from_source(text), tuple(inputs), "0")], number)
    return found


def test_there_are_as_many_as_are_wanted_and_all_run_alike(checker):
    found = varied(checker, ADD, [("1",), ("2", "3")])
    assert (len(found.variants), found.refused, found.why) == (3, [], "")


def test_a_variant_that_runs_differently_is_refused_with_the_difference(checker):
    found = varied(checker, LEFT, [("1",)])  # which tells the name of a variable
    assert found.refused
    assert all("input 0: " in difference for _, difference in found.refused)
    assert not any("names" in one.changes for one in found.variants)


@pytest.mark.parametrize(
    ("text", "inputs", "why"),
    [
        ("def f(a): return eval('a')", [("1",)], "it looks names up while it runs"),
        ("def f(a): return a / 0", [("1",)], "its run ends with rule_error"),
        (ADD, [], "it has no input"),
    ],
)
def test_why_there_are_none_is_said(checker, text, inputs, why):
    found = varied(checker, text, inputs)
    assert (found.variants, found.why) == ([], why)


def test_the_command_shows_them(tmp_path):
    file = tmp_path / "add.py"
    file.write_text(ADD)
    command = [COMMAND, "rules", "vary", str(file), "--input"]
    shown = subprocess.run([*command, "1, b=2", "-n2"], capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr
    assert "# variant 2: " in shown.stdout
    wrong = subprocess.run([*command, "1, 2, 3"], capture_output=True, text=True)
    assert wrong.returncode == 2
    assert "f takes" in wrong.stderr


def test_libcst_is_loaded_only_for_variants():
    code = "import sys, rfft.rules.corpus.gathering, rfft.rules.corpus.build, rfft.rules.cli\n"
    code += "from rfft.rules.synthetic import draw\ndraw(0, 1)\nassert 'libcst' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
