from random import Random

TITLE = "find and replace pattern"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of words"


def find_and_replace_pattern(words: list[str], pattern: str) -> list[str]:
    """Which of the words {words} can be made from {pattern} by replacing each letter by some letter, equal letters by equal ones and different letters by different ones? Keep the order of the words."""
    # Rename the Letters of the Pattern
    wanted = ""
    names = {}
    for letter in pattern:
        if letter not in names:
            names[letter] = chr(97 + len(names))
        wanted += names[letter]
    # Compare Each Word
    result = []
    while words:
        word = words.pop(0)
        renamed = ""
        names = {}
        for letter in word:
            if letter not in names:
                names[letter] = chr(97 + len(names))
            renamed += names[letter]
        if renamed == wanted:
            result.append(word)
    return result


def inputs(length: int, rng: Random) -> tuple[list[str], str]:
    """Return words with letters put in for those of the pattern, not always different ones."""
    pattern = rng.choices((0, 1, 2), k=rng.randrange(2, 5))
    letters = rng.sample("abcdefghijklmnopqrstuvwxyz", 6)
    words = []
    for _ in range(length):
        chosen = rng.choices(letters, k=4)
        word = [chosen[i] for i in pattern]
        if rng.random() < 0.25:
            word[-1] = chosen[3]
        words.append("".join(word))
    return words, "".join([letters[i] for i in pattern])


def oracle(words: list[str], pattern: str) -> list[str]:
    """Return the words whose letters first occur where those of the pattern do."""
    wanted = [pattern.index(letter) for letter in pattern]
    return [word for word in words if [word.index(letter) for letter in word] == wanted]
