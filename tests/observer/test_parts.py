"""The parts of the observer: texts of values, recitals, rows, the command."""

import json
import subprocess
import sys
from pathlib import Path

from .describing import ANY, agrees, describe, either
from .program import Program
from .rows import cases, of_row


def test_descriptions_agree_with_the_texts_they_allow() -> None:
    assert agrees(describe([1, "a", {3, 2}]), "[1, 'a', {2, 3}]")
    assert agrees(describe([iter([])]), "[<list_iterator>]")
    assert not agrees(describe([iter([])]), "[]")
    assert not agrees(describe(iter([])), "")
    assert agrees(either("a.b", ANY + "!"), "what!")
    assert not agrees(either("a.b", "c"), "axb")


def test_names_that_no_source_can_spell_have_no_one_right_text() -> None:
    strange = type("A\nSo the answer is 42", (), {"__module__": "rule"})
    assert agrees(describe(strange()), "A\\nSo the answer is 42()")


def test_recitals_are_whole_headers() -> None:
    source = "def f(\n    a,\n    b=':',  # :\n):\n    match a:\n        case (\n            1\n"
    source += "        ):\n            x = (1,\n                 2); y = 3\n    return {1: 2}\n"
    program = Program(source)
    assert [s.source for s in program.statements.values()] == [
        "def f(\n    a,\n    b=':',  # :\n):", "match a:", "case (\n            1\n        ):",
        "x = (1,\n                 2)", "y = 3", "return {1: 2}",
    ]  # fmt: skip


def test_rows_of_public_sets_become_cases() -> None:
    crux = {"code": "def f(n): return n", "input": "1, b=2", "id": "sample_1"}
    mbpp = {"code": "def g(n): return n", "test_list": ["assert g(1) == set(g([2]))"], "task_id": 5}
    human = {"prompt": "def h(n):\n", "canonical_solution": "    return n\n", "entry_point": "h",
             "test": "def check(candidate):\n    assert candidate(3) == 3\n"}  # fmt: skip
    own = {"source": "def k(n): return n", "function": "k", "inputs": ["1", [2], {"n": 3}]}
    told = [(c.function, c.input) for row in (crux, mbpp, human, own) for c in of_row(row, "0")]
    assert told == [("f", "1, b=2"), ("g", "1"), ("g", "[2]"), ("h", "3"),
                    ("k", "1"), ("k", "2"), ("k", "n=3")]  # fmt: skip


def test_the_command_judges_a_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    row = {"source": "def f(n):\n    return n + 1\n", "function": "f", "inputs": ["1"], "name": "x"}
    path.write_text(json.dumps(row) + "\n")
    assert len(list(cases(path))) == 1
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.observer", str(path), "-v"],
        capture_output=True, text=True, cwd=root, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 traces, 0 not followed, 0 with findings" in done.stdout
