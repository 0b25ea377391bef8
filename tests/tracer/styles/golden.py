"""Golden texts: a rule, an input and what each style writes of it, in one file of `golden/`.

A file has sections, each under a line ``==== HEAD``. The first holds the rule, and its head the
arguments as ``--input`` takes them (``==== rule: [1, 2], 3``); the others are named after styles.

To write the texts anew, for all files or for some, and then to READ every line that git shows:

    python tests/tracer/styles/golden.py [NAME...]

A new file needs no more than its first section.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from rfft.tracer import Rule, Trace, trace
from rfft.tracer.compiled.to_text import Written
from rfft.tracer.inputs import parse_input
from rfft.tracer.styles import built_in, load

FOLDER = Path(__file__).with_name("golden")
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))


@dataclass
class Golden:
    """A rule, its input and the expected texts by style."""

    source: str
    arguments: str
    texts: dict[str, str]

    @property
    def rule(self) -> Rule:
        return Rule.from_source(self.source)

    def traced(self) -> Trace:
        """Run the rule on its input."""
        args, kwargs = parse_input(self.arguments)
        return trace(self.rule, *args, **kwargs)

    def written(self, style: str) -> Written:
        """Run the rule on its input through the text back end."""
        args, kwargs = parse_input(self.arguments)
        return self.rule.writer(style)(*args, **kwargs)


def read(name: str) -> Golden:
    """Return the golden file of this name."""
    parts = re.split(r"^==== (.*)\n", (FOLDER / f"{name}.txt").read_text(), flags=re.MULTILINE)
    assert parts[0] == "", f"{name}.txt begins with something else than a section"
    heads, bodies = parts[1::2], parts[2::2]
    assert heads[0].startswith("rule: "), f"{name}.txt does not begin with its rule"
    return Golden(
        bodies[0], heads[0].removeprefix("rule: "), dict(zip(heads[1:], bodies[1:], strict=True))
    )


def write(name: str) -> None:
    """Write the texts of a golden file anew."""
    golden = read(name)
    traced = golden.traced()
    sections = [f"==== rule: {golden.arguments}\n{golden.source}"]
    styles = filter(lambda style: load(style).has_trace, built_in())
    sections += [f"==== {style}\n{traced.response(style)}" for style in styles]
    (FOLDER / f"{name}.txt").write_text("".join(sections))


if __name__ == "__main__":
    for chosen in sys.argv[1:] or NAMES:
        write(chosen)
