from random import Random

TITLE = "alternating digit sum"
SOURCE = "LeetCode"
SPLIT = "downstream"
LENGTH = "number of digits in the integer"


def alternate_digit_sum(n: int) -> int:
    """The digits of the number {n} get the signs plus and minus in turn; the first digit, at the left, gets a plus. What is the sum of the digits with their signs?"""
    total = 0
    while n > 0:
        digit = n % 10
        total = digit - total
        n //= 10
    return total


def inputs(length: int, rng: Random) -> tuple[int]:
    """Return a number of this many digits."""
    return (rng.randrange(10 ** (length - 1), 10**length),)


def oracle(n: int) -> int:
    """Return the sum of every other digit less the sum of the digits between."""
    digits = [int(digit) for digit in str(n)]
    return sum(digits[::2]) - sum(digits[1::2])
