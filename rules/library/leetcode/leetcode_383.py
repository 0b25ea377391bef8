from collections import Counter
from random import Random
from string import ascii_lowercase

TITLE = "ransom note"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the magazine"


def can_construct(ransom_note: str, magazine: str) -> bool:
    """Can the note {ransom_note} be put together from letters cut out of {magazine}, each of which serves only once?"""
    counts: dict[str, int] = {}
    while magazine:
        c = magazine[0]
        magazine = magazine[1:]
        counts[c] = counts.get(c, 0) + 1
    while ransom_note:
        c = ransom_note[0]
        ransom_note = ransom_note[1:]
        if c not in counts or counts[c] == 0:
            return False
        counts[c] -= 1
    return True


def inputs(length: int, rng: Random) -> tuple[str, str]:
    """Return a magazine and some of its letters, by a coin with one more that it lacks."""
    magazine = rng.choices(rng.sample(ascii_lowercase, min(2 + length // 3, 20)), k=length)
    note = rng.sample(magazine, rng.randint(1, length))
    if rng.random() < 0.5:
        wrong = rng.choice(magazine)
        if rng.random() < 0.3:
            wrong = rng.choice([c for c in ascii_lowercase if c not in magazine])
        note = [c for c in note if c != wrong] + [wrong] * (magazine.count(wrong) + 1)
        rng.shuffle(note)
    return "".join(note), "".join(magazine)


def oracle(ransom_note: str, magazine: str) -> bool:
    """Tell whether nothing is left when the letters of the magazine are taken away."""
    return not Counter(ransom_note) - Counter(magazine)
