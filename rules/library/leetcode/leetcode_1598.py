from itertools import accumulate
from random import Random

TITLE = "crawler log folder"
SOURCE = "LeetCode"
SPLIT = "downstream"
LENGTH = "number of operations"


def min_operations(logs: list[str]) -> int:
    """Somebody starts in the main folder and changes folders as in {logs}: "../" goes to the parent folder (from the main folder it goes nowhere), "./" stays, and any other name goes into the folder of this name. How many steps to a parent folder lead back to the main folder at the end?"""
    depth = 0
    while logs:
        log = logs.pop(0)
        if log == "../":
            if depth > 0:
                depth -= 1
        elif log != "./":
            depth += 1
    return depth


_NAMES = [f"{letter}{number}/" for letter in "abcdxyz" for number in range(1, 10)]


def inputs(length: int, rng: Random) -> tuple[list[str]]:
    """Return a log in which about every third operation goes up, and one in seven stays."""
    logs = rng.choices(_NAMES, k=length)
    up = 0.2 + 0.4 * rng.random()
    for i in range(length):
        draw = rng.random()
        if draw < up:
            logs[i] = "../"
        elif draw < up + 0.15:
            logs[i] = "./"
    return (logs,)


def oracle(logs: list[str]) -> int:
    """Return how far the end lies above the lowest point of a walk that may go below the ground."""
    walk = [0, *accumulate({"../": -1, "./": 0}.get(log, 1) for log in logs)]
    return walk[-1] - min(walk)
