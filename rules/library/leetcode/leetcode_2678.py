from random import Random

TITLE = "number of senior citizens"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array"


def count_seniors(details: list[str]) -> int:
    """Each string in {details} describes a passenger: ten digits of a phone number, a letter for the gender, two digits of the age and two digits of the seat. How many passengers are older than 60?"""
    count = 0
    while details:
        detail = details.pop(0)
        age = int(detail[11:13])
        if age > 60:
            count += 1
    return count


def inputs(length: int, rng: Random) -> tuple[list[str]]:
    """Return passengers of whom a random share is older than 60; some are 60 or 61."""
    share = rng.random()
    details = []
    for _ in range(length):
        phone = int(rng.random() * 10**10)
        age = 61 + int(rng.random() ** 2 * 39)
        if rng.random() > share:
            age = 121 - age - int(rng.random() * 20)
        details.append(f"{phone:010}{rng.choice('MFO')}{age:02}{int(rng.random() * 100):02}")
    return (details,)


def oracle(details: list[str]) -> int:
    """Return the count, comparing ages as text."""
    return len([detail for detail in details if detail[-4:-2] >= "61"])
