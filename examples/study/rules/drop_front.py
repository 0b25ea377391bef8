from random import Random

TITLE = "Drop characters at the front"
LENGTH = "a third of the characters of the text"


def drop_front(text: str, times: int) -> str:
    """Take the first character off '{text}', {times} times. What is left?"""
    while times > 0:
        text = text[1:]
        times -= 1
    return text


def inputs(length: int, rng: Random) -> tuple[str, int]:
    characters = rng.choice(("0123456789", "01", "abcdefghijklmnopqrstuvwxyz"))
    return "".join(rng.choices(characters, k=3 * length)), rng.randint(1, 3)


def oracle(text: str, times: int) -> str:
    return text[times:]
