from random import Random

TITLE = "find the longest balanced substring of a binary string"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the string"


def find_the_longest_balanced_substring(s: str) -> int:
    """A string is balanced if it is some zeros and after them as many ones; the empty string is balanced too. What is the length of the longest balanced piece of {s}?"""
    longest = 0
    zeros = 0
    ones = 0
    while s:
        digit = s[0]
        s = s[1:]
        if digit == "0":
            if ones > 0:
                zeros = 0
                ones = 0
            zeros += 1
        else:
            ones += 1
            if ones <= zeros:
                longest = max(longest, 2 * ones)
    return longest


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return zeros and ones in turn, in runs that are no longer than a bound drawn first."""
    longest = rng.randint(1 if length < 3 else 2, 2 + length // 3)
    s = ""
    digit = rng.choice("001")
    while len(s) < length:
        s += digit * rng.randint(1, longest)
        digit = "1" if digit == "0" else "0"
    return (s[:length],)


def oracle(s: str) -> int:
    """Return the greatest length for which the balanced string is found."""
    return max(2 * k for k in range(len(s) // 2 + 1) if "0" * k + "1" * k in s)
