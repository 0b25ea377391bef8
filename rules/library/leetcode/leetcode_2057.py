from random import Random

TITLE = "smallest index with equal value"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array"


def smallest_equal(nums: list[int]) -> int:
    """The positions in the array {nums} are counted from 0. Which is the first position whose last digit is equal to the number that stands there? Answer -1 if there is none."""
    i = 0
    while nums:
        num = nums.pop(0)
        if i % 10 == num:
            return i
        i += 1
    return -1


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return digits that do not fit their positions, mostly with one late exception or more."""
    steps = rng.choices(range(1, 10), k=length)
    nums = [(i + step) % 10 for i, step in enumerate(steps)]
    if rng.random() < 0.8:
        for _ in range(2):
            i = rng.randrange(length // 3, length)
            nums[i] = i % 10
    return (nums,)


def oracle(nums: list[int]) -> int:
    """Return the least of all fitting positions."""
    return min((i for i, num in enumerate(nums) if str(i)[-1] == str(num)), default=-1)
