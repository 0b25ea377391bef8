"""The published length, the number of segments, would be the answer itself, the same for all
inputs of a length; here it is the length of the string.
"""

from random import Random

TITLE = "number of segments in a string"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the string"


def count_segments(s: str) -> int:
    """A segment is a longest possible stretch of characters that are not spaces. How many segments does the string {s} have?"""
    count = 0
    before = " "
    while s:
        c = s[0]
        s = s[1:]
        if c != " " and before == " ":
            count += 1
        before = c
    return count


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return characters of which a random share is spaces."""
    share = rng.random() ** 1.5
    chars = rng.choices("abcdefghijklmnopqrstuvwxyz.,!'", k=length)
    return ("".join([" " if rng.random() < share else c for c in chars]),)


def oracle(s: str) -> int:
    """Return the number of words."""
    return len(s.split())
