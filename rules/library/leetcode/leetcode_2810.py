"""From length 2 on there is exactly one i, and never at the front; the single letter of length 1
is another one, as LeetCode's strings do not begin with i.
"""

from random import Random

TITLE = "faulty keyboard"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "characters in the string, one of them an i"


def final_string(s: str) -> str:
    """The text {s} is typed on a broken keyboard: the letter i is not written but turns around all that is written so far. What is on the screen in the end?"""
    result = ""
    while s:
        letter = s[0]
        s = s[1:]
        if letter == "i":
            turned = ""
            while result:
                turned = result[0] + turned
                result = result[1:]
            result = turned
        else:
            result += letter
    return result


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return letters with one i among them."""
    letters = rng.choices("abcdefghjklmnopqrstuvwxyz", k=length)
    if length > 1:
        letters[rng.randrange(1, length)] = "i"
    return ("".join(letters),)


def oracle(s: str) -> str:
    """Return the pieces between the i, each one put behind the reversed text before it."""
    text, *pieces = s.split("i")
    for piece in pieces:
        text = text[::-1] + piece
    return text
