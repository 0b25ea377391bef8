"""The length is that of the array as given, with its repeated numbers already removed."""

from itertools import groupby
from random import Random

TITLE = "summary ranges"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array, whose numbers are all different"


def summary_ranges(nums: list[int]) -> list[str]:
    """The numbers of the sorted array {nums} are to be written as ranges, as few as possible: a stretch of consecutive integers from a to b is written 'a->b', a number by itself is written 'a'. What is the list of the ranges?"""
    ranges = []
    while nums:
        start = nums.pop(0)
        end = start
        while nums and nums[0] == end + 1:
            end = nums.pop(0)
        text = str(start)
        if end > start:
            text += "->" + str(end)
        ranges.append(text)
    return ranges


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return rising numbers; the next one follows directly with a chance that is drawn first."""
    chance = 0.3 + 0.5 * rng.random()
    nums = [rng.randrange(-30, 30)]
    for _ in range(length - 1):
        step = 1 if rng.random() < chance else 2 + int(3 * rng.random())
        nums.append(nums[-1] + step)
    return (nums,)


def oracle(nums: list[int]) -> list[str]:
    """Return the ranges by grouping the numbers by their distance from their place."""
    groups = [[n for _, n in g] for _, g in groupby(enumerate(nums), lambda p: p[1] - p[0])]
    return [f"{g[0]}->{g[-1]}" if len(g) > 1 else f"{g[0]}" for g in groups]
