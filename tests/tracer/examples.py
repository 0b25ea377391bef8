"""The example rules, with inputs that reach their branches."""

from pathlib import Path
from typing import Any

from rfft.tracer import Rule

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"

WALK = ["Take 3 steps forward", "Turn around", "Take 3 steps forward", "Turn left", "Turn right"]
INPUTS: dict[str, list[tuple[Any, ...]]] = {
    "add_digits": [(15,), (0,), (9,), (99999,), (10**30 - 1,)],
    "coin_flip": [([],), ([("Ann", True), ("Bob", False), ("Ève", True)],)],
    "fibonacci": [(0,), (1,), (6,)],
    "long_addition": [("", ""), ("123", "4567"), ("99", "1")],
    "move_zeroes": [([],), ([0, 1, 0, 3, 12],), ([True, False, 0.0, -1],)],
    "navigate": [([],), (WALK,), (WALK[::-1],)],
    "process_list": [([3], [50, 31]), ([], []), ([1], [2, 5, 8, 4]), ([6, 7, 8], [9, 2, 4, 6, 10])],
    "roman": [("XIV",), ("",), ("MCMXCIV",)],
    "solution": [([],), ([1, 2, -1, -1, -1],), ([-1, 5, -1],)],
}
CASES = [(name, args) for name, inputs in INPUTS.items() for args in inputs]


def example(name: str) -> Rule:
    """Return the rule of an example."""
    return Rule.from_file(EXAMPLES / f"{name}.py")
