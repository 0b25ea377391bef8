from random import Random

TITLE = "digit max Integer"
SOURCE = "NUPA"
SPLIT = "downstream"
LENGTH = "number of digits of the longer number"


def digit_max(num1: str, num2: str) -> str:
    """Compare the numbers {num1} and {num2} digit by digit, from the right; where one of them has no digit any more, it counts as 0. Which number do the larger digits at each place make up, as a string of digits?"""
    result = ""
    while num1 or num2:
        digit1 = num1[-1] if num1 else "0"
        digit2 = num2[-1] if num2 else "0"
        num1 = num1[:-1]
        num2 = num2[:-1]
        larger = max(digit1, digit2)
        result = larger + result
    return result


def inputs(length: int, rng: Random) -> tuple[str, str]:
    """Return a number of this many digits and one that is not longer, in any order."""
    low = 10 ** (length - 1) if length > 1 else 0
    longer = rng.randrange(low, 10**length)
    other = rng.randrange(10 ** rng.randint(1, length) if rng.random() < 0.3 else 10**length)
    return (str(longer), str(other)) if rng.random() < 0.5 else (str(other), str(longer))


def oracle(num1: str, num2: str) -> str:
    """Fill up with zeros and take the larger of each pair."""
    width = max(len(num1), len(num2))
    return "".join(map(max, num1.zfill(width), num2.zfill(width)))
