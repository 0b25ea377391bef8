from random import Random
from string import ascii_lowercase

TITLE = "rotate string"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of s"


def rotate_string(s: str, goal: str) -> bool:
    """A shift moves the first character of a string to its end. Can some number of shifts turn {s} into {goal}?"""
    if len(s) != len(goal):
        return False
    shifts = 0
    while shifts < len(s):
        if s == goal:
            return True
        s = s[1:] + s[0]
        shifts += 1
    return False


def inputs(length: int, rng: Random) -> tuple[str, str]:
    """Return a string and, by a coin, a rotation of it, mostly a late one, or a spoilt rotation."""
    pool = rng.sample(ascii_lowercase, 2 + int(8 * rng.random()))
    s = "".join(rng.choices(pool, k=length))
    shifts = length - 1 - int(length * rng.random() ** 2)
    goal = s[shifts:] + s[:shifts]
    kind = rng.random()
    if kind < 0.03:
        goal += rng.choice(pool)
    elif kind < 0.05 and length > 1:
        goal = goal[1:]
    elif kind < 0.5:
        if kind < 0.25:
            goal = "".join(rng.sample(s, length))
        if goal in s + s:
            goal = rng.choice([c for c in pool if c != goal[0]]) + goal[1:]
    return s, goal


def oracle(s: str, goal: str) -> bool:
    """Tell whether the goal is in the string written twice."""
    return len(s) == len(goal) and goal in s + s
