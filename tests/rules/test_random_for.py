"""The random numbers of instances: the same on every Python, machine and hash seed."""

from rfft.rules import random_for

from .files import task


def test_pinned() -> None:
    assert random_for("a", 0, 1, 2).randrange(10**12) == PINNED_NUMBER
    hints = "a: int, b: str, c: list[list[int]], d: dict[str, bool], e: set[int], f: float"
    made = task(f"def f({hints}, g: tuple[str | None, ...]): return a").arguments(4, 7, 1)
    assert made == PINNED


PINNED_NUMBER = 87530293896
PINNED = (
    7801,
    "mbwx",
    [[67, 25], [91, 69], [13, 25], [63, 77]],
    {"jj": True, "qhal": True, "zf": True, "fe": True},
    {88, 34, 47, 79},
    5545.63,
    ("raop", "ft", None, "epxdq"),
)


def test_no_two_of_the_four_can_stand_for_each_other() -> None:
    firsts = {
        random_for(task, seed, length, index).random()
        for task in ("a", "b")
        for seed in range(5)
        for length in range(5)
        for index in range(5)
    }
    assert len(firsts) == 250
