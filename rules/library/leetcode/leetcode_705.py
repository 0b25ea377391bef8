"""An operation is one call. The call that makes the set is left out of LeetCode's two lists, and
the one argument of each call is not in a list of its own.
"""

from random import Random

TITLE = "design hashset"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of operations"


def my_hash_set(operations: list[str], keys: list[int]) -> list[bool | None]:
    """A set of integers is empty at first. The operations {operations} are applied in order, each to the integer at the same place in {keys}: 'add' puts it into the set, 'remove' takes it out if it is there, and 'contains' asks whether it is there. What is the list of the results, with None for each 'add' and 'remove'?"""
    # Initialize the Table (-1 Is Free, -2 Is Removed)
    size = len(operations) + 1
    table = [-1] * size
    results = []
    while operations:
        operation = operations.pop(0)
        key = keys.pop(0)
        slot = key % size
        held = table[slot]
        while held != key and held != -1:
            slot = (slot + 1) % size
            held = table[slot]
        result = None
        if operation == "contains":
            result = held == key
        elif operation == "add":
            table[slot] = key
        elif held == key:
            table[slot] = -2
        results.append(result)
    return results


def inputs(length: int, rng: Random) -> tuple[list[str], list[int]]:
    """Return operations on a few keys, so that many are found."""
    pool = rng.choices(range(100), k=1 + length // 3)
    names = ("add", "add", "remove", "contains", "contains")
    return rng.choices(names, k=length), rng.choices(pool, k=length)


def oracle(operations: list[str], keys: list[int]) -> list[bool | None]:
    """Return the results of a set of Python."""
    members: set[int] = set()
    methods = {"add": members.add, "remove": members.discard, "contains": members.__contains__}
    return [methods[name](key) for name, key in zip(operations, keys, strict=True)]
