from random import Random

TITLE = "furthest point from origin"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of moves"


def furthest_distance_from_origin(moves: str) -> int:
    """You start at 0 on a number line and make the moves {moves}: L is one step to the left, R is one step to the right, and for _ you choose one of the two. How far from 0 can you be after all moves?"""
    position = 0
    free = 0
    while moves:
        move = moves[0]
        moves = moves[1:]
        if move == "L":
            position -= 1
        elif move == "R":
            position += 1
        else:
            free += 1
    return abs(position) + free


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return moves of which either one side or the free ones are more frequent."""
    return ("".join(rng.choices(rng.choice(("LR", "LR_", "LLR_", "LRRR_")), k=length)),)


def oracle(moves: str) -> int:
    """Return the better one of making all free moves to the left or to the right."""
    ends = [len(moves) - 2 * moves.replace("_", side).count("L") for side in "LR"]
    return max(abs(end) for end in ends)
