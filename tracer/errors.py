"""The ways in which the tracer refuses what it was given.

Each is a ``ValueError`` whose text is one clear line (a source error adds the offending source
line below it), fit to be printed as it stands.
"""


class SourceRejected(ValueError):
    """The rule's source cannot be traced: not Python, no function, or none chosen among several."""


class InputRejected(ValueError):
    """The input is not a list of Python literals, or does not fit the rule's parameters."""


class StyleNotFound(ValueError):
    """No style of this name is installed, nor is there a file of this name."""
