from random import Random

TITLE = "can place flowers"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array"


def can_place_flowers(flowerbed: list[int], n: int) -> bool:
    """In the row of plots {flowerbed}, 1 is a plot with a flower and 0 is an empty one. Flowers must never be in neighbouring plots. Is there room for n = {n} more flowers?"""
    placed = 0
    before = 0
    while flowerbed:
        plot = flowerbed.pop(0)
        if plot == 0 and before == 0 and (not flowerbed or flowerbed[0] == 0):
            plot = 1
            placed += 1
        before = plot
    return placed >= n


def inputs(length: int, rng: Random) -> tuple[list[int], int]:
    """Return a legal flowerbed and, by a coin, at most as many flowers as fit, or one too many."""
    chance = 0.1 + 0.5 * rng.random()
    fits = rng.random() < 0.5
    flowerbed = [0] * length
    for i in range(length):
        if (i == 0 or flowerbed[i - 1] == 0) and rng.random() < chance:
            flowerbed[i] = 1
    room = _room(flowerbed)
    if fits:
        return flowerbed, room if rng.random() < 0.7 else rng.randint(0, room)
    return (flowerbed, room + 1) if length > 1 else ([1], 1)


def _room(flowerbed: list[int]) -> int:
    gaps = "".join(map(str, [0, *flowerbed, 0])).split("1")
    return sum(max(0, len(gap) - 1) // 2 for gap in gaps)


def oracle(flowerbed: list[int], n: int) -> bool:
    """Tell whether they fit, from the lengths of the gaps between the flowers."""
    return n <= _room(flowerbed)
