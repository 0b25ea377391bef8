"""Rules that change a long value a few times, or count and add in short ones.

A loop counts up or down from anywhere, uses up one or two texts, or takes digits off a number,
which may be long all the same; its body cuts and joins texts, and adds to numbers. The more rounds
there are, the shorter the texts that are only changed: traces stay short, and yet show copies of
long texts, what cuts leave of them, and sums and counts across tens. Half of the questions give
values without the names that the rule has for them. A program ends by construction, as nothing but
the loop's own step changes what it is over.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from .names import common_names, random_names
from .program import Program, indented
from .values import Counted, Digits, Pieces, Small, Text, Values

_STEPS = (
    "{t} += {c}", "{t} -= {c}", "{t} += {n}", "{t} -= {n}", "{t} = {n} - {t}", "{t} += {u}",
    "{t} -= {u}", "{t} = {u} - {t}", "{t} = {u} + {c}", "{t} = ({t} + {c}) % {m}", "{t} += {i}",
    "{t} -= {i}", "{t} = {i} + {c}", "{t} = {i} - {t}", "{t} += {d} * {c}", "{t} -= {d}",
    "{t} = ({t} + {d}) % {m}", "{t} = {d} + {c}",
)  # fmt: skip
_CHANGES = (
    "{s} = {s}[1:] + {k}", "{s} = {s}[1:] + {k}", "{s} = {k} + {s}[:-1]", "{s} = {s}[:-1]",
    "{s} = {s}[2:]", "{s} = {s}[3:]", "{s} = {s}[:-2]", "{s} = {k} + {s}", "{s} += {k}",
    "{s} = {s}[1:]\n{s} += {k}", "{k2} = {s}[:1]\n{s} = {s}[1:]", "{k2} = {s}[-1:]\n{s} = {s}[:-1]",
    "{s} = {s}[1:] + {s}[:1]",
)  # fmt: skip
_LETTER_STEPS = ("{a} += {ch}", "{a} = {ch} + {a}", "{a} += {ch} + {k}", "{t} += {c}", "{t} -= {c}")
_TESTS = (
    "{t} > {n}", "{t} < {n}", "{t} == {n}", "{t} % 2 == 0", "{t} != {u}", "{t} > {u}",
    "{i} % 2 == 1", "{i} > {n}", "{d} > {c}", "{d} == {c}", "{d} % 2 == 0", "{ch} == {k}",
    "{ch} != {k}", "{ch} > {k}", "{ch} == {o}", "{ch} > {o}",
)  # fmt: skip
_ALPHABETS = ("0123456789", "0123456789", "0123456789", "01", "abcdefghijklmnopqrstuvwxyz")
_ASKED = (
    "What does {function} return for {values}?",
    "Do what the rule says with {values}. What comes out?",
    "There is {values}. Which result does the rule have?",
    "The rule is followed for {values}, from its first line to its last. How does it end?",
)
_BETWEEN = (" and ", ", and ", ", together with ", " as the first, and then ", "; beside it, ")
_HOLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Changed(Text):
    """Texts that are the shorter the more often they are changed."""

    measure = ""

    def make(self, size: int, rng: Random) -> str:
        return Text.make(self, rng.randint(1, max(3, 36 - 5 * size)), rng)


@dataclass(frozen=True, slots=True)
class Longer(Digits):
    """Numbers of so many digits and `more`."""

    more: int
    measure = "times that the loop runs"

    def make(self, size: int, rng: Random) -> int:
        return Digits.make(self, size + self.more, rng)


def draw(rng: Random) -> Program:
    """Return a program whose loop changes what it returns, and that reads all it states."""
    while True:
        program = _Drawing(rng).program()
        if program is not None:
            return program


def _reads(text: str, name: str) -> int:
    return len(re.findall(rf"\b{name}\b", text))


class _Drawing:
    """Draws one program. `holes` has what each hole of a template can be."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.names = common_names(rng) if rng.random() < 0.9 else random_names(rng)
        self.alphabet = rng.choice(_ALPHABETS)
        self.parameters: list[tuple[str, Values]] = []
        self.begin: list[str] = []
        self.holes: dict[str, list[str]] = {"k": [repr(letter) for letter in self.alphabet]}

    def program(self) -> Program | None:
        """Return a program, or None if what was drawn has no use for some of it."""
        rng = self.rng
        kinds = (self._down, self._up, self._cut, self._both, self._digits, self._inner)
        self._totals()
        head, first, body, last = rng.choices(kinds, (4, 3, 4, 2, 5, 2))[0]()
        loop = (head, *indented([*first, *body, *last]))
        text = "\n".join(loop)
        changed = [n for key in "tsa" for n in self.holes.get(key, ())]
        used = [n for n in changed if re.search(rf" {n} [-+]?= ", text)]
        letters = [name for key in ("ch", "o", "d") for name in self.holes.get(key, ())]
        if not used or any(_reads(text, name) == 1 for name in letters):
            return None
        begin = [line for line in self.begin if _reads(text, line.partition(" ")[0])]
        parameters = [pair for pair in self.parameters if _reads(text, pair[0])]
        result = rng.choice(used)
        if rng.random() < 0.2 and result in self.holes["t"]:
            result += rng.choice((" + 1", " - 1", " % 10"))
        rng.shuffle(begin)
        rng.shuffle(parameters)
        function = f"process_{parameters[0][1].noun}"
        ask = self._ask(function, parameters) if rng.random() < 0.5 else None
        return Program(function, tuple(parameters), (*begin, *loop), result, ask=ask)

    def _totals(self) -> None:
        """Draw the numbers beside what the loop is over."""
        rng = self.rng
        self.holes["t"] = [next(self.names) for _ in range(rng.choice((1, 1, 2)))]
        for name in self.holes["t"]:
            if rng.random() < 0.4:
                self.parameters.append((name, Small(0, rng.choice((9, 60, 150)))))
            else:
                self.begin.append(f"{name} = {rng.choice((0, 0, 1, rng.randint(2, 40)))}")

    def _body(self, templates: Sequence[str]) -> list[str]:
        """Draw one or two steps, one of them perhaps under a test."""
        rng = self.rng
        lines = []
        for _ in range(rng.choice((1, 1, 2))):
            step = self._fill(templates)
            if rng.random() < 0.25:
                lines += [f"if {self._fill(_TESTS)[0]}:", *indented(step)]
                if rng.random() < 0.3:
                    lines += ["else:", *indented(self._fill(templates))]
            else:
                lines += step
        return lines

    def _changing(self) -> list[str]:
        """Draw the body of a loop that counts: it changes a text, or numbers, or both."""
        rng = self.rng
        if rng.random() < 0.3:
            return self._body(_STEPS)
        self.holes["s"] = [next(self.names)]
        self.holes["k2"] = [next(self.names)]
        self.parameters.append((self.holes["s"][0], Changed(self.alphabet)))
        lines = self._fill(_CHANGES)
        if lines[0].startswith(self.holes["k2"][0]):
            self.holes["ch"] = self.holes["k2"]
            return [
                *lines,
                f"if {self._fill(_TESTS[-5:-2])[0]}:",
                *indented(self._fill(_STEPS[:3])),
            ]
        return [*lines, *(self._body(_STEPS) if rng.random() < 0.4 else ())]

    def _down(self) -> tuple[str, list[str], list[str], list[str]]:
        """Draw a loop that counts down."""
        rng = self.rng
        base, by = rng.choice((0, rng.randint(0, 40))), rng.choice((1, 1, 1, 2, 3))
        name = next(self.names)
        self.parameters.append((name, Counted(base, by)))
        self.holes["i"] = [name]
        head = f"while {name} {rng.choice(('>', '>', '!='))} {base}:"
        return self._placed(head, f"{name} -= {by}", self._changing())

    def _up(self) -> tuple[str, list[str], list[str], list[str]]:
        """Draw a loop that counts up."""
        rng = self.rng
        base, by = rng.choice((0, rng.randint(0, 40))), rng.choice((1, 1, 1, 2, 3))
        name, most = next(self.names), next(self.names)
        self.begin.append(f"{name} = {base}")
        self.parameters.append((most, Counted(base, by)))
        self.holes["i"] = [name]
        head = f"while {name} {rng.choice(('<', '<', '!='))} {most}:"
        return self._placed(head, f"{name} += {by}", self._changing())

    def _placed(
        self, head: str, step: str, body: list[str]
    ) -> tuple[str, list[str], list[str], list[str]]:
        return (head, [step], body, []) if self.rng.random() < 0.4 else (head, [], body, [step])

    def _cut(self) -> tuple[str, list[str], list[str], list[str]]:
        """Draw a loop that uses a text up and looks at each piece."""
        rng = self.rng
        by, name, letter = rng.choice((1, 1, 1, 2)), next(self.names), next(self.names)
        self.parameters.append((name, Pieces(self.alphabet, by)))
        at, rest = rng.choice(((f"{by - 1}", f"{by}:"), (f"-{by}", f":-{by}")))
        self._letters(letter)
        first = [f"{letter} = {name}[{at}]", f"{name} = {name}[{rest}]"]
        return f"while {name}:", first, self._body(_LETTER_STEPS), []

    def _both(self) -> tuple[str, list[str], list[str], list[str]]:
        """Draw a loop that uses two texts up, which may differ in length."""
        rng = self.rng
        one, two, letter, other = (next(self.names) for _ in range(4))
        self.parameters += [(name, Pieces(self.alphabet, 1)) for name in (one, two)]
        at, rest = rng.choice((("0", "1:"), ("-1", ":-1")))
        fill = rng.choice(self.holes["k"])
        self._letters(letter)
        self.holes["o"] = [other]
        first = [
            *(f"{x} = {s}[{at}] if {s} else {fill}" for x, s in ((letter, one), (other, two))),
            *(f"{s} = {s}[{rest}]" for s in (one, two)),
        ]
        step = self._fill(("{a} += {ch}", "{a} = {o} + {a}", "{a} += {k}"))
        body = [f"if {self._fill(_TESTS[-5:])[0]}:", *indented(step)]
        return f"while {one} or {two}:", first, body, []

    def _letters(self, letter: str) -> None:
        self.holes["ch"] = [letter]
        self.holes["a"] = [next(self.names)]
        self.begin.append(f"{self.holes['a'][0]} = ''")

    def _digits(self) -> tuple[str, list[str], list[str], list[str]]:
        """Draw a loop that takes the last digits off a number."""
        rng = self.rng
        name, digit, left = (
            next(self.names),
            next(self.names),
            rng.choice((0, 0, rng.randint(1, 24))),
        )
        self.parameters.append((name, Longer(left)))
        self.holes["d"] = [digit]
        head = f"while {name} > {10**left - 1}:"
        return head, [f"{digit} = {name} % 10", f"{name} //= 10"], self._body(_STEPS), []

    def _inner(self) -> tuple[str, list[str], list[str], list[str]]:
        """Draw a loop that counts, with a loop over the digits of a number inside."""
        rng = self.rng
        most, name, digit = next(self.names), next(self.names), next(self.names)
        head, first, _, last = self._placed(
            f"while {most} > 0:", f"{most} -= {rng.choice((1, 2, 3))}", []
        )
        first = [] if first else first
        last = last or [f"{most} -= 1"]
        self.parameters.append((most, Counted(0, 1)))
        self.holes |= {"d": [digit], "i": [most]}
        inside = [f"{digit} = {name} % 10", f"{name} //= 10", *self._body(_STEPS)]
        begin = [f"{name} = {most} + {rng.randint(8, 95)}", f"while {name} > 0:"]
        return head, first, [*begin, *indented(inside)], last

    def _fill(self, templates: Sequence[str]) -> list[str]:
        """Return the lines of a template for which there is something for all holes, filled."""
        rng = self.rng
        numbers = {
            "c": str(rng.choice((1, 1, rng.randint(2, 9)) if "i" in self.holes else range(2, 10))),
            "m": str(rng.randint(2, rng.choice((9, 30)))),
            "n": str(rng.choice((rng.randint(0, 9), rng.randint(0, 60)))),
        }
        there = {*numbers, *self.holes}
        if len(self.holes["t"]) > 1:
            there.add("u")
        known = numbers | {hole: rng.choice(names) for hole, names in self.holes.items()}
        known["u"] = next((name for name in self.holes["t"] if name != known["t"]), "")
        template = rng.choice([t for t in templates if there.issuperset(_HOLE.findall(t))])
        return _HOLE.sub(lambda hole: known[hole[1]], template).split("\n")

    def _ask(
        self, function: str, parameters: Sequence[tuple[str, Values]]
    ) -> Callable[[Sequence[str]], str]:
        """Draw a question that gives values alone, in the order of the parameters."""
        rng = self.rng
        asked, between, nouns = rng.choice(_ASKED), rng.choice(_BETWEEN), rng.random() < 0.5
        called = [f"the {values.noun} " if nouns else "" for _, values in parameters]

        def ask(texts: Sequence[str]) -> str:
            given = [noun + text for noun, text in zip(called, texts, strict=True)]
            *most, last = given
            values = between.join((", ".join(most), last)) if most else last
            return asked.format(function=function, values=values)

        return ask
