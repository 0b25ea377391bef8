"""The answer is the length itself, so it is the same for all inputs of a length."""

from random import Random

TITLE = "length Integer"
SOURCE = "NUPA"
SPLIT = "downstream"
LENGTH = "number of digits in the number"


def length(num: str) -> int:
    """How many digits does the number {num} have?"""
    digits = 0
    while num:
        num = num[1:]
        digits += 1
    return digits


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return a number of this many digits."""
    return (str(rng.randrange(10 ** (length - 1) if length > 1 else 0, 10**length)),)


def oracle(num: str) -> int:
    """Return the length of the string."""
    return len(num)
