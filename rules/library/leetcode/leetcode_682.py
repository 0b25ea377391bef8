from random import Random

TITLE = "baseball game"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of operations"


def cal_points(operations: list[str]) -> int:
    """A record of scores is empty at first. The operations {operations} are applied in order: an integer is added as a new score, '+' adds the sum of the last two scores as a new one, 'D' adds the double of the last score as a new one, and 'C' removes the last score. What is the sum of all scores in the end?"""
    record: list[int] = []
    while operations:
        operation = operations.pop(0)
        if operation == "C":
            record.pop()
        elif operation not in "+D":
            score = int(operation)
            record.append(score)
        elif operation == "D":
            score = 2 * record[-1]
            record.append(score)
        else:
            score = record[-1] + record[-2]
            record.append(score)
    total = 0
    while record:
        total += record.pop(0)
    return total


def inputs(length: int, rng: Random) -> tuple[list[str]]:
    """Return legal operations that keep the scores below a hundred."""
    operations = []
    record: list[int] = []
    for _ in range(length):
        kind = rng.random()
        if kind < 0.2 and len(record) > 1 and abs(record[-1] + record[-2]) < 100:
            operations.append("+")
            record.append(record[-1] + record[-2])
        elif 0.2 <= kind < 0.4 and record and abs(record[-1]) < 50:
            operations.append("D")
            record.append(2 * record[-1])
        elif 0.4 <= kind < 0.55 and record:
            operations.append("C")
            record.pop()
        else:
            record.append(int(rng.random() * 60) - 20)
            operations.append(str(record[-1]))
    return (operations,)


def oracle(operations: list[str]) -> int:
    """Return the sum of a record kept by matching."""
    record: tuple[int, ...] = ()
    for operation in operations:
        match operation:
            case "C":
                record = record[:-1]
            case "D":
                record += (record[-1] * 2,)
            case "+":
                record += (sum(record[-2:]),)
            case score:
                record += (int(score),)
    return sum(record)
