from random import Random

TITLE = "verifying an alien dictionary"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of words"

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def is_alien_sorted(words: list[str], order: str) -> bool:
    """In another language the order of the letters is {order}. Are the words {words} sorted as in a dictionary of this language, where a word comes before the longer words that begin with it?"""
    previous = words.pop(0)
    while words:
        word = words.pop(0)
        i = 0
        while i < len(previous) and i < len(word) and previous[i] == word[i]:
            i += 1
        if i < len(previous):
            if i == len(word):
                return False
            first = previous[i]
            second = word[i]
            for letter in order:
                if letter in (first, second):
                    break
            if letter == second:
                return False
        previous = word
    return True


def inputs(length: int, rng: Random) -> tuple[list[str], str]:
    """Return sorted words of few different letters, half of the time with two neighbours swapped."""
    letters = rng.sample(_ALPHABET, 26)
    order = "".join(letters)
    sizes = rng.choices((1, 2, 2, 3, 4), k=length)
    words = ["".join(rng.choices(letters[:20:4], k=size)) for size in sizes]
    places = str.maketrans(order, _ALPHABET)
    words.sort(key=lambda word: word.translate(places))
    if length > 1 and rng.random() < 0.55:
        i = rng.randrange((length - 1) // 2, length - 1)
        words[i], words[i + 1] = words[i + 1], words[i]
    return words, order


def oracle(words: list[str], order: str) -> bool:
    """Return whether sorting by the places of the letters changes nothing."""
    return words == sorted(words, key=lambda word: [order.index(letter) for letter in word])
