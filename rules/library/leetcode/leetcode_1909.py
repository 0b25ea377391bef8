"""LeetCode asks for two numbers or more; with one number nothing is left that could be out of
order.
"""

from random import Random

TITLE = "remove one element to make the array strictly increasing"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array"


def can_be_increasing(nums: list[int]) -> bool:
    """Given the array {nums} of positive numbers, can you remove exactly one number so that each number left is greater than the one before it?"""
    removed = False
    before_last = 0
    last = 0
    while nums:
        num = nums.pop(0)
        if num > last:
            before_last = last
            last = num
        else:
            if removed:
                return False
            removed = True
            if num > before_last:
                last = num
    return True


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return increasing numbers with no, one or two of them out of order."""
    nums = rng.sample(range(1, 90 + 2 * length), length)
    nums.sort()
    if length > 1:
        i = rng.randrange(1, length)
        kind = rng.randrange(7)
        if kind == 0:
            nums[i] = nums[i - 1]
        elif kind == 1:
            nums[i], nums[i - 1] = nums[i - 1], nums[i]
        elif kind == 2:
            nums.insert(rng.randrange(length), nums.pop(i))
        elif kind > 3 and length > 2:
            i = rng.randrange(length // 2, length - 1)
            j = rng.randrange(i) if kind < 6 else i - 1
            nums[i + 1], nums[j] = nums[j], nums[i + 1]
    return (nums,)


def oracle(nums: list[int]) -> bool:
    """Return whether leaving out one of the numbers gives what sorting the set of them gives."""
    rests = (nums[:i] + nums[i + 1 :] for i in range(len(nums)))
    return any(rest == sorted(set(rest)) for rest in rests)
