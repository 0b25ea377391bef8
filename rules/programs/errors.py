"""The way in which sets of programs are refused; the text is one clear line."""

from rfft.tracer.errors import Refused


class SetRejected(Refused):
    """A file is no set of programs, or not one that can be read."""
