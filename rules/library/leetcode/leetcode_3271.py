"""There are `length` pieces of two to four letters, so the string is two to four times as long."""

from random import Random
from string import ascii_lowercase

TITLE = "hash divided string"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of pieces, of two to four letters each, that the string is cut into"


def string_hash(s: str, k: int) -> str:
    """The string {s} is cut into pieces of length {k}. In every piece, add up the positions of its letters in the alphabet, where 'a' is 0 and 'z' is 25; the sum modulo 26 is the position of one new letter. Which string do the new letters make, in order?"""
    result = ""
    while s:
        piece = s[:k]
        s = s[k:]
        total = 0
        while piece:
            total += ord(piece[0]) - ord("a")
            piece = piece[1:]
        result += chr(total % 26 + ord("a"))
    return result


def inputs(length: int, rng: Random) -> tuple[str, int]:
    """Return random letters that make up this many pieces, and the size of a piece."""
    k = rng.randrange(2, 5)
    return "".join(rng.choices(ascii_lowercase, k=length * k)), k


def oracle(s: str, k: int) -> str:
    """Return the letters at the sums, found with library functions."""
    places = [ascii_lowercase.index(c) for c in s]
    sums = [sum(places[i : i + k]) for i in range(0, len(s), k)]
    return "".join(ascii_lowercase[total % 26] for total in sums)
