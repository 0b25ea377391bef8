import re
from random import Random

TITLE = "license key formatting"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the string"


def license_key_formatting(s: str, k: int) -> str:
    """The license key {s} is to be written anew: its letters in upper case, its old dashes left out, and a dash between groups of {k} characters, where only the first group may be shorter. What is the key then?"""
    result = ""
    group = 0
    while s:
        c = s[-1]
        s = s[:-1]
        if c != "-":
            if group == k:
                result = "-" + result
                group = 0
            result = c.upper() + result
            group += 1
    return result


_CHARACTERS = "abcdefghjkmnpqrsuvwxyzABCDEFGHJKMNPQRSUVWXYZ23456789" + "-" * 14


def inputs(length: int, rng: Random) -> tuple[str, int]:
    """Return a key, in which about every fifth character is a dash, and the size of a group."""
    return "".join(rng.choices(_CHARACTERS, k=length)), rng.randint(1, min(length, 5))


def oracle(s: str, k: int) -> str:
    """Return the key with the dashes put in by a regular expression."""
    return re.sub(rf"\B(?=(?:\w{{{k}}})+$)", "-", s.replace("-", "").upper())
