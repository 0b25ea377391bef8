"""LeetCode's houses are never all of one colour; here they may be, and the answer is then 0, as
it is for a single house.
"""

from random import Random

TITLE = "two furthest houses with different colors"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of houses"


def max_distance(colors: list[int]) -> int:
    """Houses stand in a row, one step from each other, and have the colours {colors}. How many steps apart are the two houses of different colours that are furthest from each other? Answer 0 if there are no two such houses."""
    furthest = 0
    first = colors[0]
    last = colors[-1]
    to_first = 0
    to_last = len(colors) - 1
    while colors:
        color = colors.pop(0)
        if color != first:
            furthest = max(furthest, to_first)
        if color != last:
            furthest = max(furthest, to_last)
        to_first += 1
        to_last -= 1
    return furthest


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return houses of one colour, mostly with a stretch of three colours among them."""
    pool = rng.choices(range(1, 100), k=3)
    colors = [pool[0]] * length
    if rng.random() < 0.85:
        start = rng.randrange(length)
        end = rng.randint(start + 1, length)
        colors[start:end] = rng.choices(pool, k=end - start)
    return (colors,)


def oracle(colors: list[int]) -> int:
    """Return the greatest distance of all pairs of different colours."""
    houses = range(len(colors))
    return max((j - i for i in houses for j in houses if colors[i] != colors[j]), default=0)
