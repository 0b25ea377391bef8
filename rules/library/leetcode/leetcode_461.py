"""The integers are given in binary, as strings of the digits 0 and 1; the longer one has as many digits as the length says."""

from random import Random

TITLE = "hamming distance"
SOURCE = "LeetCode"
SPLIT = "downstream"
LENGTH = "bit length of the larger integer"


def hamming_distance(x: str, y: str) -> int:
    """The integers {x} and {y} are given in binary. In how many bits do they differ, when the shorter one is filled up with zeros at its left?"""
    distance = 0
    while x or y:
        bit_x = x[-1] if x else "0"
        bit_y = y[-1] if y else "0"
        x = x[:-1]
        y = y[:-1]
        if bit_x != bit_y:
            distance += 1
    return distance


def inputs(length: int, rng: Random) -> tuple[str, str]:
    """Return a number of this bit length and a number that is not longer, in any order."""
    pair = [rng.randrange(2 ** (length - 1), 2**length), rng.randrange(2**length)]
    if rng.random() < 0.5:
        pair.reverse()
    return f"{pair[0]:b}", f"{pair[1]:b}"


def oracle(x: str, y: str) -> int:
    """Count the ones in the exclusive or."""
    return (int(x, 2) ^ int(y, 2)).bit_count()
