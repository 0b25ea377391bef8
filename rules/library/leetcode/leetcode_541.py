from random import Random
from string import ascii_lowercase

TITLE = "reverse string ii"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the string"


def reverse_str(s: str, k: int) -> str:
    """The string {s} is cut into blocks of length {k}; the last block may be shorter. The first block, the third, the fifth and so on are reversed, the others stay as they are. What is the string then?"""
    result = ""
    block = ""
    count = 0
    while s:
        c = s[0]
        s = s[1:]
        if count < k:
            block = c + block
        else:
            block += c
        count += 1
        if count == k:
            result += block
            block = ""
        elif count == 2 * k:
            result += block
            block = ""
            count = 0
    return result + block


def inputs(length: int, rng: Random) -> tuple[str, int]:
    """Return random letters and mostly a small k."""
    k = rng.randint(1, min(length, 6)) if rng.random() < 0.9 else rng.randint(1, length + 2)
    return "".join(rng.choices(ascii_lowercase, k=length)), k


def oracle(s: str, k: int) -> str:
    """Return the string after reversing slices of a list."""
    chars = list(s)
    for start in range(0, len(s), 2 * k):
        chars[start : start + k] = chars[start : start + k][::-1]
    return "".join(chars)
