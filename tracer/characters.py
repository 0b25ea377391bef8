"""Characters that cannot be printed, escaped by rules that no Unicode version changes."""

import builtins
from unicodedata import category

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

_UNPRINTED = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs")


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
