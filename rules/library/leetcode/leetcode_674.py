"""At length 1 the answer is always 1."""

from random import Random

TITLE = "longest continuous increasing subsequence"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array"


def find_length_of_lcis(nums: list[int]) -> int:
    """How many numbers are in the longest run of neighbouring numbers of {nums} in which every number is greater than the one before it?"""
    longest = 0
    run = 0
    before = 0
    while nums:
        num = nums.pop(0)
        if run > 0 and num > before:
            run += 1
        else:
            run = 1
        longest = max(longest, run)
        before = num
    return longest


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return numbers that rise with a chance that is drawn first, and otherwise fall or stay."""
    chance = 0.2 + 0.7 * rng.random()
    nums = [rng.randrange(-9, 60)]
    for _ in range(length - 1):
        if rng.random() < chance and nums[-1] < 95:
            nums.append(nums[-1] + 1 + int(rng.random() * 5))
        else:
            nums.append(nums[-1] - int(rng.random() * 15))
    return (nums,)


def oracle(nums: list[int]) -> int:
    """Return the greatest distance between neighbouring borders of runs."""
    borders = [i for i in range(1, len(nums)) if nums[i] <= nums[i - 1]]
    starts, ends = [0, *borders], [*borders, len(nums)]
    return max(end - start for start, end in zip(starts, ends, strict=True))
