from random import Random
from string import ascii_letters

TITLE = "reverse string"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the string"


def reverse_string(s: list[str]) -> list[str]:
    """A string is given as the list of its characters {s}. What is the list when the characters are in the opposite order?"""
    result = []
    while s:
        c = s.pop()
        result.append(c)
    return result


def inputs(length: int, rng: Random) -> tuple[list[str]]:
    """Return a list of letters."""
    return (rng.choices(ascii_letters, k=length),)


def oracle(s: list[str]) -> list[str]:
    """Return the list read with a negative step."""
    return s[::-1]
