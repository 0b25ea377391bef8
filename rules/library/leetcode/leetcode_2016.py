"""LeetCode asks for two numbers or more; with one number there is no pair, and the answer is -1."""

from random import Random

TITLE = "maximum difference between increasing elements"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array"


def maximum_difference(nums: list[int]) -> int:
    """By how much can a number in the array {nums} be greater than one that stands somewhere before it? Give the greatest such difference, or -1 if no number is greater than one before it."""
    greatest = -1
    least = nums.pop(0)
    while nums:
        num = nums.pop(0)
        if num > least:
            greatest = max(greatest, num - least)
        else:
            least = num
    return greatest


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return random numbers, or falling ones with no exception or a few."""
    nums = rng.choices(range(1, 100), k=length)
    if rng.random() < 0.5:
        nums.sort(reverse=True)
        for _ in range(rng.randrange(3)):
            nums[rng.randrange(length)] = rng.randrange(1, 100)
    return (nums,)


def oracle(nums: list[int]) -> int:
    """Return the greatest positive difference of all pairs."""
    pairs = ((a, b) for i, a in enumerate(nums) for b in nums[i + 1 :])
    return max((b - a for a, b in pairs if b > a), default=-1)
