from random import Random

TITLE = "add digits"
SOURCE = "LeetCode"
SPLIT = "downstream"
LENGTH = "number of digits in the integer"


def add_digits(num: int) -> int:
    """Add up the digits of the number {num}, then the digits of the sum, and so on until one digit is left. Which digit is it?"""
    while num > 9:
        total = 0
        while num > 0:
            total += num % 10
            num //= 10
        num = total
    return num


def inputs(length: int, rng: Random) -> tuple[int]:
    """Return a number of this many digits."""
    return (rng.randrange(10 ** (length - 1) if length > 1 else 0, 10**length),)


def oracle(num: int) -> int:
    """Return the digital root, which is the remainder by nine counted from 1 to 9."""
    return 1 + (num - 1) % 9 if num else 0
