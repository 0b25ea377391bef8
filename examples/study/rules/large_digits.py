from random import Random

TITLE = "Large digits"
LENGTH = "number of digits"


def large_digits(n: int) -> int:
    """How many digits of {n} are larger than 4?"""
    count = 0
    while n > 0:
        digit = n % 10
        if digit > 4:
            count += 1
        n //= 10
    return count


def inputs(length: int, rng: Random) -> tuple[int]:
    return (rng.randrange(10 ** (length - 1), 10**length),)


def oracle(n: int) -> int:
    return sum(digit > "4" for digit in str(n))
