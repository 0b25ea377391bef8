from random import Random

TITLE = "sort the people"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of people"

_NAMES = "Ann Bob Cleo Dan Eve Finn Gus Hal Ida Joe Kim Leo Mia Ned Ola Pia Ray Sue Tom Uma Vic Zoe"


def sort_people(names: list[str], heights: list[int]) -> list[str]:
    """The people {names} have the heights {heights}, in this order. What are their names from the tallest person to the shortest?"""
    result = []
    placed = []
    while names:
        name = names.pop(0)
        height = heights.pop(0)
        place = 0
        for other in placed:
            if other < height:
                break
            place += 1
        result.insert(place, name)
        placed.insert(place, height)
    return result


def inputs(length: int, rng: Random) -> tuple[list[str], list[int]]:
    """Return names, which may repeat, and different heights."""
    return rng.choices(_NAMES.split(), k=length), rng.sample(range(100, 200 + length), length)


def oracle(names: list[str], heights: list[int]) -> list[str]:
    """Return the names, sorted with their heights by the library."""
    return [name for _, name in sorted(zip(heights, names, strict=True), reverse=True)]
