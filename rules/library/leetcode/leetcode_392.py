from itertools import pairwise
from random import Random
from string import ascii_lowercase

TITLE = "is subsequence"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the string t"


def is_subsequence(s: str, t: str) -> bool:
    """Can the string {s} be made from the string {t} by leaving out some or no characters and keeping the order of the others?"""
    while s and t:
        c = t[0]
        t = t[1:]
        if c == s[0]:
            s = s[1:]
    return s == ""


def inputs(length: int, rng: Random) -> tuple[str, str]:
    """Return t and, by a coin, some of its characters in order, or these with a flaw."""
    t = rng.choices(rng.sample(ascii_lowercase, 3 + int(8 * rng.random())), k=length)
    share = rng.random() ** 0.5
    s = [c for c in t if rng.random() < share] or [t[-1]]
    if rng.random() < 0.5:
        place = len(s) - 1 - int(len(s) * rng.random() ** 2)
        s[place] = rng.choice(t) if rng.random() < 0.8 else rng.choice(ascii_lowercase)
        rest = iter(t)
        while all(c in rest for c in s):
            s.append(rng.choice(t))
            rest = iter(t)
    return "".join(s), "".join(t)


def oracle(s: str, t: str) -> bool:
    """Tell whether the longest common subsequence is all of s."""
    row = [0] * (len(s) + 1)
    for c in t:
        new = [0]
        for want, (both, one) in zip(s, pairwise(row), strict=True):
            new.append(both + 1 if c == want else max(one, new[-1]))
        row = new
    return row[-1] == len(s)
