"""The published rule sorts with bubble sort, which takes 126,000 characters for 15 words. Here each word goes straight to its place among those before it, which is found by halving."""

from random import Random

TITLE = "word sorting"
SOURCE = "BBH"
SPLIT = "pretrain"
LENGTH = "number of words"


def word_sorting(words: list[str]) -> list[str]:
    """Sort the words {words} alphabetically. What is the list then?"""
    result: list[str] = []
    while words:
        word = words.pop(0)
        low = 0
        high = len(result)
        while low < high:
            middle = (low + high) // 2
            left = word
            right = result[middle]
            while left and left[:1] == right[:1]:
                left = left[1:]
                right = right[1:]
            if left[:1] <= right[:1]:
                high = middle
            else:
                low = middle + 1
        result.insert(low, word)
    return result


_WORDS = (
    "able acid apt arm art ask bag bar bark bean best box car card cat clay cup dawn day deep dew "
    "duck ear edge elm end eye fan far farm fig fog gap gas gate glue gum ham hat help hill hop ice "
    "idea ink inn iron jam jar jazz jet joy key kin kind king knee lamb land leaf lid log map mask "
    "mat mint moon nail nap nest net nut oak oar oil one owl pan pea pear pin pot quay quiz rain "
    "ram red rice rope sea seal shy sky sun tap tea ten toe tub urn use van vase vest view vow wall "
    "wax wet win wood yak yard yes zeal zero zoo"
).split()


def inputs(length: int, rng: Random) -> tuple[list[str]]:
    """Return words, some of which begin alike; none comes twice before all have come."""
    return (rng.sample(_WORDS * (length // len(_WORDS) + 1), length),)


def oracle(words: list[str]) -> list[str]:
    """Return the words as Python sorts them."""
    return sorted(words)
