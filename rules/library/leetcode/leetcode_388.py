"""The depth of an entry is the number of names on its path; the deepest has depth `length`."""

from random import Random

TITLE = "longest absolute file path"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "depth of the file system, that is the number of names on the deepest path"


def length_longest_path(input: str) -> int:
    """The text {input} lists folders and files, one a line. The tabs before a name tell how deep it lies, and it lies in the nearest folder above it that has one tab less. A name with a dot is a file. The path of a file is the names from the outermost folder down to the file, with '/' between them. How many characters has the longest path of a file? If there is no file, answer 0."""
    longest = 0
    starts = {0: 0}
    lines = input.split("\n")
    for line in lines:
        name = line.lstrip("\t")
        depth = len(line) - len(name)
        end = starts[depth] + len(name)
        if "." in name:
            longest = max(longest, end)
        else:
            starts[depth + 1] = end + 1
    return longest


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return folders within folders, with a few other entries before and after; rarely no file."""
    lines = []
    for depth in range(length - 1):
        if rng.random() < 0.2:
            lines.append("\t" * depth + _name(rng, rng.random() < 0.7))
        lines.append("\t" * depth + _name(rng, False))
    lines.append("\t" * (length - 1) + _name(rng, rng.random() < 0.7))
    depth = length
    while depth > 0 and rng.random() < 0.8:
        depth = rng.randrange(depth)
        lines.append("\t" * depth + _name(rng, rng.random() < 0.8))
    return ("\n".join(lines),)


def _name(rng: Random, is_file: bool) -> str:
    name = "".join(rng.choices("abcdefghijklmnoprstuvwyz123", k=int(1 + 3 * rng.random())))
    return name + rng.choice((".c", ".py", ".txt", ".html")) if is_file else name


def oracle(input: str) -> int:
    """Return the length of the longest of the paths, which are put together as texts."""
    path: list[str] = []
    paths = [""]
    for line in input.split("\n"):
        path[line.count("\t") :] = [line.lstrip("\t")]
        if path[-1].count("."):
            paths.append("/".join(path))
    return max(map(len, paths))
