from random import Random

TITLE = "reverse words in a string iii"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the string, spaces included"


def reverse_words(s: str) -> str:
    """Reverse the characters of every word in {s}; the words and spaces stay in their order. What is the string then?"""
    result = ""
    word = ""
    while s:
        c = s[0]
        s = s[1:]
        if c == " ":
            result += word + " "
            word = ""
        else:
            word = c + word
    return result + word


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return words of one to seven characters with single spaces between them."""
    chars = rng.choices("abcdefghijklmnopqrstuvwxyzABCDE'", k=length)
    space = rng.randrange(1, 8)
    while space < length - 1:
        chars[space] = " "
        space += 2 + int(6 * rng.random())
    return ("".join(chars),)


def oracle(s: str) -> str:
    """Return the reversed string with its words in reverse."""
    return " ".join(s[::-1].split(" ")[::-1])
