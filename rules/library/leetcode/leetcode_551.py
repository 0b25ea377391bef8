"""A single day is always good enough, so the answer varies from length 2 on."""

from random import Random

TITLE = "student attendance record i"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the string"


def check_record(s: str) -> bool:
    """In the attendance record {s} of a student, A is a day of absence, L a day on which the student came late, and P any other day. Is it true that there are fewer than two A, and never three L or more in a row?"""
    absent = 0
    late = 0
    while s:
        day = s[0]
        s = s[1:]
        if day == "L":
            late += 1
            if late == 3:
                return False
        else:
            late = 0
            if day == "A":
                absent += 1
                if absent == 2:
                    return False
    return True


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return a good record, spoilt half of the time: late in it, so that most of it is read."""
    days = rng.choices(("P", "L", "PL", "LL", "PLL"), k=length)
    record = "P".join(days)[:length]
    if rng.random() < 0.5:
        i = rng.randrange(length)
        record = record[:i] + "A" + record[i + 1 :]
    if rng.random() < 0.5:
        i = max(rng.randrange(length), rng.randrange(length))
        if length > 2 and rng.random() < 0.5:
            i = min(i, length - 3)
            record = record[:i] + "LLL" + record[i + 3 :]
        elif length > 1:
            i = max(i, 1)
            first = rng.randrange(i)
            record = record[:first] + "A" + record[first + 1 : i] + "A" + record[i + 1 :]
    return (record,)


def oracle(s: str) -> bool:
    """Count and search in the whole record."""
    return s.count("A") < 2 and "LLL" not in s
