from collections import Counter
from random import Random

TITLE = "most frequent even element"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array"


def most_frequent_even(nums: list[int]) -> int:
    """Which even number occurs most often in {nums}? Of several such numbers take the smallest; if there is no even number, answer -1."""
    counts: dict[int, int] = {}
    best = -1
    best_count = 0
    while nums:
        num = nums.pop(0)
        if num % 2 == 0:
            counts[num] = counts.get(num, 0) + 1
            if counts[num] > best_count:
                best = num
                best_count = counts[num]
            elif counts[num] == best_count and num < best:
                best = num
    return best


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return numbers of a few values, so that many recur; now and then all are odd."""
    pool = rng.choices(range(100), k=2 + length // 3)
    if rng.random() < 0.1:
        pool = [num | 1 for num in pool]
    return (rng.choices(pool, k=length),)


def oracle(nums: list[int]) -> int:
    """Return the best by count, then by value."""
    counts = Counter(num for num in nums if num % 2 == 0)
    return min(counts, key=lambda num: (-counts[num], num), default=-1)
