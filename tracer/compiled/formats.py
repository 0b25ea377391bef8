"""Code of texts: format strings, put together from literal pieces and codes of values.

A literal ``"…%s…" % (a, b)`` compiles to the same bytecode as an f-string and is parsed faster.
"""

from typing import TypeAlias

# Begins every name that the compiled code adds; a source that has it is not compiled. Names beyond
# ASCII could not be in an ASCII source, but cost the parser a normalisation each.
PREFIX = "_Z"

Code: TypeAlias = str
Text: TypeAlias = list[str]
"""Literal pieces and codes of values in turn; a literal, perhaps empty, stands at both ends."""


def add(text: Text, more: Text) -> None:
    """Add a text to the end of another."""
    text[-1] += more[0]
    text += more[1:]


def add_where(text: Text, when: Code, more: Text) -> None:
    """Add a text that is empty where a condition does not hold."""
    if when == "False":
        return
    text += [f"({code_of(more)} if {when} else '')", ""]


def code_of(text: Text) -> Code:
    """Return the code of a text: one format string."""
    if len(text) == 1:
        return repr(text[0])
    if len(text) == 3 and not text[0] and not text[2]:
        return text[1]
    literals, codes = text[::2], text[1::2]
    if "%" in "".join(literals):
        literals = [literal.replace("%", "%%") for literal in literals]
    for n, code in enumerate(codes):
        if code.startswith(_FORMATS):
            literals[n] += code[1:3]
            codes[n] = code[8:-2]
        else:
            literals[n] += "%s"
    return f"{''.join(literals)!r} % ({', '.join(codes)},)"


_FORMATS = ("'%s' % (", "'%r' % (")  # how the code of one value begins
