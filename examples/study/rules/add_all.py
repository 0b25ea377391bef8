from random import Random

TITLE = "Add up small numbers"
LENGTH = "number of numbers"


def add_all(start: int, nums: list[int]) -> int:
    """Begin with {start} and add each number of {nums}. What is the sum?"""
    for num in nums:
        start += num
    return start


def inputs(length: int, rng: Random) -> tuple[int, list[int]]:
    return rng.randrange(300), [rng.randrange(10) for _ in range(length)]


def oracle(start: int, nums: list[int]) -> int:
    return start + sum(nums)
