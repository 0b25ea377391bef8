"""The ways in which training refuses or fails; the text of each is one clear line."""

from rfft.tracer.errors import Failed, Refused


class TrainingRejected(Refused):
    """What was asked for does not fit together, or does not fit the run folder."""


class TrainingFailed(Failed):
    """Training had to stop; the same command goes on from the last checkpoint."""
