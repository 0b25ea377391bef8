from random import Random

TITLE = "get digit Integer"
SOURCE = "NUPA"
SPLIT = "downstream"
LENGTH = "number of digits in the number"


def get_digit(num: str, index: int) -> str:
    """Count the digits of the number {num} from left to right, beginning with 0. Which digit is number {index}?"""
    while index > 0:
        num = num[1:]
        index -= 1
    return num[0]


def inputs(length: int, rng: Random) -> tuple[str, int]:
    """Return a number of this many digits and a place in it, more often a late one."""
    num = rng.randrange(10 ** (length - 1) if length > 1 else 0, 10**length)
    return str(num), max(rng.randrange(length), rng.randrange(length))


def oracle(num: str, index: int) -> str:
    """Divide by a power of ten."""
    return str(int(num) // 10 ** (len(num) - 1 - index) % 10)
