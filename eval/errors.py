"""The ways in which an evaluation refuses or fails; the text of each is one clear line."""

from rfft.tracer.errors import Failed, Refused


class EvalRejected(Refused):
    """What was asked for does not fit together, or does not fit the folder."""


class RunFailed(Failed):
    """A run had to stop; the answers that it has stay, and the same command goes on."""
