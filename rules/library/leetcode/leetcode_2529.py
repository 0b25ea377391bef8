from random import Random

TITLE = "maximum count of positive integer and negative integer"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array"


def maximum_count(nums: list[int]) -> int:
    """In the sorted array {nums}, count the positive numbers and count the negative numbers; zero is neither. What is the larger of the two counts?"""
    positive = 0
    negative = 0
    while nums:
        num = nums.pop(0)
        if num > 0:
            positive += 1
        elif num < 0:
            negative += 1
    return max(positive, negative)


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return negative numbers, up to three zeros and positive numbers, in order."""
    negative = rng.randint(0, length)
    zeros = min(rng.randrange(4), length - negative)
    below = sorted(rng.choices(range(-99, 0), k=negative))
    above = sorted(rng.choices(range(1, 100), k=length - negative - zeros))
    return (below + [0] * zeros + above,)


def oracle(nums: list[int]) -> int:
    """Return the larger count by summing up truth values."""
    return max(sum(num > 0 for num in nums), sum(num < 0 for num in nums))
