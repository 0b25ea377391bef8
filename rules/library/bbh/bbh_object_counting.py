from random import Random

TITLE = "object counting"
SOURCE = "BBH"
SPLIT = "pretrain"
LENGTH = "number of things named, each with its count"


def object_counting(objects: list[tuple[str, int]], kind: str) -> int:
    """Each pair of {objects} names a thing and says how many of it there are. How many {kind} are there in all?"""
    if kind == "fruits":
        names = ["apple", "banana", "grape", "lemon", "orange", "pear", "plum"]
    elif kind == "vegetables":
        names = ["bean", "beet", "carrot", "cucumber", "leek", "onion", "turnip"]
    elif kind == "animals":
        names = ["bear", "cat", "cow", "dog", "duck", "elephant", "goat"]
    else:
        names = ["accordion", "drum", "flute", "guitar", "piano", "trumpet", "violin"]
    total = 0
    while objects:
        name, count = objects.pop(0)
        if name in names:
            total += count
    return total


def question(objects: list[tuple[str, int]], kind: str) -> str:
    """Return the question in words."""
    told = []
    for name, count in objects:
        article = "an" if name[0] in "aeiou" else "a"
        told.append(f"{_NUMBERS[count]} {name}s" if count > 1 else f"{article} {name}")
    listed = f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]
    return f"I have {listed}. How many {kind} do I have?"


_KINDS = {
    "fruits": "apple banana grape lemon orange pear plum".split(),
    "vegetables": "bean beet carrot cucumber leek onion turnip".split(),
    "animals": "bear cat cow dog duck elephant goat".split(),
    "musical instruments": "accordion drum flute guitar piano trumpet violin".split(),
}
_NAMES = [(name, kind) for kind, names in _KINDS.items() for name in names]
_NUMBERS = "no one two three four five six seven eight nine".split()


def inputs(length: int, rng: Random) -> tuple[list[tuple[str, int]], str]:
    """Return things, none twice before all have come, and mostly a kind that is among them."""
    names = rng.sample(_NAMES * (length // len(_NAMES) + 1), length)
    counts = rng.choices((1, 1, 2, 3, 4, 5, 6, 7), k=length)
    objects = [(name, count) for (name, _), count in zip(names, counts, strict=True)]
    kind = names[0][1] if rng.random() < 0.8 else rng.choice(list(_KINDS))
    rng.shuffle(objects)
    return objects, kind


def oracle(objects: list[tuple[str, int]], kind: str) -> int:
    """Add up the counts of the things in the table of the kind."""
    return sum(count for name, count in objects if name in _KINDS[kind])
