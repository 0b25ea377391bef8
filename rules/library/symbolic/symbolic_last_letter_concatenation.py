from random import Random

TITLE = "last letter concatenation"
SOURCE = "SR"
SPLIT = "pretrain"
LENGTH = "number of words"


def last_letter_concatenation(words: list[str]) -> str:
    """Take the last letter of each of the words {words} and put these letters together in the same order. What do they make?"""
    result = ""
    while words:
        word = words.pop(0)
        letter = word[-1]
        result = result + letter
    return result


_WORDS = (
    "Amber Basil Bridget Caleb Carlos Cedric Dmitri Doris Edgar Fatima Gustav Hazel Ingrid Isaac "
    "Jacob Jamal Kenji Leonid Louise Magnus Marcel Naomi Nikolai Oliver Philip Rachel Rafael "
    "Rashid Roxy Ruben Sergei Stanislav Tamsin Theodor Tobias Vincent Vivian Walter Yusuf Zelda "
    "anchor basket bridge candle cloud desert engine fabric garden harbor island jacket kettle "
    "ladder magnet needle orbit pocket quartz ribbon shadow tunnel umbrella valley window yellow"
).split()


def inputs(length: int, rng: Random) -> tuple[list[str]]:
    """Return names and other words."""
    return (rng.choices(_WORDS, k=length),)


def oracle(words: list[str]) -> str:
    """Join the last letters."""
    return "".join(word[-1] for word in words)
