"""The published lengths are 2 to 8, since there are eight kinds of adjectives. Here a kind may come several times, in any order, and the noun stands in the phrase too, so that even a single adjective can be misplaced."""

from random import Random
from typing import TypeAlias

TITLE = "hyperbaton"
SOURCE = "BBH"
SPLIT = "pretrain"
LENGTH = "number of adjectives"


def hyperbaton(option_a: list[tuple[str, str]], option_b: list[tuple[str, str]]) -> str:
    """Adjectives stand in the order opinion, size, age, shape, color, origin, material, purpose; the noun comes last. One of the phrases (A) {option_a} and (B) {option_b}, where each word is followed by its kind, keeps the order. Is it "(A)" or "(B)"?"""
    kinds = ["opinion", "size", "age", "shape", "color", "origin", "material", "purpose", "noun"]
    while option_a:
        kind = option_a.pop(0)[1]
        while kinds and kinds[0] != kind:
            kinds.pop(0)
        if not kinds:
            return "(B)"
    return "(A)"


def question(option_a: list[tuple[str, str]], option_b: list[tuple[str, str]]) -> str:
    """Return the question in words."""
    a = " ".join(f"{word} ({kind})" for word, kind in option_a)
    b = " ".join(f"{word} ({kind})" for word, kind in option_b)
    return (
        "Which of the phrases (A) and (B) has its words in the right order, which is opinion, "
        "size, age, shape, color, origin, material, purpose and at last the noun? "
        f"(A) {a} (B) {b}"
    )


_KINDS = {
    "opinion": "awful good lovely nice silly strange terrible wonderful",
    "size": "big enormous huge large little massive small tiny",
    "age": "ancient archaic fresh modern new old recent young",
    "shape": "circular flat oval pyramidal round spherical square triangular",
    "color": "black blue brown gray green pink red white",
    "origin": "Brazilian Chinese Dutch Greek Indian Kenyan Polish Turkish",
    "material": "glass iron leather paper plastic silver steel wooden",
    "purpose": "cleaning cooking driving eating hiking sleeping walking working",
}
_WORDS = [(word, kind) for kind, words in _KINDS.items() for word in words.split()]
_NOUNS = "ball box chair hat knife ship shoe spoon".split()
_ORDER = {kind: place for place, kind in enumerate([*_KINDS, "noun"])}
_Phrase: TypeAlias = list[tuple[str, str]]


def inputs(length: int, rng: Random) -> tuple[_Phrase, _Phrase]:
    """Return a phrase in order and the same with two words exchanged, in any order."""
    right = rng.sample(_WORDS * (length // len(_WORDS) + 1), length)
    right.sort(key=_place)
    right.append((rng.choice(_NOUNS), "noun"))
    first = rng.randrange(length)
    later = [i for i in range(first + 1, length + 1) if right[i][1] != right[first][1]]
    wrong = right.copy()
    second = rng.choice(later[:-1] or later)
    wrong[first], wrong[second] = wrong[second], wrong[first]
    return (right, wrong) if rng.random() < 0.5 else (wrong, right)


def oracle(option_a: _Phrase, option_b: _Phrase) -> str:
    """Sort the first phrase and see whether that changes it."""
    return "(A)" if sorted(option_a, key=_place) == option_a else "(B)"


def _place(word: tuple[str, str]) -> int:
    return _ORDER[word[1]]
