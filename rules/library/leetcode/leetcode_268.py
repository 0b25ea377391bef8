"""The length is n + 1, as published: the array has n numbers. The problem asks for at least one."""

from random import Random

TITLE = "missing number"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "n + 1, where the array has n of the n + 1 numbers from 0 to n"
MIN_LENGTH = 2


def missing_number(nums: list[int]) -> int:
    """The array {nums} has n different numbers from 0 to n. Which number from 0 to n is missing?"""
    n = len(nums)
    missing = n * (n + 1) // 2
    while nums:
        num = nums.pop(0)
        missing -= num
    return missing


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return the numbers in random order, without the last."""
    return (rng.sample(range(length), length - 1),)


def oracle(nums: list[int]) -> int:
    """Return what is left of all the numbers."""
    return min(set(range(len(nums) + 1)) - set(nums))
