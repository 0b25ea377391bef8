from random import Random

TITLE = "Count on"
LENGTH = "number of steps"


def count_on(number: int, steps: int) -> int:
    """Begin with {number} and count {steps} steps on. Which number is reached?"""
    while steps > 0:
        number += 1
        steps -= 1
    return number


def inputs(length: int, rng: Random) -> tuple[int, int]:
    return rng.randrange(60), length


def oracle(number: int, steps: int) -> int:
    return number + steps
