from random import Random

TITLE = "counting words with a given prefix"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of words"


def prefix_count(words: list[str], pref: str) -> int:
    """How many of the words {words} begin with {pref}?"""
    count = 0
    while words:
        word = words.pop(0)
        i = 0
        while i < len(pref) and i < len(word) and word[i] == pref[i]:
            i += 1
        if i == len(pref):
            count += 1
    return count


def inputs(length: int, rng: Random) -> tuple[list[str], str]:
    """Return words of few different letters, some of them begun like the prefix."""
    letters = rng.sample("abcdefghijklmnopqrstuvwxyz", 4)
    pref = "".join(rng.choices(letters, k=rng.randrange(1, 4)))
    share = rng.random()
    words = []
    for size in rng.choices((1, 2, 3, 4), k=length):
        word = "".join(rng.choices(letters, k=size))
        words.append(pref + word[1:] if rng.random() < share else word)
    return words, pref


def oracle(words: list[str], pref: str) -> int:
    """Return how many words begin so by the library."""
    return sum(word.startswith(pref) for word in words)
