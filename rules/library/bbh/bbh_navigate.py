from random import Random

TITLE = "navigate"
SOURCE = "BBH"
SPLIT = "pretrain"
LENGTH = "number of instructions"


def navigate(instructions: list[str]) -> bool:
    """You face north and follow the instructions {instructions} one by one. Do you return to the starting point?"""
    # Initialize Location
    x = 0
    y = 0
    # Initialize Direction
    dx = 0
    dy = 1
    # Follow Instructions
    while instructions:
        instruction = instructions.pop(0)
        if instruction == "Turn left":
            dx, dy = -dy, dx
        elif instruction == "Turn right":
            dx, dy = dy, -dx
        elif instruction == "Turn around":
            dx, dy = -dx, -dy
        else:
            steps = int(instruction.split()[1])
            x += dx * steps
            y += dy * steps
    # Compare with the Start
    return x == 0 and y == 0


def question(instructions: list[str]) -> str:
    """Return the question in words."""
    told = ". ".join(instructions)
    return f"If you follow these instructions, do you return to the starting point? {told}."


def inputs(length: int, rng: Random) -> tuple[list[str]]:
    """Return a way that leads back to the start, half of the time with a number of steps changed."""
    way: list[str] = []
    place, direction = 0j, 1j
    back: list[str] = []
    while len(way) + len(back) != length:
        if len(way) == length:
            way, back = [], []
            place, direction = 0j, 1j
        if rng.random() < 0.55:
            steps = rng.randint(1, 9)
            way.append(_take(steps))
            place += steps * direction
        else:
            turn = rng.choice(_TURNS)
            way.append(turn)
            direction *= _FACTORS[turn]
        if len(way) >= length - 4:
            back = _way_back(-place / direction)
    way += back
    if rng.random() < 0.5:
        i = rng.choice([i for i in range(length) if way[i] not in _FACTORS] or [length - 1])
        steps = 0 if way[i] in _FACTORS else int(way[i].split()[1])
        way[i] = _take(steps + rng.randint(1, 5))
    return (way,)


def oracle(instructions: list[str]) -> bool:
    """Walk in the plane of the complex numbers, where to turn left is to multiply by i."""
    place, direction = 0j, 1j
    for instruction in instructions:
        if instruction in _FACTORS:
            direction *= _FACTORS[instruction]
        else:
            place += direction * int(instruction.split()[1])
    return place == 0


_TURNS = ("Turn left", "Turn right", "Turn around")
_FACTORS = {"Turn left": 1j, "Turn right": -1j, "Turn around": -1 + 0j}


def _take(steps: int) -> str:
    return f"Take {steps} steps" if steps > 1 else "Take 1 step"


def _way_back(start: complex) -> list[str]:
    """Return the shortest way to a place, given as seen by one who looks along the real axis."""
    ahead, left = round(start.real), round(start.imag)
    way = []
    if left:
        turn = "Turn left" if left > 0 else "Turn right"
        if ahead > 0:
            way.append(_take(ahead))
        way += [turn, _take(abs(left))]
        if ahead < 0:
            way += [turn, _take(-ahead)]
    elif ahead:
        if ahead < 0:
            way.append("Turn around")
        way.append(_take(abs(ahead)))
    return way
