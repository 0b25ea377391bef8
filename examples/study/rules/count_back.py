from random import Random

TITLE = "Take letters off while counting back"
LENGTH = "how many letters are taken off"


def count_back(word: str, number: int, stop: int) -> str:
    """Take a letter off the front of {word} for each step from {number} back to {stop}. What is left?"""
    while number > stop:
        word = word[1:]
        number -= 1
    return word


def inputs(length: int, rng: Random) -> tuple[str, int, int]:
    stop = rng.randrange(60)
    letters = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=length + rng.randrange(4)))
    return letters, stop + length, stop


def oracle(word: str, number: int, stop: int) -> str:
    return word[number - stop :]
