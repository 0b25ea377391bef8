from random import Random

TITLE = "determine if string halves are alike"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of half of the string"


def halves_are_alike(s: str) -> bool:
    """Are there as many vowels (small or capital) in the first half of the string {s} as in its second half?"""
    first_half = 0
    second_half = 0
    while s:
        if s[0] in "aeiouAEIOU":
            first_half += 1
        if s[-1] in "aeiouAEIOU":
            second_half += 1
        s = s[1:-1]
    return first_half == second_half


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return a string whose halves have equal numbers of vowels half of the time."""
    left = rng.choices("aeiouAEIOUbcdfghklmnprstBCDFGHKLMNPRST", k=length)
    vowels = len([letter for letter in left if letter in "aeiouAEIOU"])
    if rng.random() < 0.5:
        others = [number for number in range(length + 1) if abs(number - vowels) in (1, 2)]
        vowels = rng.choice(others)
    right = rng.choices("aeiouAEIOU", k=vowels)
    right += rng.choices("bcdfghklmnprstBCDFGHKLMNPRST", k=length - vowels)
    rng.shuffle(right)
    return ("".join(left + right),)


def oracle(s: str) -> bool:
    """Return whether the counts of the library agree."""
    half = len(s) // 2
    counts = [sum(part.lower().count(v) for v in "aeiou") for part in (s[:half], s[half:])]
    return counts[0] == counts[1]
