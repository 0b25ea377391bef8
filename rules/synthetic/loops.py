"""The forms of loops that are drawn, as templates.

Capital holes are the loop's own names: ``{L}`` and ``{M}`` what it is over, ``{V}`` and ``{W}``
values at hand, ``{I}`` and ``{J}`` positions. In inner loops ``{X}``, ``{T}``, ``{XS}`` and ``{S}``
are variables around it. The other holes are those of `rfft.rules.synthetic.scope`. Every form
ends whatever its body does, as long as the body leaves alone what the loop is over.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from .values import Digits, Numbers, Text, Words


@dataclass(frozen=True)
class Form:
    """A form of a loop.

    `head` is its beginning; `over` the types of what it can be over; `items` what the body may
    read of it, `indexes` the positions it may read; `last` what ends the body (so that nothing may
    skip it); `takes` tells whether nothing is left of what it is over; `uses` the holes of
    variables around it that it needs.
    """

    head: str
    over: tuple[type, ...]
    items: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    last: str = ""
    takes: bool = False
    uses: tuple[str, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names that the loop binds."""
        return tuple(sorted(set(re.findall(r"\{([VWIJ])\}", self.head))))

    @cached_property
    def pairs(self) -> bool:
        """Tell whether the loop is over two things at once."""
        return "{M}" in self.head


_LIST = (Numbers, Words)
_ANY = (Numbers, Words, Text)

