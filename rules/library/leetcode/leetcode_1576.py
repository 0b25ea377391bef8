"""Many answers are right on LeetCode; here it is the first letter that fits, from left to right."""

from random import Random

TITLE = "replace all s to avoid consecutive repeating characters"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the string"


def modify_string(s: str) -> str:
    """From left to right, replace each question mark in the string {s} by the first letter of the alphabet that is different from the letter to its left, which may be a replacement itself, and from the letter to its right. What is the string then?"""
    result = ""
    left = ""
    while s:
        letter = s[0]
        s = s[1:]
        if letter == "?":
            right = s[0] if s else ""
            letter = "a"
            if letter in (left, right):
                letter = "b"
            if letter in (left, right):
                letter = "c"
        result += letter
        left = letter
    return result


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return question marks and few different letters, no two equal ones together."""
    letters = rng.choices("??aaabbcd", k=length)
    for i in range(1, length):
        if letters[i] == letters[i - 1]:
            letters[i] = "?"
    return ("".join(letters),)


def oracle(s: str) -> str:
    """Return the string, each question mark replaced by the least letter left of a set."""
    letters = list(s)
    for i, letter in enumerate(s):
        if letter == "?":
            letters[i] = min({*"abc"} - {*letters[max(0, i - 1) : i + 2]})
    return "".join(letters)
