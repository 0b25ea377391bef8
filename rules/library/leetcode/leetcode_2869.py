"""The length is the largest number of the array, which has int(1.9 * length) numbers. Other than in the published inputs, each number up to the length is there, so the answer always exists, and k may be 1 or 2 at lengths 1 and 2."""

from random import Random

TITLE = "minimum operations to collect elements"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "largest number of the array"


def min_operations(nums: list[int], k: int) -> int:
    """The numbers of {nums} are taken away one by one from the end and collected. After how many of them are all the numbers from 1 to {k} in the collection?"""
    collected: dict[int, bool] = {}
    operations = 0
    while len(collected) < k:
        num = nums.pop()
        operations += 1
        if num <= k:
            collected[num] = True
    return operations


def inputs(length: int, rng: Random) -> tuple[list[int], int]:
    """Return the numbers up to the length, most of them twice, in any order, and a number k."""
    numbers = range(1, length + 1)
    nums = [*numbers, *rng.sample(numbers, int(length * 1.9) - length)]
    rng.shuffle(nums)
    return nums, rng.randint(3 if length > 2 else 1, length)


def oracle(nums: list[int], k: int) -> int:
    """Return the largest distance from the end to the last place of a number."""
    return max(nums[::-1].index(num) for num in range(1, k + 1)) + 1
