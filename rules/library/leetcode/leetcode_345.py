from random import Random
from re import sub

TITLE = "reverse vowels of a string"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the string"


def reverse_vowels(s: str) -> str:
    """In the string {s}, reverse the order of the vowels (a, e, i, o and u, small or capital) and leave all other characters where they are. What is the string then?"""
    vowels = ""
    rest = s
    while rest:
        c = rest[0]
        rest = rest[1:]
        if c in "aeiouAEIOU":
            vowels += c
    result = ""
    while s:
        c = s[0]
        s = s[1:]
        if c in "aeiouAEIOU":
            c = vowels[-1]
            vowels = vowels[:-1]
        result += c
    return result


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return letters of which about half are vowels."""
    return ("".join(rng.choices("aeiouaeiouAEIOUbcdfghjklmnpqrstvwxyzBRT", k=length)),)


def oracle(s: str) -> str:
    """Return the string with every vowel replaced by the next from the end."""
    vowels = [c for c in s if c.lower() in "aeiou"]
    return sub("[aeiou]", lambda _: vowels.pop(), s, flags=2)
