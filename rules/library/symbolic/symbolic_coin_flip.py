from random import Random

TITLE = "coin flip"
SOURCE = "SR"
SPLIT = "pretrain"
LENGTH = "number of people"


def coin_flip(turns: list[tuple[str, bool]]) -> bool:
    """A coin is heads up. Each pair of {turns} names a person and says whether this person flips the coin. Is the coin still heads up?"""
    heads_up = True
    while turns:
        flips = turns.pop(0)[1]
        if flips:
            heads_up = not heads_up
    return heads_up


def question(turns: list[tuple[str, bool]]) -> str:
    """Return the question in words."""
    told = [f"{name} {'flips' if flips else 'does not flip'} the coin." for name, flips in turns]
    return f"A coin is heads up. {' '.join(told)} Is the coin still heads up?"


_NAMES = (
    "Ada Alan Amos Anna Asha Beth Boris Carl Chloe Clara Dana David Dora Edith Elias Emil Erik Eva "
    "Felix Fiona Frank Gita Gloria Hana Hugo Ida Igor Ines Ivan Jack Jane Jonas Judith Karl Kate "
    "Lars Laura Leo Lily Lucas Maria Max Mia Milan Nadia Nils Nora Olga Oscar Otto Paula Peter "
    "Petra Quentin Rosa Ruth Samir Sara Simon Tara Tom Ursula Vera Viktor Wendy Willem Yara Zoe"
).split()


def inputs(length: int, rng: Random) -> tuple[list[tuple[str, bool]]]:
    """Return people, about half of whom flip the coin; nobody comes twice before all have come."""
    names = rng.sample(_NAMES * (length // len(_NAMES) + 1), length)
    return ([(name, rng.random() < 0.5) for name in names],)


def oracle(turns: list[tuple[str, bool]]) -> bool:
    """Tell whether the number of flips is even."""
    return sum(flips for _, flips in turns) % 2 == 0