LOOPS = (
    # over each item
    Form("for {V} in {L}:", _ANY, ("{V}",)),
    Form("for {V} in {L}[::-1]:", _ANY, ("{V}",)),
    Form("for {V} in {L}[1:]:", _ANY, ("{V}",)),
    Form("for {I}, {V} in enumerate({L}):", _ANY, ("{V}",), ("{I}",)),
    Form("for {V}, {W} in zip({L}, {M}):", _ANY, ("{V}", "{W}")),
    Form("for {V}, {W} in zip({L}, {L}[1:]):", _ANY, ("{V}", "{W}")),
    # over each position
    Form("for {I} in range(len({L})):", _ANY, ("{L}[{I}]",), ("{I}",)),
    Form("for {I} in range(len({L})):\n    {V} = {L}[{I}]", _ANY, ("{V}",), ("{I}",)),
    Form("for {I} in range(0, len({L}), 2):", _ANY, ("{L}[{I}]",), ("{I}",)),
    Form("for {I} in range(len({L}) - 1, -1, -1):", _ANY, ("{L}[{I}]",), ("{I}",)),
    Form("for {I} in range(1, len({L})):", _ANY, ("{L}[{I}]", "{L}[{I} - 1]"), ("{I}",)),
    Form(
        "for {I} in range(len({L}) // 2):\n    {V} = {L}[{I}]\n    {W} = {L}[-1 - {I}]",
        _ANY,
        ("{V}", "{W}"),
        ("{I}",),
    ),
    Form("{I} = 0\nwhile {I} < len({L}):", _ANY, ("{L}[{I}]",), ("{I}",), last="{I} += 1"),
    Form(
        "{I} = 0\nwhile {I} < len({L}):\n    {V} = {L}[{I}]\n    {I} += 1",
        _ANY,
        ("{V}",),
        ("{I}",),
    ),
    Form(
        "{I} = len({L})\nwhile {I} > 0:\n    {I} -= 1\n    {V} = {L}[{I}]",
        _ANY,
        ("{V}",),
        ("{I}",),
    ),
    # from both ends
    Form(
        "{I} = 0\n{J} = len({L}) - 1\nwhile {I} < {J}:",
        _ANY,
        ("{L}[{I}]", "{L}[{J}]"),
        last="{I} += 1\n{J} -= 1",
    ),
    Form(
        "{I} = 0\n{J} = len({L}) - 1\nwhile {I} < {J}:",
        _ANY,
        ("{L}[{I}]", "{L}[{J}]"),
        last="if {L}[{I}] < {L}[{J}]:\n    {I} += 1\nelse:\n    {J} -= 1",
    ),
    # taking away what has been looked at
    Form("while {L}:\n    {V} = {L}.pop(0)", _LIST, ("{V}",), takes=True),
    Form("while {L}:\n    {V} = {L}.pop()", _LIST, ("{V}",), takes=True),
    Form("while {L}:", _LIST, ("{L}[0]", "{L}[-1]"), last="{L}.pop(0)", takes=True),
    Form("while {L}:\n    {V} = {L}[0]\n    {L} = {L}[1:]", _ANY, ("{V}",), takes=True),
    Form("while {L}:\n    {V} = {L}[-1]\n    {L} = {L}[:-1]", _ANY, ("{V}",), takes=True),
    Form(
        "while len({L}) > 1:\n    {V} = {L}.pop(0)\n    {W} = {L}.pop()",
        _LIST,
        ("{V}", "{W}"),
        takes=True,
    ),
    Form(
        "while {L} and {M}:\n    {V} = {L}.pop(0)\n    {W} = {M}.pop()",
        _LIST,
        ("{V}", "{W}"),
        takes=True,
    ),
    Form(
        "while {L} and {M}:",
        _LIST,
        ("{L}[0]", "{M}[0]"),
        last="if {L}[0] < {M}[0]:\n    {L}.pop(0)\nelse:\n    {M}.pop(0)",
        takes=True,
    ),
    # putting back less, or as much as was there when it began
    Form(
        "while len({L}) > 1:\n    {V} = {L}.pop()\n    {W} = {L}.pop()",
        (Numbers,),
        ("{V}", "{W}"),
        last="{L}.append(({V} + {W}) % {many})",
        takes=True,
    ),
    Form(
        "while len({L}) > 1:\n    {V} = {L}.pop()\n    {W} = {L}.pop()",
        (Numbers,),
        ("{V}", "{W}"),
        last="{L}.append(abs({V} - {W}))",
        takes=True,
    ),
    Form(
        "for {I} in range(len({L})):\n    {V} = {L}.pop(0)",
        (Numbers,),
        ("{V}",),
        ("{I}",),
        last="{L}.append({e})",
    ),
    # over digits
    Form("while {L} > 0:\n    {V} = {L} % 10\n    {L} //= 10", (Digits,), ("{V}",), takes=True),
    Form("while {L} > 0:", (Digits,), ("{L} % 10",), last="{L} //= 10", takes=True),
    Form("for {W} in str({L}):\n    {V} = int({W})", (Digits,), ("{V}",)),
    Form("while {L} > 9:\n    {V} = {L} % 10\n    {L} //= 10", (Digits,), ("{V}",), takes=True),
)
"""Loops over the input, or over what an earlier loop has collected."""

INNER = (
    Form("for {I} in range({X} % {FEW}):", (Digits,), indexes=("{I}",), uses=("x", "few")),
    Form("for {I} in range({FEW}):", (Digits,), indexes=("{I}",), uses=("few",)),
    Form(
        "{V} = {X}\nwhile {V} > 0:\n    {W} = {V} % 10\n    {V} //= 10",
        (Digits,),
        ("{W}",),
        uses=("x",),
    ),
    Form("while {XS} and {XS}[-1] > {X}:\n    {XS}.pop()", (Digits,), uses=("xs", "x")),
    Form(
        "while len({XS}) > {FEW}:\n    {V} = {XS}.pop(0)", (Numbers,), ("{V}",), uses=("xs", "few")
    ),
    Form("while {T} > {MANY}:\n    {T} //= 2", (Digits,), uses=("t", "many")),
    Form("for {V} in {WORD}:", (Text,), ("{V}",), uses=("word",)),
    Form("while {S} and {S}[-1] == {CH}:\n    {S} = {S}[:-1]", (Digits,), uses=("s", "ch")),
)
"""Loops within a loop, of a few rounds each."""
