"""The example rules give the right answers, and the commands that are shown for them run."""

import ast
import copy
import itertools
import re
import runpy
import shlex
import subprocess
import sysconfig
from pathlib import Path
from random import Random

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
FILES = sorted([*EXAMPLES.glob("*.py"), *EXAMPLES.glob("natural/*.py")])
README = (EXAMPLES / "README.md").read_text()
COMMANDS = re.findall(r"^ {4}(rfft-trace .*)$", README, re.MULTILINE)


def rule(name: str, function: str | None = None):
    """Return a rule of the examples as it is, on copies of the arguments it is called with."""
    plain = runpy.run_path(str(EXAMPLES / f"{name}.py"))[function or name]
    return lambda *args: plain(*copy.deepcopy(args))


def lists(seed: int, low: int, high: int):
    """Return forty lists of numbers from `low` to `high`, of lengths 0 to 19, each length twice."""
    rng = Random(seed)
    return [[rng.randint(low, high) for _ in range(n // 2)] for n in range(40)]


@pytest.mark.parametrize("nums", lists(1, -1, 2))
def test_move_zeroes(nums):
    assert rule("move_zeroes")(nums) == sorted(nums, key=lambda num: num == 0)


@pytest.mark.parametrize(
    ("a", "b"), [(0, 0), (7, 5), (123, 4567), (99999, 1), (10**30 - 1, 10**30 - 1)]
)
def test_long_addition(a, b):
    assert rule("long_addition")(str(a), str(b)) == str(a + b)


WALKS = [
    [],
    ["Turn left"],
    ["Take 3 steps forward"],
    ["Take 3 steps forward", "Turn around", "Take 3 steps forward"],
    ["Take 2 steps forward", "Turn right", "Turn left", "Take 2 steps forward"],
    ["Take 5 steps forward", "Turn right"] * 4,
    ["Take 5 steps forward", "Turn left"] * 3,
    ["Take 10 steps forward", "Turn left", "Turn left", "Take 10 steps forward"],
    ["Take 4 steps forward", "Turn around", "Take 40 steps forward"],
]


def returns_to_start(instructions: list[str]) -> bool:
    """Walk in the complex plane, where a turn to the left is a multiplication by 1j."""
    turns = {"Turn left": 1j, "Turn right": -1j, "Turn around": -1}
    place, facing = 0, 1j
    for instruction in instructions:
        if instruction in turns:
            facing *= turns[instruction]
        else:
            place += facing * int(re.search(r"\d+", instruction)[0])
    return place == 0


@pytest.mark.parametrize("instructions", WALKS)
def test_navigate(instructions):
    assert rule("navigate")(instructions) is returns_to_start(instructions)


def test_walks_end_at_both_kinds_of_place():
    assert {returns_to_start(walk) for walk in WALKS} == {True, False}


@pytest.mark.parametrize(
    "flips", [flips for n in range(5) for flips in itertools.product([True, False], repeat=n)]
)
def test_coin_flip(flips):
    turns = [(f"person {i}", flip) for i, flip in enumerate(flips)]
    assert rule("coin_flip")(turns) is (flips.count(True) % 2 == 0)


@pytest.mark.parametrize("num", [0, 1, 9, 10, 15, 32, 38, 99, 199, 999999999999])
def test_add_digits(num):
    # The digital root, by its formula.
    assert rule("add_digits")(None, num) == (1 + (num - 1) % 9 if num else 0)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([3], [50, 31], [53]),
        ([], [1, 2], []),
        ([4], [], [4]),
        ([1], [2, 5, 8, 4], [4, 4]),
        ([6, 7, 8], [9, 2, 4, 6, 10, 11], [6, 53]),
    ],
)
def test_process_list(first, second, expected):
    assert rule("process_list")(first, second) == expected


def test_fibonacci():
    expected = [0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144]
    assert [rule("fibonacci")(n) for n in range(13)] == expected


def numeral(number: int) -> str:
    """Write a number from 1 to 3999 as a Roman numeral, digit by digit."""
    shapes = ["", "0", "00", "000", "01", "1", "10", "100", "1000", "02"]
    written = ""
    for symbols, digit in zip(["M", "CDM", "XLC", "IVX"], f"{number:04}", strict=True):
        written += "".join(symbols[int(place)] for place in shapes[int(digit)])
    return written


def test_roman():
    assert [numeral(n) for n in (4, 14, 1994, 3888)] == ["IV", "XIV", "MCMXCIV", "MMMDCCCLXXXVIII"]
    roman_to_int = rule("roman", "roman_to_int")
    assert [roman_to_int(numeral(n)) for n in range(1, 4000)] == list(range(1, 4000))


def last_visited(nums: list[int]) -> list[int]:
    """Answer each -1 from the list up to it, without keeping any state."""
    answers = []
    for end, num in enumerate(nums, 1):
        if num == -1:
            asked = len(list(itertools.takewhile(lambda n: n == -1, reversed(nums[:end]))))
            earlier = [n for n in nums[:end] if n != -1]
            answers.append(earlier[-asked] if asked <= len(earlier) else -1)
    return answers


@pytest.mark.parametrize(
    "nums",
    [[1, 2, -1, -1, -1], [1, -1, 2, -1, -1], *([n or -1 for n in x] for x in lists(2, 0, 3))],
)
def test_solution(nums):
    solution = rule("solution", "Solution")()
    assert solution.lastVisitedIntegers(nums[:]) == last_visited(nums)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_examples_are_plain_python(path):
    imports = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ImportFrom)]
    assert all(node.module == "typing" for node in imports)
    assert "import rfft" not in path.read_text()


def test_every_example_has_one_command():
    shown = [shlex.split(command)[1] for command in COMMANDS]
    assert sorted(shown) == sorted(str(path.relative_to(ROOT)) for path in FILES)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: shlex.split(command)[1])
def test_command_runs(command):
    program, *arguments = shlex.split(command)
    program = Path(sysconfig.get_path("scripts")) / program
    result = subprocess.run([program, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("Follow the ")
    assert "So the answer is " in result.stdout
