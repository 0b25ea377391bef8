from random import Random

TITLE = "Drop digits of a large number"
LENGTH = "a third of the digits of the number"


def drop_digits(n: int, times: int) -> int:
    """Take the last digit off {n}, {times} times. Which number is left?"""
    while times > 0:
        n //= 10
        times -= 1
    return n


def inputs(length: int, rng: Random) -> tuple[int, int]:
    digits = 3 * length
    return rng.randrange(10 ** (digits - 1), 10**digits), rng.randint(1, 3)


def oracle(n: int, times: int) -> int:
    return int(str(n)[:-times] or "0")
