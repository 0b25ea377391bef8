"""The published number of people is drawn from 1 to length - 1, which leaves nothing for length
1; here it is the length itself.
"""

from random import Random

TITLE = "find the losers of the circular game"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of people n"


def circular_game_losers(n: int, k: int) -> list[int]:
    """The people numbered from 1 to {n} sit in a circle and pass a ball, which person 1 has at first. In turn i, counted from 1, the ball goes i * {k} places on around the circle. The game ends as soon as somebody gets the ball who has had it before. Which people have never had the ball, in ascending order?"""
    had_ball = {}
    place = 0
    turn = 1
    while place not in had_ball:
        had_ball[place] = True
        place = (place + turn * k) % n
        turn += 1
    losers = []
    place = 0
    while place < n:
        if place not in had_ball:
            person = place + 1
            losers.append(person)
        place += 1
    return losers


def inputs(length: int, rng: Random) -> tuple[int, int]:
    """Return the people and a step that is no longer than the circle."""
    return length, rng.randint(1, length)


def oracle(n: int, k: int) -> list[int]:
    """Return who is not at a triangular number of steps before the first repetition."""
    places = [i * (i + 1) // 2 * k % n for i in range(n + 1)]
    end = next(i for i in range(1, n + 1) if places[i] in places[:i])
    return sorted({*range(1, n + 1)} - {place + 1 for place in places[:end]})
