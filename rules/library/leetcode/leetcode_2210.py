"""LeetCode asks for three numbers or more; in fewer there can be neither a hill nor a valley."""

from itertools import groupby
from random import Random

TITLE = "count hills and valleys in an array"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array"


def count_hill_valley(nums: list[int]) -> int:
    """In the array {nums}, take equal numbers that stand next to each other for one. How many of the numbers are then greater than both of their neighbours or smaller than both? The first and the last number do not count."""
    count = 0
    direction = "none"
    previous = nums.pop(0)
    while nums:
        num = nums.pop(0)
        if num > previous:
            if direction == "down":
                count += 1
            direction = "up"
        elif num < previous:
            if direction == "up":
                count += 1
            direction = "down"
        previous = num
    return count


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return an array of up to five different numbers, so that some neighbours are equal."""
    return (rng.choices(rng.choices(range(1, 100), k=5), k=length),)


def oracle(nums: list[int]) -> int:
    """Return how often the differences of unequal neighbours change their sign."""
    levels = [num for num, _ in groupby(nums)]
    triples = zip(levels, levels[1:], levels[2:], strict=False)
    return sum((b - a) * (c - b) < 0 for a, b, c in triples)
