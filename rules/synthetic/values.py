"""What the parameters of drawn programs can be."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar


class Values(ABC):
    """What a parameter can be."""

    noun: ClassVar[str]
    """What it is called in a question."""
    measure: ClassVar[str]
    """What the length of the instance counts in it; nothing for a number that has none."""

    @abstractmethod
    def make(self, size: int, rng: Random) -> Any:
        """Return a value of this size."""


@dataclass(frozen=True, slots=True)
class Numbers(Values):
    """Lists of numbers from `low` to `high`."""

    low: int
    high: int
    noun = "list"
    measure = "length of the list"

    def make(self, size: int, rng: Random) -> list[int]:
        return rng.choices(range(self.low, self.high + 1), k=size)


@dataclass(frozen=True, slots=True)
class Text(Values):
    """Texts of the letters of an alphabet."""

    alphabet: str
    noun = "string"
    measure = "length of the string"

    def make(self, size: int, rng: Random) -> str:
        return "".join(rng.choices(self.alphabet, k=size))


@dataclass(frozen=True, slots=True)
class Pieces(Text):
    """Texts that so many cuts of `by` characters use up."""

    by: int
    measure = "times that the loop runs"

    def make(self, size: int, rng: Random) -> str:
        return Text.make(self, self.by * size, rng)


@dataclass(frozen=True, slots=True)
class Words(Values):
    """Lists of words of one to four letters of an alphabet."""

    alphabet: str
    noun = "list"
    measure = "length of the list"

    def make(self, size: int, rng: Random) -> list[str]:
        sizes = rng.choices((1, 2, 3, 4), k=size)
        return ["".join(rng.choices(self.alphabet, k=count)) for count in sizes]


@dataclass(frozen=True, slots=True)
class Digits(Values):
    """Numbers of so many digits."""

    noun = "number"
    measure = "digits of the number"

    def make(self, size: int, rng: Random) -> int:
        return rng.randrange(10 ** (size - 1), 10**size)


@dataclass(frozen=True, slots=True)
class Counted(Values):
    """The number from which so many steps of `by` down lead to `base`."""

    base: int
    by: int
    noun = "number"
    measure = "times that the loop runs"

    def make(self, size: int, rng: Random) -> int:
        return self.base + self.by * size


@dataclass(frozen=True, slots=True)
class Small(Values):
    """Numbers from `low` to `high`, whatever the length."""

    low: int
    high: int
    noun = "number"
    measure = ""

    def make(self, size: int, rng: Random) -> int:
        return rng.randint(self.low, self.high)
