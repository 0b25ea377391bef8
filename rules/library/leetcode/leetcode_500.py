from random import Random

TITLE = "keyboard row"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of words"


def find_words(words: list[str]) -> list[str]:
    """The letters of a keyboard stand in the rows "qwertyuiop", "asdfghjkl" and "zxcvbnm". Which of the words {words} can be typed with the letters of a single row, upper case or lower?"""
    result = []
    while words:
        word = words.pop(0)
        first = word[0].lower()
        if first in "qwertyuiop":
            row = "qwertyuiop"
        elif first in "asdfghjkl":
            row = "asdfghjkl"
        else:
            row = "zxcvbnm"
        rest = word[1:]
        while rest and rest[0].lower() in row:
            rest = rest[1:]
        if rest == "":
            result.append(word)
    return result


_WORDS = (
    # Of one row
    "top pit row Wet pure your tire Rope root tie put toy Power you were ripe dad Ask gas hall Dash "
    "sad glad lash flag Alaska cvb Mmm nm zxc bvm xxc vbn Czz mnb "
    # Of several rows
    "rows quiz salt flat Dame lake hat fade sky wolf Peace moon bcd zxq Nmk vbw mix jump trim worm "
    "tied axe pen tax Hello yours pod rub tops ashy gold xva wits"
).split()
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def inputs(length: int, rng: Random) -> tuple[list[str]]:
    """Return words of which about half have a letter of another row, mostly near the end."""
    return (rng.choices(_WORDS, k=length),)


def oracle(words: list[str]) -> list[str]:
    """Return the words whose letters are a subset of a row."""
    return [word for word in words if any(set(word.lower()) <= set(row) for row in _ROWS)]
