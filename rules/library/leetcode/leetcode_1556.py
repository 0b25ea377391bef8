"""The length is the number of digits. The published inputs, 1000 up to 1000 + 10**length, have that many digits only mostly, and four at each of the first lengths."""

from random import Random

TITLE = "thousand separator"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of digits in the integer"


def thousand_separator(n: int) -> str:
    """Write the integer {n} with a dot between its groups of three digits, counted from the right. What is it as a string?"""
    digits = str(n)
    result = ""
    group = 0
    while digits:
        digit = digits[-1]
        digits = digits[:-1]
        if group == 3:
            result = "." + result
            group = 0
        result = digit + result
        group += 1
    return result


def inputs(length: int, rng: Random) -> tuple[int]:
    """Return a number of this many digits."""
    return (rng.randrange(10 ** (length - 1) if length > 1 else 0, 10**length),)


def oracle(n: int) -> str:
    """Return the number as formatted by Python, with other separators."""
    return f"{n:,}".replace(",", ".")
