import re
from random import Random

TITLE = "maximum value of a string in an array"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array"


def maximum_value(strs: list[str]) -> int:
    """The value of a string is its number if it is made of digits only, otherwise its length. What is the greatest value of the strings {strs}?"""
    greatest = 0
    while strs:
        text = strs.pop(0)
        only_digits = True
        for symbol in text:
            if not symbol.isdigit():
                only_digits = False
                break
        value = len(text)
        if only_digits:
            value = int(text)
        greatest = max(greatest, value)
    return greatest


def inputs(length: int, rng: Random) -> tuple[list[str]]:
    """Return numbers, small in half of the arrays, and strings of letters and digits."""
    zeros = rng.random() < 0.5
    strs = []
    for size in rng.choices((1, 2, 3, 4, 5), k=length):
        if rng.random() < 0.5:
            strs.append("".join(rng.choices("0123456789abcdefxyz", k=size)))
        elif zeros:
            strs.append("0" * (size - 1) + str(rng.randrange(7)))
        else:
            strs.append("".join(rng.choices("0123456789", k=min(size, 3))))
    return (strs,)


def oracle(strs: list[str]) -> int:
    """Return the greatest value by a pattern."""
    return max(int(s) if re.fullmatch("[0-9]+", s) else len(s) for s in strs)
