"""The templates of which drawn programs are made: expressions, conditions and steps.

A template is a text of Python with typed holes:

=============  =================================================================================
``{x}, {y}``   two different numbers that stay in bounds: items, digits, counters, parameters
``{near}``     a number that ``{x}`` can be, not far from the middle
``{c}, {m}``   constants from 1 to 9 and from 2 to 9
``{few}``      a constant from 2 to 4
``{many}``     a constant from 11 to 99
``{e}``        an expression for a number that stays in bounds
``{q}``        a condition
``{a}, {b}``   conditions without ``or``
``{t}, {u}``   two different numbers that a statement may change: totals
``{ch}``       a text of one letter
``{k}, {ks}``  a constant of one letter, and of several
``{word}``     a text that may be longer
``{s}``        a text that a statement may change
``{xs}``       a list of numbers that a statement may change
``{ws}``       a list of texts that a statement may change
=============  =================================================================================

A hole that comes up twice in a template is filled the same way. A template whose holes a scope
cannot fill is not taken. Totals are never added to totals, so numbers do not explode.
"""

NUMBERS = (
    "{x}",
    "{x}",
    "{x}",
    "{c}",
    "{x} + {c}",
    "{x} - {c}",
    "{x} * {c}",
    "{x} % {m}",
    "{x} // {m}",
    "{x} + {y}",
    "{x} - {y}",
    "{x} * {c} + {y}",
    "abs({x} - {y})",
    "max({x}, {y})",
    "min({x}, {y})",
    "({x} + {y}) % {m}",
    "({x} + {t}) % {m}",
    "({x} * {c} + {t}) % {m}",
    "{t} % {m}",
    "len({xs})",
    "len({s})",
    "len({word})",
)
"""Expressions for numbers that stay in bounds."""

PLAIN_TESTS = (
    "{x} > {near}",
    "{x} < {near}",
    "{x} >= {near}",
    "{x} <= {near}",
    "{x} % 2 == 0",
    "{x} % 2 == 1",
    "{x} % {m} == 0",
    "{x} > {y}",
    "{x} % {m} == {y} % {m}",
    "{x} + {y} > {c}",
    "({x} + {t}) % 2 == 0",
    "{t} % 2 == 0",
    "{t} % {m} == 1",
    "{t} > {u}",
    "{t} < {x}",
    "{xs} and {xs}[-1] > {x}",
    "{xs} and {xs}[0] < {x}",
    "{xs} and {xs}[-1] % 2 == 0",
    "len({xs}) > {c}",
    "len({xs}) % 2 == 0",
    "{ch} == {k}",
    "{ch} == {k}",
    "{ch} != {k}",
    "{ch} in {ks}",
    "{ch} in {ks}",
    "{ch} > {k}",
    "{s} and {s}[-1] == {ch}",
    "len({s}) % {m} == 0",
    "{ch} not in {s}",
    "{word} > {k}",
    "len({word}) > 2",
    "len({word}) % 2 == 0",
    "{ws} and {ws}[-1] < {word}",
    "len({ws}) % 2 == 1",
)
"""Conditions that can be joined as they are."""

TESTS = (
    *PLAIN_TESTS,
    "not {xs} or {xs}[-1] != {x}",
    "not {s} or {s}[0] < {ch}",
    *["{a} and {b}", "{a} or {b}"] * 3,
)
"""Conditions."""

GROWTH = {
    "totals": ("{G} += {e}", "{G} += {x}", "{G} = ({G} * {c} + {x}) % {many}"),
    "texts": ("{G} += {ch}", "{G} += {ch}", "{G} = {ch} + {G}"),
    "lists": ("{G}.append({e})", "{G}.append({x})", "{G}.insert(0, {e})"),
    "collected": ("{G}.append({word})", "{G}.append({ch})", "{G}.insert(0, {word})"),
}
"""Steps by which a variable ``{G}`` takes in what is at hand, by where a scope has it."""

STEPS = (
    "{t} += {e}",
    "{t} += {e}",
    "{t} += {x}",
    "{t} += 1",
    "{t} -= {e}",
    "{t} -= 1",
    "{t} = abs({t} - {e})",
    "{t} = max({t}, {e})",
    "{t} = ({t} * {c} + {x}) % {many}",
    "{t} = ({t} + {e}) % {many}",
    "{t} //= 2",
    "{t}, {u} = {u}, {t}",
    "{t} = {e}",
    "{xs}.append({e})",
    "{xs}.append({e})",
    "{xs}.append({x})",
    "{xs}.append({t})",
    "{xs}.insert(0, {e})",
    "if {xs}:\n    {xs}.pop()",
    "if {xs}:\n    {xs}.pop(0)",
    "if {xs}:\n    {xs}[-1] += {e}",
    "if {xs}:\n    {xs}[0] -= {e}",
    "if {xs}:\n    {t} += {xs}.pop() % {m}",
    "{xs} = {xs}[1:]",
    "{xs} = {xs}[::-1]",
    "{xs}.reverse()",
    "if len({xs}) > {c}:\n    {xs}.pop(0)",
    "{s} += {ch}",
    "{s} += {ch}",
    "{s} = {ch} + {s}",
    "{s} += {k}",
    "{s} += {word}",
    "{s} = {word} + {s}",
    "{s} = {s}[1:]",
    "{s} = {s}[:-1]",
    "{s} = {s}[::-1]",
    "{s} = {s}[1:] + {ch}",
    "{s} += str({e})",
    "{s} += {ch}.upper()",
    "{t} += len({word})",
    "{ws}.append({word})",
    "{ws}.append({word})",
    "{ws}.insert(0, {word})",
    "{ws}.append({ch} + {word})",
    "{ws}.append({word}[::-1])",
    "if {ws}:\n    {ws}.pop()",
    "if {ws}:\n    {ws}.pop(0)",
    "if {ws}:\n    {s} += {ws}.pop()",
    "if {ws}:\n    {ws}[-1] += {ch}",
)
"""Steps: each changes something."""
