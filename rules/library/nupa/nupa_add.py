from random import Random

TITLE = "add Integer"
SOURCE = "NUPA"
SPLIT = "downstream"
LENGTH = "number of digits of the longer number"


def add(num1: str, num2: str) -> str:
    """Add the numbers {num1} and {num2}, which are given as strings of digits. What is their sum as a string of digits?"""
    result = ""
    carry = 0
    while num1 or num2:
        digit1 = int(num1[-1]) if num1 else 0
        digit2 = int(num2[-1]) if num2 else 0
        num1 = num1[:-1]
        num2 = num2[:-1]
        total = digit1 + digit2 + carry
        result = str(total % 10) + result
        carry = total // 10
    if carry > 0:
        result = str(carry) + result
    return result


def inputs(length: int, rng: Random) -> tuple[str, str]:
    """Return a number of this many digits and one that is not longer, in any order."""
    low = 10 ** (length - 1) if length > 1 else 0
    longer = rng.randrange(low, 10**length)
    other = rng.randrange(10 ** rng.randint(1, length) if rng.random() < 0.5 else 10**length)
    return (str(longer), str(other)) if rng.random() < 0.5 else (str(other), str(longer))


def oracle(num1: str, num2: str) -> str:
    """Return the sum that Python finds."""
    return str(int(num1) + int(num2))
