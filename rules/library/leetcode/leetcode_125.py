"""The string has twice as many characters as the length says."""

from random import Random
from string import ascii_lowercase, digits

TITLE = "valid palindrome"
SOURCE = "LeetCode"
SPLIT = "downstream"
LENGTH = "half length of the string"


def is_palindrome(s: str) -> bool:
    """Look only at the letters and digits of the string {s}, and take upper and lower case as the same. Does it read the same forwards and backwards?"""
    while s:
        first = s[0].lower()
        last = s[-1].lower()
        if first == last:
            s = s[1:-1]
        elif not first.isalnum():
            s = s[1:]
        elif not last.isalnum():
            s = s[:-1]
        else:
            return False
    return True


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return a palindrome with other characters strewn in, half of the time with a letter changed."""
    gaps = sum(rng.choices((0, 1), (5, 1), k=length))
    half = rng.choices(ascii_lowercase + digits, k=length - gaps)
    s = half + half[::-1]
    if half and rng.random() < 0.5:
        i = max(rng.randrange(len(half)), rng.randrange(len(half)))
        s[i] = rng.choice(ascii_lowercase.replace(s[i], ""))
    for _ in range(2 * gaps):
        s.insert(rng.randrange(len(s) + 1), rng.choice(" ,:!"))
    return ("".join([c.upper() if rng.random() < 0.2 else c for c in s]),)


def oracle(s: str) -> bool:
    """Compare the characters that count with themselves reversed."""
    letters = [c for c in s.lower() if c.isalnum()]
    return letters == letters[::-1]
