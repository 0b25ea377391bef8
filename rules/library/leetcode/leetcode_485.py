from random import Random

TITLE = "max consecutive ones"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array"


def find_max_consecutive_ones(nums: list[int]) -> int:
    """What is the greatest number of ones in a row in the array {nums}?"""
    longest = 0
    run = 0
    while nums:
        num = nums.pop(0)
        if num == 1:
            run += 1
            longest = max(longest, run)
        else:
            run = 0
    return longest


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return ones and zeros; the share of ones is drawn first."""
    share = 0.3 + 0.65 * rng.random()
    return ([1 if rng.random() < share else 0 for _ in range(length)],)


def oracle(nums: list[int]) -> int:
    """Return the length of the longest piece between zeros."""
    return max(map(len, "".join(map(str, nums)).split("0")))
