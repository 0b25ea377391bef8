"""Small sets of programs of our own, in the fields of each publisher."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

DOUBLE = """def f(nums):
    out = []
    for n in nums:
        out.append(n * 2)
    return out
"""
COUNT = """def count(text, mark='a'):
    n = 0
    for c in text:
        if c == mark:
            n += 1
    return n
"""
LARGEST = """import math

def main(xs, top=math.inf):
    best = -1
    for x in xs:
        if best < x < top:
            best = x
    return best, len(xs)
"""

ROWS: dict[str, dict[str, Any]] = {
    "cruxeval": {"code": DOUBLE, "input": "[1, 2]", "output": "[2, 4]", "id": "sample_0"},
    "livecodebench": {
        "question_id": 7, "function_name": "count", "code": COUNT,
        "input": "count(text = 'banana', mark = 'n')", "output": "2",
    },
    "mbpp": {
        "task_id": 11, "code": COUNT.replace("\n", "\r\n"), "text": "Count a mark.",
        "test_list": ["assert count('banana') == 3", "assert 0 == count('x' + 'y')",
                      "assert count('aa', mark='a') > 1"],
    },
    "humaneval": {
        "task_id": "Eval/0", "entry_point": "f", "prompt": "def f(nums):\n",
        "canonical_solution": DOUBLE.partition("\n")[2],
        "test": "def check(candidate):\n    assert candidate([3 * 2]) == [12]\n"
        "    for i in range(3):\n        assert candidate([i]) == [2 * i]\n",
    },
    "codeio": {
        "id": "io:1", "refcode": LARGEST, "funcname": "main",
        "ios": [{"input": {"xs": [1, 5]}, "output": [5, 2]},
                {"input": {"top": 4, "xs": [1, 5]}, "output": [1, 2]}],
    },
    "own": {"id": "mine", "source": DOUBLE, "function": "f", "inputs": ["[1]", "nums=[2]"],
            "outputs": ["[2]", [4]]},
}  # fmt: skip


def put(path: Path, rows: Iterable[object]) -> Path:
    """Write rows as JSON lines; a text stands as it is."""
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def many(count: int) -> list[dict[str, Any]]:
    """Return so many programs, no two of them the same."""
    return [
        {"id": f"p/{n}", "source": DOUBLE.replace("2", str(n + 2)), "inputs": ["[1, 2]", "[]"]}
        for n in range(count)
    ]
