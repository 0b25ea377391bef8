from collections import Counter
from random import Random
from string import ascii_lowercase

TITLE = "valid anagram"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of letters of the word s"


def is_anagram(s: str, t: str) -> bool:
    """Can the letters of the word {s} be arranged to make {t}, each letter being used exactly once?"""
    if len(s) != len(t):
        return False
    counts: dict[str, int] = {}
    while s:
        c = s[0]
        s = s[1:]
        counts[c] = counts.get(c, 0) + 1
    while t:
        c = t[0]
        t = t[1:]
        if c not in counts or counts[c] == 0:
            return False
        counts[c] -= 1
    return True


def inputs(length: int, rng: Random) -> tuple[str, str]:
    """Return a word and its letters shuffled; by a coin, one is changed, lost or added."""
    pool = rng.sample(ascii_lowercase, 2 + int(12 * rng.random()))
    s = rng.choices(pool, k=length)
    t = rng.sample(s, length)
    kind = rng.random()
    if kind < 0.45:
        place = length - 1 - int(length * rng.random() ** 3)
        fresh = ascii_lowercase if rng.random() < 0.3 else pool
        t[place] = rng.choice([c for c in fresh if c != t[place]])
    elif kind < 0.48:
        t.append(rng.choice(pool))
    elif kind < 0.5 and length > 1:
        t.pop()
    return "".join(s), "".join(t)


def oracle(s: str, t: str) -> bool:
    """Tell whether the letters are the same when counted."""
    return Counter(s) == Counter(t)
