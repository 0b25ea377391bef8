from random import Random

TITLE = "last visited integers"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "length of the array"


def last_visited_integers(nums: list[int]) -> list[int]:
    """Read the array {nums} from left to right. A number of 1 or more is remembered. Each -1 asks for a number: if it is the k-th of the -1 that stand next to each other, it asks for the k-th of the remembered numbers, counted from the latest one back, and gets -1 if there are fewer than k. Which numbers do the -1 get, in order?"""
    seen = []
    result = []
    k = 0
    while nums:
        num = nums.pop(0)
        if num != -1:
            seen.append(num)
            k = 0
        else:
            k += 1
            if k <= len(seen):
                asked = seen[-k]
                result.append(asked)
            else:
                result.append(-1)
    return result


def inputs(length: int, rng: Random) -> tuple[list[int]]:
    """Return numbers among which each is -1 with a chance that is drawn first."""
    share = rng.choice((0.4, 0.55, 0.7))
    return ([-1 if rng.random() < share else rng.randrange(1, 100) for _ in range(length)],)


def oracle(nums: list[int]) -> list[int]:
    """Return for each -1 what a slice of the array before it holds."""
    result = []
    for i, num in enumerate(nums):
        if num == -1:
            start = i
            while start > 0 and nums[start - 1] == -1:
                start -= 1
            seen = [x for x in nums[:i] if x != -1][::-1]
            result.append((seen[i - start :] or [-1])[0])
    return result
