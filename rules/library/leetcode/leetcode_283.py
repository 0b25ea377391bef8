from random import Random

TITLE = "move zeroes"
SOURCE = "LeetCode"
SPLIT = "downstream"
LENGTH = "length of the list"


def move_zeroes(nums: list[int]) -> list[int]:
    """Given an integer array {nums}, move all the zeros to its end and keep the order of the other numbers. What is the array then?"""
    result = []
    zeros = 0
    while nums:
        num = nums.pop(0)
        if num == 0:
            zeros += 1
        else:
            result.append(num)
    while zeros > 0:
        result.append(0)
        zeros -= 1
    return result


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return an array in which about every third number is zero."""
    return ([rng.randrange(1, 100) if rng.random() < 0.7 else 0 for _ in range(length)],)


def oracle(nums: list[int]) -> list[int]:
    """Return the numbers sorted by being zero, which keeps their order."""
    return sorted(nums, key=lambda num: num == 0)
