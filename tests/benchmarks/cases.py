"""The example rules that are measured, with inputs of a given length for each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

Arguments: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True)
class Case:
    """An example rule and what makes its arguments."""

    name: str
    inputs: Callable[[int, Random], Arguments]

    @property
    def path(self) -> Path:
        """The file of the rule."""
        return EXAMPLES / f"{self.name}.py"

    def arguments(self, length: int) -> Arguments:
        """Return new arguments of a length, the same ones every time."""
        return self.inputs(length, Random(length))


def _numbers(length: int, rng: Random) -> Arguments:
    return ([rng.choice((0, rng.randint(1, 99))) for _ in range(length)],)


def _two_numerals(length: int, rng: Random) -> Arguments:
    lengths = [length, max(length - rng.randint(0, 1), 0)]
    rng.shuffle(lengths)
    return tuple("".join(rng.choices("0123456789", k=n)) for n in lengths)


def _walk(length: int, rng: Random) -> Arguments:
    turns = ("Turn left", "Turn right", "Turn around")
    steps = [f"Take {rng.randint(1, 10)} steps forward" for _ in range(length)]
    return ([rng.choice((step, rng.choice(turns))) for step in steps],)


def _flips(length: int, rng: Random) -> Arguments:
    names = ("Ann", "Bob", "Eve", "Mr. O'Neill")
    return ([(rng.choice(names), rng.choice((True, False))) for _ in range(length)],)


def _number(length: int, rng: Random) -> Arguments:
    return (rng.randrange(10 ** (length - 1), 10**length) if length else 0,)


CASES = (
    Case("move_zeroes", _numbers),
    Case("long_addition", _two_numerals),
    Case("navigate", _walk),
    Case("coin_flip", _flips),
    Case("add_digits", _number),
)
