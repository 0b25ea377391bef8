"""Task files for the tests."""

import textwrap
from pathlib import Path

from rfft.rules import Task

COUNT = '''
from random import Random

LENGTH = "length of the list"


def count_even(nums: list[int]) -> int:
    """How many of {nums} are even?"""
    count = 0
    while nums:
        if nums.pop(0) % 2 == 0:
            count += 1
    return count


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    return ([rng.randrange(100) for _ in range(length)],)


def oracle(nums: list[int]) -> int:
    return sum(num % 2 == 0 for num in nums)
'''


def task(text: str, name: str = "rule") -> Task:
    """Return a task from an indented text."""
    return Task.from_source(textwrap.dedent(text), name)


def write(path: Path, text: str = COUNT) -> Path:
    """Write a task file, and the folders it is in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text))
    return path
