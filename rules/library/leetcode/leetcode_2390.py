import re
from random import Random

TITLE = "removing stars from a string"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the string"


def remove_stars(s: str) -> str:
    """Each star in the string {s} removes itself and the nearest letter to its left that is still there. What is left when all stars are gone?"""
    result = ""
    while s:
        letter = s[0]
        s = s[1:]
        if letter == "*":
            result = result[:-1]
        else:
            result += letter
    return result


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return letters and stars, each star with a letter left to remove."""
    letters = rng.choices("abcdefghijklmnopqrstuvwxyz", k=length)
    share = rng.choice((0.25, 0.4, 0.5))
    left = 0
    for i in range(length):
        if left > 0 and rng.random() < share:
            letters[i] = "*"
            left -= 1
        else:
            left += 1
    return ("".join(letters),)


def oracle(s: str) -> str:
    """Return the string after removing letters with the star behind them again and again."""
    while "*" in s:
        s = re.sub(r"[^*]\*", "", s)
    return s
