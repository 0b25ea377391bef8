from random import Random
from string import ascii_lowercase

TITLE = "check if a string is an acronym of words"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of words"


def is_acronym(words: list[str], s: str) -> bool:
    """Do the first letters of the words {words}, in order, make exactly the string {s}?"""
    if len(words) != len(s):
        return False
    while words:
        word = words.pop(0)
        if word[0] != s[0]:
            return False
        s = s[1:]
    return True


def inputs(length: int, rng: Random) -> tuple[list[str], str]:
    """Return words and their acronym, which half of the time has a wrong letter or wrong length."""
    letters = rng.choices(ascii_lowercase, k=4 * length)
    words = ["".join(letters[4 * i : 4 * i + rng.randrange(1, 5)]) for i in range(length)]
    s = "".join(letters[::4])
    kind = rng.random()
    if kind < 0.42:
        place = length - 1 - int(length * rng.random() ** 3)
        wrong = ascii_lowercase.replace(s[place], "")
        s = s[:place] + rng.choice(wrong) + s[place + 1 :]
    elif kind < 0.46:
        s += rng.choice(ascii_lowercase)
    elif kind < 0.5 and length > 1:
        s = s[:-1]
    return words, s


def oracle(words: list[str], s: str) -> bool:
    """Tell whether the acronym, made with a comprehension, is the string."""
    return "".join([word[0] for word in words]) == s
