"""The published length counts the characters of one word; here it counts those of the whole
title.
"""

from random import Random

TITLE = "capitalize the title"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of characters in the title, spaces included"

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def capitalize_title(title: str) -> str:
    """Write the words of {title} so that a word of one or two letters is all in small letters, and a longer word has a capital first and small letters after it. What is the title then?"""
    result = []
    words = title.split()
    while words:
        word = words.pop(0)
        new_word = ""
        if len(word) > 2:
            new_word = word[0].upper()
            word = word[1:]
        while word:
            new_word += word[0].lower()
            word = word[1:]
        result.append(new_word)
    return " ".join(result)


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return words of up to six letters, one space apart."""
    letters = rng.choices(_LETTERS, k=length)
    space = rng.randrange(1, 7)
    while space < length - 1:
        letters[space] = " "
        space += rng.randrange(2, 8)
    return ("".join(letters),)


def oracle(title: str) -> str:
    """Return the title, its words capitalized by the library."""
    return " ".join(w.capitalize() if len(w) > 2 else w.lower() for w in title.split(" "))
