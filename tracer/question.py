"""The question of a rule: its docstring, with the arguments put in.

=============  ===================================================================================
``{nums}``     the argument as Python writes it: ``[1, 2]``, ``15``, ``'abc'``, ``None``
``"{text}"``   in quotes of the docstring's own, double or single, a text stands without others
``{text!s}``   a text stands without quotes: ``Add {num1!s} and {num2!s}.``
=============  ===================================================================================

An argument that is not given has its default; whatever else stands in braces stays as it is. If no
argument is put in anywhere, the question ends by stating them all: ``Count the zeros. Here nums =
[0, 1].`` A rule without a docstring has a plain question: ``Given nums = [0, 1], what does
count_zeros return?`` or, where it changes its argument, ``Given nums = [0, 1], what is nums after
move_zeroes?`` What LeetCode's stubs have in a docstring, ``:type nums: List[int]``, ``:rtype: int``
and ``Do not return anything, modify nums in-place instead.``, is no question.
"""

import ast
import re
from collections.abc import Mapping, Sequence

_PLACE = re.compile(r"""(?P<quote>["']?)\{(?P<name>\w+)(?P<bare>!s)?\}(?:(?P=quote))""")


_STUBS = re.compile(
    r"^[ \t]*:(?:type[ \t]+\*{0,2}\w+|rtype)[ \t]*:[^\n]*$"
    r"|^[ \t]*Do not return anything, modify .{1,60}? in-place instead\.?[ \t]*$",
    re.MULTILINE,
)


class Question:
    """Makes the questions of one rule from the texts of its arguments.

    `defaults` are the texts of arguments that may be left out; `in_place` says that the rule
    changes an argument.
    """

    def __init__(
        self,
        docstring: str | None,
        rule: str,
        parameters: Sequence[str],
        defaults: Mapping[str, str] | None = None,
        *,
        in_place: bool = False,
    ) -> None:
        self._rule = rule
        self._parameters = parameters
        self._defaults = defaults or {}
        self._in_place = in_place
        self._text = " ".join(_STUBS.sub("", docstring or "").split())
        self._places = [m for m in _PLACE.finditer(self._text) if m["name"] in parameters]

    @property
    def unknown(self) -> list[str]:
        """What the docstring has in braces as if it were an argument, and none has this name."""
        found = [m["name"] for m in _PLACE.finditer(self._text) if m["name"].isidentifier()]
        known = {place["name"] for place in self._places}
        return [name for name in dict.fromkeys(found) if name not in known]

    def __call__(self, texts: Mapping[str, str]) -> str:
        """Return the question for these arguments, given as Python writes them."""
        given = [f"{name} = {text}" for name, text in texts.items()]
        if not self._text:
            changed = place_in(list(texts.values())) if self._in_place else None
            asked = f"what does {self._rule} return?"
            if changed is not None:
                asked = f"what is {list(texts)[changed]} after {self._rule}?"
            return f"Given {_listed(given)}, {asked}" if given else asked.capitalize()
        if not self._places:
            return f"{self._text} Here {_listed(given)}." if given else self._text
        parts: list[str] = []
        end = 0
        for place in self._places:
            text = texts.get(place["name"], self._defaults.get(place["name"]))
            if text is not None:
                start = place.start()
                quote = place["quote"]
                bare = quote or place["bare"]
                parts += (self._text[end:start], quote, _bare(text) if bare else text, quote)
                end = place.end()
        return "".join(parts) + self._text[end:]

    def for_input(self, answer: str) -> str:
        """Return the question for arguments that give this answer."""
        which = f"For which {_listed(self._parameters)}"
        if not self._text:
            return f"{which} does {self._rule} return {answer}?"
        text = _PLACE.sub(self._named, self._text)
        return f"{text} {which} is the answer {answer}?"

    def _named(self, place: re.Match[str]) -> str:
        """Return the name of an argument in its place, and what else is in braces as it is."""
        return place["name"] if place["name"] in self._parameters else place[0]


def place_in(texts: Sequence[str]) -> int | None:
    """Return which argument a rule changes in place: the first one that can be changed."""
    for n, text in enumerate(texts):
        if text.startswith(_MUTABLE) or (text[:1].isalpha() and text.endswith(")")):
            return n
    return None


_MUTABLE = ("[", "{", "set(", "deque(", "bytearray(")


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(parts)


def _bare(text: str) -> str:
    """Return a text without its quotes; whatever else is written with quotes keeps them."""
    if text[0] not in "'\"":
        return text
    if "\\" not in text:
        return text[1:-1]
    value: str = ast.literal_eval(text)
    return value if value.isprintable() else text[1:-1]
