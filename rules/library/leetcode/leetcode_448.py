from random import Random

TITLE = "find all numbers disappeared in an array"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array"


def find_disappeared_numbers(nums: list[int]) -> list[int]:
    """The array {nums} has n numbers from 1 to n. Which numbers from 1 to n are not in it, in rising order?"""
    n = len(nums)
    seen = {}
    while nums:
        num = nums.pop(0)
        seen[num] = True
    missing = []
    number = 1
    while number <= n:
        if number not in seen:
            missing.append(number)
        number += 1
    return missing


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return all numbers in random order, some of which are then overwritten by others."""
    nums = rng.sample(range(1, length + 1), length)
    chance = rng.random()
    for i in range(length):
        if rng.random() < chance:
            nums[i] = 1 + int(length * rng.random())
    return (nums,)


def oracle(nums: list[int]) -> list[int]:
    """Return the difference of two sets, sorted."""
    return sorted(set(range(1, len(nums) + 1)) - set(nums))
