from random import Random

TITLE = "find the array concatenation value"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array"


def find_the_array_conc_val(nums: list[int]) -> int:
    """While {nums} has more than one number, its first and its last number are removed, and the digits of the first followed by the digits of the last are read as one number. A single number that is left is taken as it is. What is the sum of the numbers so obtained?"""
    total = 0
    while nums:
        first = nums.pop(0)
        if nums:
            last = nums.pop()
            total += int(str(first) + str(last))
        else:
            total += first
    return total


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return numbers of one or two digits."""
    return (rng.choices((*range(1, 10), *range(1, 100)), k=length),)


def oracle(nums: list[int]) -> int:
    """Return the sum by arithmetic on mirrored pairs."""
    half = len(nums) // 2
    total = nums[half] if len(nums) % 2 else 0
    for first, last in zip(nums[:half], nums[::-1], strict=False):
        total += first * 10 ** len(str(last)) + last
    return total
