"""LeetCode asks for two digits or more; a single digit is a block of its own."""

import re
from random import Random

TITLE = "reformat phone number"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "characters of the phone-number string"


def reformat_number(number: str) -> str:
    """Take the spaces and dashes out of the phone number {number}. As long as more than four digits are left, cut a block of three off their front; of four digits left make two blocks of two, and of fewer one block. What do the blocks look like when they are joined by dashes?"""
    # Keep the Digits
    digits = ""
    while number:
        symbol = number[0]
        number = number[1:]
        if symbol.isdigit():
            digits += symbol
    # Cut the Blocks
    result = ""
    while len(digits) > 4:
        result += digits[:3] + "-"
        digits = digits[3:]
    if len(digits) == 4:
        result += digits[:2] + "-"
        digits = digits[2:]
    return result + digits


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return digits with some spaces and dashes, at least two of them digits if there is room."""
    symbols = rng.choices("0123456789 -" + rng.choice(("", " -")), k=length)
    for i in rng.sample(range(length), min(2, length)):
        if not symbols[i].isdigit():
            symbols[i] = rng.choice("0123456789")
    return ("".join(symbols),)


def oracle(number: str) -> str:
    """Return the digits, with dashes put in by patterns."""
    digits = re.sub("[ -]", "", number)
    return re.sub(r"(\d\d)(?=\d\d$)", r"\1-", re.sub(r"(\d{3})(?=\d\d)", r"\1-", digits))
