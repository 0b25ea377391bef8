from random import Random

TITLE = "Count the ones from the back"
LENGTH = "number of binary digits"


def ones_from_the_back(bits: str) -> int:
    """How many digits of '{bits}' are 1?"""
    ones = 0
    while bits:
        if bits[-1] == "1":
            ones += 1
        bits = bits[:-1]
    return ones


def inputs(length: int, rng: Random) -> tuple[str]:
    return ("".join(rng.choices("01", k=length)),)


def oracle(bits: str) -> int:
    return bits.count("1")
