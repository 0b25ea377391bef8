from random import Random

TITLE = "chunk array"
SOURCE = "LeetCode"
SPLIT = "downstream"
LENGTH = "length of the array"


def chunk(arr: list[int], size: int) -> list[list[int]]:
    """Cut the array {arr} into parts of {size} numbers each, in order; the last part may be shorter. What is the list of the parts?"""
    result = []
    part = []
    while arr:
        num = arr.pop(0)
        part.append(num)
        if len(part) == size or not arr:
            full = part.copy()
            result.append(full)
            part = []
    return result


def inputs(length: int, rng: Random) -> tuple[list[int], int]:
    """Return numbers and the size of a part."""
    return rng.choices(range(100), k=length), rng.randint(1, min(length + 1, 6))


def oracle(arr: list[int], size: int) -> list[list[int]]:
    """Return slices."""
    return [arr[i : i + size] for i in range(0, len(arr), size)]
