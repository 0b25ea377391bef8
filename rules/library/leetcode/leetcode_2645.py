from itertools import pairwise
from random import Random

TITLE = "minimum additions to make valid string"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the string"


def add_minimum(word: str) -> int:
    """Letters a, b and c can be put in anywhere in the string {word}. What is the least number of letters to put in, so that it becomes "abc" written once or several times in a row?"""
    added = 0
    while word:
        for letter in "abc":
            if word and word[0] == letter:
                word = word[1:]
            else:
                added += 1
    return added


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return random letters, or the letters a, b and c in turn with some of them left out."""
    if rng.random() < 0.5:
        return ("".join(rng.choices("abc", k=length)),)
    steps = rng.choices((1, 1, 1, 2), k=length)
    word = ""
    i = rng.randrange(3)
    for step in steps:
        word += "abc"[i % 3]
        i += step
    return (word,)


def oracle(word: str) -> int:
    """Return what is missing in the blocks, which begin where letters do not ascend."""
    blocks = 1 + sum(a >= b for a, b in pairwise(word))
    return 3 * blocks - len(word)
