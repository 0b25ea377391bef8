"""A single letter is always right, so at length 1 the answer is always True."""

from random import Random
from string import ascii_lowercase

TITLE = "detect capital"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the string"


def detect_capital_use(word: str) -> bool:
    """The use of capitals in a word is right if all its letters are capitals, or none is, or only the first is. Is it right in the word {word}?"""
    length = len(word)
    starts_capital = word[0].isupper()
    capitals = 0
    while word:
        c = word[0]
        word = word[1:]
        if c.isupper():
            capitals += 1
    if capitals == 0 or capitals == length:
        return True
    return starts_capital and capitals == 1


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return by a coin a right word, or one with some other capitals than allowed."""
    word = "".join(rng.choices(ascii_lowercase, k=length))
    if length == 1 or rng.random() < 0.5:
        return (rng.choice((word, word.upper(), word.capitalize())),)
    few = 1 + int(3 * rng.random())
    places = rng.sample(range(1, length), min(few, length - 1))
    chars = [c.upper() if i in places else c for i, c in enumerate(word)]
    if len(places) < length - 1 and rng.random() < 0.5:
        chars = [c.swapcase() for c in chars]
    return ("".join(chars),)


def oracle(word: str) -> bool:
    """Tell whether the word is one of its three right forms."""
    return word in (word.upper(), word.lower(), word.capitalize())
