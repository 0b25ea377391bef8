from random import Random

TITLE = "rings and rods"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of rings"


def count_points(rings: str) -> int:
    """The string {rings} tells of each ring its colour, R, G or B, and after it the digit of the rod on which the ring is put. How many rods have rings of all three colours?"""
    points = 0
    colors_on = {}
    while rings:
        color = rings[0]
        rod = rings[1]
        rings = rings[2:]
        colors = colors_on.get(rod, "")
        if color not in colors:
            colors += color
            colors_on[rod] = colors
            if len(colors) == 3:
                points += 1
    return points


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return rings on so many of the ten rods that some of the rods get all colours."""
    rods = rng.sample("0123456789", rng.randint(1, min(10, 1 + length // 2)))
    rings = [""] * (2 * length)
    rings[::2] = rng.choices("RGB", k=length)
    rings[1::2] = rng.choices(rods, k=length)
    return ("".join(rings),)


def oracle(rings: str) -> int:
    """Return the number of rods for which each colour is found in the string."""
    return sum(all(color + rod in rings for color in "RGB") for rod in "0123456789")
