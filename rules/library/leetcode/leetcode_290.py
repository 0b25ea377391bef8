"""The pattern has as many letters as s has words, save in a few of the negative cases."""

from random import Random
from string import ascii_lowercase

TITLE = "word pattern"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of words in the string s"

_WORDS = "ant bat bee cat cod cow dog eel elk emu fly fox gnu hen hog jay owl pig ram rat".split()


def word_pattern(pattern: str, s: str) -> bool:
    """Do the words of {s} follow the pattern {pattern}? That is, are there as many words as letters, does the same letter always stand for the same word, and do different letters stand for different words?"""
    words = s.split()
    if len(words) != len(pattern):
        return False
    word_of: dict[str, str] = {}
    letter_of: dict[str, str] = {}
    while words:
        word = words.pop(0)
        letter = pattern[0]
        pattern = pattern[1:]
        if letter in word_of:
            if word_of[letter] != word:
                return False
        elif word in letter_of:
            return False
        else:
            word_of[letter] = word
            letter_of[word] = letter
    return True


def inputs(length: int, rng: Random) -> tuple[str, str]:
    """Return a pattern and words that follow it, or by a coin do not, mostly from late on."""
    size = rng.randint(1, min(length, 8))
    letters = rng.sample(ascii_lowercase, size)
    names = rng.sample(_WORDS, size + 1)
    places = rng.choices(range(size), k=length)
    pattern = "".join([letters[i] for i in places])
    words = [names[i] for i in places]
    if rng.random() < 0.5:
        return pattern, " ".join(words)
    place = length - 1 - int(length * rng.random() ** 3)
    others = [name for name in words if name != words[place]]
    if others and rng.random() < 0.5:
        words[place] = rng.choice(others)
    elif words.count(words[place]) > 1:
        words[place] = names[size]
    elif length > 1 and rng.random() < 0.5:
        pattern = pattern[:-1]
    else:
        pattern += rng.choice(letters)
    return pattern, " ".join(words)


def oracle(pattern: str, s: str) -> bool:
    """Tell whether every item first occurs at the same place on both sides."""
    words = s.split(" ")
    return [pattern.index(c) for c in pattern] == [words.index(word) for word in words]
