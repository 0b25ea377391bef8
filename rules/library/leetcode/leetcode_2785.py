from random import Random

TITLE = "sort vowels in a string"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the string"


def sort_vowels(s: str) -> str:
    """In the string {s} all consonants stay where they are, and the vowels are put in the order AEIOUaeiou in the places of the vowels. What is the string then?"""
    # Count the Vowels
    counts = {}
    rest = s
    while rest:
        letter = rest[0]
        rest = rest[1:]
        if letter in "AEIOUaeiou":
            counts[letter] = counts.get(letter, 0) + 1
    # Put Them in Order
    vowels = "AEIOUaeiou"
    result = ""
    while s:
        letter = s[0]
        s = s[1:]
        if letter in "AEIOUaeiou":
            while counts.get(vowels[0], 0) == 0:
                vowels = vowels[1:]
            result += vowels[0]
            counts[vowels[0]] -= 1
        else:
            result += letter
    return result


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return letters, about half of them vowels."""
    letters = "aeiouAEIOUaeiouAEIOUbcdfghklmnprstvwBCDFGKLMNPRST"
    return ("".join(rng.choices(letters, k=length)),)


def oracle(s: str) -> str:
    """Return the string with its sorted vowels taken one by one."""
    vowels = iter(sorted(c for c in s if c.lower() in "aeiou"))
    return "".join(next(vowels) if c.lower() in "aeiou" else c for c in s)
