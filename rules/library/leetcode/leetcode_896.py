"""One or two numbers are always monotonic, so the answer varies from length 3 on."""

from random import Random

TITLE = "monotonic array"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array"


def is_monotonic(nums: list[int]) -> bool:
    """Is the array {nums} monotonic, which means that its numbers never go down or never go up?"""
    never_up = True
    never_down = True
    previous = nums.pop(0)
    while nums:
        num = nums.pop(0)
        if num > previous:
            never_up = False
        elif num < previous:
            never_down = False
        previous = num
    return never_up or never_down


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return a sorted array, half of the time with a peak or a valley in it."""
    nums = sorted(rng.choices(range(10, 90), k=length), reverse=rng.random() < 0.5)
    if length > 2 and rng.random() < 0.5:
        i = rng.randrange(1, length - 1)
        pair = nums[i - 1], nums[i + 1]
        step = rng.randrange(1, 10)
        nums[i] = max(pair) + step if rng.random() < 0.5 else min(pair) - step
    return (nums,)


def oracle(nums: list[int]) -> bool:
    """Compare the array with the sorted one."""
    return sorted(nums) in (nums, nums[::-1])
