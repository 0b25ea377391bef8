"""LeetCode asks for two letters or more; when the only letter is removed, no letter is left that
could differ.
"""

from collections import Counter
from random import Random

TITLE = "remove letter to equalize frequency"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the string"


def equal_frequency(word: str) -> bool:
    """Can exactly one letter be removed from {word} so that all different letters which are left occur equally often?"""
    # Count the Letters
    counts = {}
    while word:
        letter = word[0]
        word = word[1:]
        counts[letter] = counts.get(letter, 0) + 1
    # Try to Remove Each Letter
    for removed in counts:
        wanted = 0
        equal = True
        for letter in counts:
            count = counts[letter]
            if letter == removed:
                count -= 1
            if count > 0:
                if wanted == 0:
                    wanted = count
                elif count != wanted:
                    equal = False
                    break
        if equal:
            return True
    return False


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return equally frequent letters and one letter more, or letters that do not fit."""
    letters = rng.sample("abcdefghijklmnopqrstuvwxyz", 7)
    if length < 4 or rng.random() < 0.5:
        kinds = rng.choice([k for k in range(1, 7) if (length - 1) % k == 0])
        word = letters[:kinds] * ((length - 1) // kinds) + letters[kinds - rng.randrange(2) :][:1]
        rng.shuffle(word)
    else:
        word = rng.choices(letters[:3], k=length)
        while _fits(word):
            word = rng.choices(letters[: rng.randint(2, 4)], k=length)
    return ("".join(word),)


def oracle(word: str) -> bool:
    """Return whether one of the strings with a letter less has counts of one size only."""
    rests = (word[:i] + word[i + 1 :] for i in range(len(word)))
    return any(len(set(Counter(rest).values())) < 2 for rest in rests)


def _fits(word: list[str]) -> bool:
    counts = sorted(map(word.count, set(word)))
    one_more = len({*counts[:-1], counts[-1] - 1}) == 1
    return one_more or (counts[0] == 1 and len(set(counts[1:])) < 2)
