"""Functions of an ordinary module, as `Rule.from_function` meets them."""

import functools
from collections.abc import Callable
from math import gcd

LIMIT = 12


def shared(x: int) -> int:
    """Of a helper."""
    return gcd(x, LIMIT)


def with_helper(x: int, *, more: int = 2) -> int:
    """What comes of {x}?"""
    return shared(x) + more


def even(n: int) -> bool:
    return True if n == 0 else odd(n - 1)


def odd(n: int) -> bool:
    return False if n == 0 else even(n - 1)


def adder(k: int) -> Callable[[int], int]:
    def add(x: int) -> int:
        return x + k

    return add


def counter() -> Callable[[], int]:
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return count

    return step


def add_one(function: Callable[[int], int]) -> Callable[[int], int]:
    @functools.wraps(function)
    def added(x: int) -> int:
        return function(x) + 1

    return added


@add_one
def decorated(x: int) -> int:
    return x * 2


def raising(x: int) -> int:
    return shared(x) // (x - x)


def rebinding() -> int:
    global LIMIT
    LIMIT += 1
    return LIMIT


class Class:
    def method(self, x: int) -> int:
        return x + 1

    @staticmethod
    def static(x: int) -> int:
        return x + 2


square = lambda x: x * x  # noqa: E731
