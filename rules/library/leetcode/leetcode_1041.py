from random import Random

TITLE = "robot bounded in circle"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of instructions"


def is_robot_bounded(instructions: str) -> bool:
    """A robot faces north and repeats the instructions {instructions} for ever: G is one step forward, L is a left turn and R is a right turn on the spot. Does it always stay within some circle?"""
    # Follow the Instructions Once
    x = 0
    y = 0
    dx = 0
    dy = 1
    while instructions:
        instruction = instructions[0]
        instructions = instructions[1:]
        if instruction == "G":
            x += dx
            y += dy
        elif instruction == "L":
            dx, dy = -dy, dx
        else:
            dx, dy = dy, -dx
    # Compare with the Start
    if x == 0 and y == 0:
        return True
    return dy != 1


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return instructions that leave the robot facing north half of the time, with some round trips."""
    kind = rng.random()
    if kind > 0.85 and length > 3 and length % 2 == 0:
        there = "".join(rng.choices("GGGLR", k=length // 2 - 2))
        back = there[::-1].translate(str.maketrans("LR", "RL"))
        return (there + rng.choice(("LL", "RR")) + back + rng.choice(("LL", "RR")),)
    moves = "".join(rng.choices("GGLR", k=length))
    while (kind < 0.5) != ((moves.count("L") - moves.count("R")) % 4 == 0):
        moves = "".join(rng.choices("GGLR", k=length))
    return (moves,)


def oracle(instructions: str) -> bool:
    """Return whether the robot is at the start again after four rounds."""
    position = 0 + 0j
    heading = 1j
    for instruction in 4 * instructions:
        heading *= {"G": 1, "L": 1j, "R": -1j}[instruction]
        position += heading * (instruction == "G")
    return position == 0
