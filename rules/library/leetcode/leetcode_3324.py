from random import Random

TITLE = "find the sequence of strings appeared on the screen"
SOURCE = "LeetCode"
SPLIT = "downstream"
LENGTH = "sum of the letters' places in the alphabet, which is the number of strings"


def string_sequence(target: str) -> list[str]:
    """A keyboard has two keys: one appends the letter "a" to the string on the screen, the other changes its last letter to the next one of the alphabet ("z" to "a"). The screen is empty, and {target} is typed with as few key presses as possible. Which strings appear on the screen, in order?"""
    result = []
    typed = ""
    while target:
        goal = target[0]
        target = target[1:]
        letter = "a"
        screen = typed + letter
        result.append(screen)
        while letter != goal:
            letter = chr(ord(letter) + 1)
            screen = typed + letter
            result.append(screen)
        typed = screen
    return result


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return letters whose places in the alphabet add up to the length."""
    target = ""
    left = length
    most = rng.choice((4, 8, 26))
    while left:
        place = rng.randint(1, min(left, most))
        target += chr(96 + place)
        left -= place
    return (target,)


def oracle(target: str) -> list[str]:
    """Return each beginning of the string followed by the letters up to its next one."""
    return [
        target[:i] + chr(place)
        for i, goal in enumerate(target)
        for place in range(ord("a"), ord(goal) + 1)
    ]
