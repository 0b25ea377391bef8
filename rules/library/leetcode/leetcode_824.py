from random import Random

TITLE = "goat latin"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of words"

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZaeiouaeiouaeiouAEIOU"


def to_goat_latin(sentence: str) -> str:
    """Change each word of {sentence} in this way: unless it begins with a vowel (small or capital), move its first letter to its end; then add "ma"; then add the letter "a" once for the first word, twice for the second word, and so on. What is the sentence then?"""
    words = sentence.split()
    result = []
    ending = "ma"
    while words:
        word = words.pop(0)
        ending += "a"
        if word[0] not in "aeiouAEIOU":
            word = word[1:] + word[0]
        word += ending
        result.append(word)
    return " ".join(result)


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return words of one to five letters, about half of them with a vowel first."""
    sizes = rng.choices(range(1, 6), k=length)
    return (" ".join(["".join(rng.choices(_LETTERS, k=size)) for size in sizes]),)


def oracle(sentence: str) -> str:
    """Return the words, rotated by splitting off their first letters."""
    return " ".join(
        (w if w[0].lower() in set("aeiou") else f"{w[1:]}{w[:1]}") + "m" + "a" * (i + 2)
        for i, w in enumerate(sentence.split(" "))
    )
