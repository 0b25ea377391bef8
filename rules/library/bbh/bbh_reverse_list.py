from random import Random

TITLE = "reverse list"
SOURCE = "BBH"
SPLIT = "pretrain"
LENGTH = "length of the list"


def reverse_list(items: list[str]) -> list[str]:
    """What is the list {items} when its words are in the opposite order?"""
    result: list[str] = []
    while items:
        item = items.pop(0)
        result.insert(0, item)
    return result


_ITEMS = (
    "anchor apple bag ball basket bell book bottle box brush button cable camera candle card chair "
    "clock coat coin comb cup desk dish door drum fan flag fork glass glove guitar hammer hat jar "
    "kettle key knife ladder lamp lock map mirror mug nail needle pan pen piano plate radio ring "
    "rope ruler scarf shoe soap sofa spoon stamp stone table tape ticket towel umbrella vase"
).split()


def inputs(length: int, rng: Random) -> tuple[list[str]]:
    """Return names of things; none comes twice before all have come."""
    return (rng.sample(_ITEMS * (length // len(_ITEMS) + 1), length),)


def oracle(items: list[str]) -> list[str]:
    """Return the list read with a negative step."""
    return items[::-1]
