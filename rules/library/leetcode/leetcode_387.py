"""A single character is always unique, so at length 1 the answer is always 0."""

from random import Random
from string import ascii_lowercase

TITLE = "first unique character in a string"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the string"


def first_uniq_char(s: str) -> int:
    """Counted from 0, at which index of the string {s} is the first character that occurs only once in it? If there is none, answer -1."""
    counts: dict[str, int] = {}
    rest = s
    while rest:
        c = rest[0]
        rest = rest[1:]
        counts[c] = counts.get(c, 0) + 1
    index = 0
    while s:
        c = s[0]
        s = s[1:]
        if counts[c] == 1:
            return index
        index += 1
    return -1


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return pairs and up to two unique letters, shuffled."""
    letters = rng.sample(ascii_lowercase, 14)
    unique = min(length, rng.choice((0, 1, 1, 2)))
    if length - unique == 1:
        unique += 1
    pairs = rng.choices(letters[2:], k=(length - unique) // 2)
    chars = letters[:unique] + 2 * pairs
    chars += pairs[: length - len(chars)]
    rng.shuffle(chars)
    return ("".join(chars),)


def oracle(s: str) -> int:
    """Return the first index that looking from both ends finds."""
    return next((i for i, c in enumerate(s) if s.find(c) == i == s.rfind(c)), -1)
