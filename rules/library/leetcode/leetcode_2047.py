from random import Random
from re import fullmatch

TITLE = "number of valid words in a sentence"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of words, valid or not"


def count_valid_words(sentence: str) -> int:
    """The sentence {sentence} consists of words with one or more spaces between them. A word is valid if it has no digit, has at most one hyphen, which must stand between two letters, and has at most one of the marks '!', '.' and ',', which must be its last character. How many words of the sentence are valid?"""
    count = 0
    words = sentence.split()
    while words:
        word = words.pop(0)
        valid = True
        hyphens = 0
        before = ""
        while word and valid:
            c = word[0]
            word = word[1:]
            if c == "-":
                hyphens += 1
                valid = hyphens == 1 and before.isalpha() and word[:1].isalpha()
            elif not c.isalpha():
                valid = c in "!.," and word == ""
            before = c
        if valid:
            count += 1
    return count


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return short words, about half of them valid, with one or two spaces between them."""
    sentence = _random(rng)
    for _ in range(length - 1):
        sentence += ("  " if rng.random() < 0.2 else " ") + _random(rng)
    return (sentence,)


def _random(rng: Random) -> str:
    word = "".join(rng.choices("abcdefghijklmnoprstuvwy", k=int(1 + 3 * rng.random())))
    kind = rng.random()
    if kind < 0.25:
        return word
    if kind < 0.4:
        return word + "-" + rng.choice(("a", "be", "it", "so-", "up1", "we."))
    if kind < 0.6:
        return word + rng.choice("!.,")
    if kind < 0.63:
        return rng.choice("!.,-7")
    place = int((len(word) + 1) * rng.random())
    return word[:place] + rng.choice("--!.,0123456789") + word[place:]


def oracle(sentence: str) -> int:
    """Return how many words match a regular expression."""
    pattern = r"([a-z]+(-[a-z]+)?)?[!.,]?"
    return sum(fullmatch(pattern, word) is not None for word in sentence.split())
