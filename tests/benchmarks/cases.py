"""The rules that are measured, with inputs of a given length for each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

if __package__:
    from . import handwritten
else:  # run as a script
    import handwritten

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

Arguments: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True)
class Case:
    """An example rule, the script written by hand for it, and what makes its arguments."""

    name: str
    handwritten: Callable[..., str]
    inputs: Callable[[int, Random], Arguments]

    @property
    def path(self) -> Path:
        """The file of the rule."""
        return EXAMPLES / f"{self.name}.py"

    def arguments(self, length: int) -> Arguments:
        """Return new arguments of a length: the same ones every time."""
        return self.inputs(length, Random(length))


def _numbers(length: int, rng: Random) -> Arguments:
    return ([rng.choice((0, rng.randint(1, 99))) for _ in range(length)],)


def _digits(length: int, rng: Random) -> str:
    return "".join(rng.choices("0123456789", k=length))


def _two_numbers(length: int, rng: Random) -> Arguments:
    lengths = [length, max(length - 1, 0)]
    rng.shuffle(lengths)
    return tuple(_digits(n, rng) for n in lengths)


def _walk(length: int, rng: Random) -> Arguments:
    turns = ("Turn left", "Turn right", "Turn around")
    return (
        [
            rng.choice(turns) if rng.random() < 0.5 else f"Take {rng.randint(1, 10)} steps forward"
            for _ in range(length)
        ],
    )


def _turns(length: int, rng: Random) -> Arguments:
    names = ("Ann", "Bob", "Eve", "Mr. O'Neill")
    return ([(rng.choice(names), rng.random() < 0.5) for _ in range(length)],)


def _number(length: int, rng: Random) -> Arguments:
    return (rng.randrange(10 ** (length - 1), 10**length) if length else 0,)


CASES = (
    Case("move_zeroes", handwritten.move_zeroes, _numbers),
    Case("long_addition", handwritten.long_addition, _two_numbers),
    Case("navigate", handwritten.navigate, _walk),
    Case("coin_flip", handwritten.coin_flip, _turns),
    Case("add_digits", handwritten.add_digits, _number),
)
