from heapq import nlargest
from random import Random

TITLE = "third maximum number"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array"


def third_max(nums: list[int]) -> int:
    """What is the third largest of the different numbers in {nums}? If there are fewer than three different numbers, answer the largest."""
    first = nums.pop(0)
    second: int | None = None
    third: int | None = None
    while nums:
        num = nums.pop(0)
        if num > first:
            third = second
            second = first
            first = num
        elif num < first:
            if second is None or num > second:
                third = second
                second = num
            elif num < second and (third is None or num > third):
                third = num
    if third is None:
        return first
    return third


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return numbers of a few values; now and then of at most two."""
    low = rng.randrange(-50, 60)
    size = 2 if rng.random() < 0.15 else min(3 + length // 2, 40)
    return (rng.choices(rng.sample(range(low, low + 40), size), k=length),)


def oracle(nums: list[int]) -> int:
    """Return the last of the three largest, or the first."""
    largest = nlargest(3, set(nums))
    return largest[2] if len(largest) == 3 else largest[0]
