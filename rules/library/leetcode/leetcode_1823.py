from random import Random

TITLE = "find the winner of the circular game"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of people n"


def find_the_winner(n: int, k: int) -> int:
    """The people numbered from 1 to {n} sit in a circle. Counting starts at person 1, goes around and counts {k} people; the last one counted leaves, and counting starts anew at the next person who is left. Who is left as the only one?"""
    winner = 0
    people = 1
    while people < n:
        people += 1
        winner = (winner + k) % people
    return winner + 1


def inputs(length: int, rng: Random) -> tuple[int, int]:
    """Return the people and a count that is no greater than their number."""
    return length, rng.randint(1, length)


def oracle(n: int, k: int) -> int:
    """Return who is left after playing the game."""
    circle = list(range(1, n + 1))
    place = 0
    while len(circle) > 1:
        place = (place + k - 1) % len(circle)
        del circle[place]
    return circle[0]
