"""The file that ``rfft rules new`` writes: a small task that passes its check, to be changed."""

import keyword
from pathlib import Path

from .errors import TaskRejected

_START = '''\
# An example that passes its check: put your question, rule, inputs and oracle in its place.
from random import Random

TITLE = "{title}"
LENGTH = "length of the list"


def {name}(nums: list[int]) -> int:
    """How many of the numbers {{nums}} are even?"""
    count = 0
    while nums:
        num = nums.pop(0)
        if num % 2 == 0:
            count += 1
    return count


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return the arguments of one instance. Without this function, the type hints make them."""
    return ([rng.randrange(100) for _ in range(length)],)


def oracle(nums: list[int]) -> int:
    """Return the answer by another method. Without this function, nothing confirms the rule."""
    return len([num for num in nums if num % 2 == 0])
'''


def write_new(name: str, folder: Path) -> Path:
    """Write a file to start from and return its path. Raises TaskRejected, OSError.

    A file that is there already is left as it is.
    """
    stem = name.removesuffix(".py")
    if not stem.isidentifier() or keyword.iskeyword(stem) or stem.startswith("_"):
        raise TaskRejected(f"{name!r} cannot name a function; take a name such as count_even")
    path = folder / f"{stem}.py"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(_START.format(name=stem, title=stem.replace("_", " ")))
    except FileExistsError:
        raise TaskRejected(f"{path} is there already") from None
    return path
