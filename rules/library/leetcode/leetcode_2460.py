"""LeetCode asks for two numbers or more; a single number stays as it is."""

from random import Random

TITLE = "apply operations to an array"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array"


def apply_operations(nums: list[int]) -> list[int]:
    """Go through the array {nums} from left to right: whenever a number is equal to the one after it, double it and set the one after it to 0. Then move all zeros to the end and keep the order of the other numbers. What is the array then?"""
    result = []
    zeros = 0
    while nums:
        num = nums.pop(0)
        if nums and nums[0] == num:
            num *= 2
            nums[0] = 0
        if num == 0:
            zeros += 1
        else:
            result.append(num)
    while zeros > 0:
        result.append(0)
        zeros -= 1
    return result


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return an array of few different numbers, so that many neighbours are equal."""
    pool = rng.choices(range(1, 50), k=3)
    return (rng.choices([0, *pool], k=length),)


def oracle(nums: list[int]) -> list[int]:
    """Return the array after the operations in place, sorted by being zero."""
    array = list(nums)
    for i in range(len(array) - 1):
        if array[i] == array[i + 1]:
            array[i : i + 2] = [2 * array[i], 0]
    return sorted(array, key=lambda num: num == 0)
