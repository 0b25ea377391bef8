"""A pillow is passed between at least two people, so the shortest length is 2."""

from random import Random

TITLE = "pass the pillow"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of people n"
MIN_LENGTH = 2


def pass_the_pillow(n: int, time: int) -> int:
    """In a row stand {n} people, numbered from 1. Person 1 holds a pillow, and every second the pillow goes one person on, at first towards the last person; whenever it is at an end of the row, it goes the other way from there. Who holds it after {time} seconds?"""
    person = 1
    step = 1
    while time > 0:
        if person == n:
            step = -1
        elif person == 1:
            step = 1
        person += step
        time -= 1
    return person


def inputs(length: int, rng: Random) -> tuple[int, int]:
    """Return a row of people and a time that is enough for up to three passages of the row."""
    return length, rng.randint(1, 3 * length)


def oracle(n: int, time: int) -> int:
    """Return the place in the round trip that takes 2n - 2 seconds."""
    place = time % (2 * n - 2)
    return min(place, 2 * n - 2 - place) + 1
