"""LeetCode takes any alternating order; the question fixes one, so that the answer is unique."""

from itertools import chain, zip_longest
from random import Random

TITLE = "reformat the string"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the string"


def reformat(s: str) -> str:
    """The characters of {s} are to be put in an order in which letters and digits alternate. The letters keep their order among themselves, and so do the digits. The kind with more characters comes first; if there are as many letters as digits, a digit comes first. What is the string then? If it is impossible, answer the empty string."""
    letters = ""
    digits = ""
    while s:
        c = s[0]
        s = s[1:]
        if c.isdigit():
            digits += c
        else:
            letters += c
    if abs(len(letters) - len(digits)) > 1:
        return ""
    result = ""
    if len(letters) > len(digits):
        result += letters[0]
        letters = letters[1:]
    while digits:
        result += digits[0]
        digits = digits[1:]
        if letters:
            result += letters[0]
            letters = letters[1:]
    return result


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return letters and digits, about three times out of four in fitting numbers."""
    letters = (length + int(2 * rng.random())) // 2
    if rng.random() < 0.25:
        letters = rng.randint(0, length)
    chars = rng.choices("abcdefghijklmnopqrstuvwxyz", k=letters)
    chars += rng.choices("0123456789", k=length - letters)
    rng.shuffle(chars)
    return ("".join(chars),)


def oracle(s: str) -> str:
    """Return the two kinds zipped together, or nothing."""
    kinds = [[c for c in s if c.isdigit()], [c for c in s if c.isalpha()]]
    kinds.sort(key=len, reverse=True)
    if len(kinds[0]) - len(kinds[1]) > 1:
        return ""
    return "".join(chain(*zip_longest(*kinds, fillvalue="")))
