"""Characters that cannot be printed, escaped by rules that no Unicode version changes."""

import builtins
from unicodedata import category

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

_UNPRINTED = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs")

BLANKS = " \t\r\ufeff"  # the last is the mark that a file of Unicode may begin with
_LONGEST = 1000  # characters of one line


def escaped(c: str) -> str:
    """Return a character, escaped if it cannot be printed."""
    if c.isascii():
        return c if " " <= c <= "~" else str.__repr__(c)[1:-1]
    if category(c) not in _UNPRINTED:
        return c
    code = ord(c)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def printable(name: str) -> str:
    """Return the text of a name, which a rule may have set to any string, as part of a line."""
    name = str.__str__(name)  # of a subclass, no code is run
    return name if name.isidentifier() else "".join(map(escaped, name))


def visible(text: str) -> str:
    """Return `text` with characters that could steer a terminal written as escapes."""
    return "".join(
        c if c in "\n\t" or category(c) not in ("Cc", "Cf", "Cs") else ascii(c)[1:-1] for c in text
    )


def one_line(text: str) -> str:
    """Return `text` on one line of bearable length, without what could steer a terminal."""
    line = visible(" ".join(line.strip() for line in text[:_LONGEST].splitlines()))
    return line if len(text) <= _LONGEST else f"{line}..."
