"""The ways in which corpora refuse or fail; the text of each is one clear line."""

from rfft.tracer.errors import Failed, Refused


class CorpusRejected(Refused):
    """What was asked for does not fit together, or does not fit the folder."""


class BuildFailed(Failed):
    """A build had to stop; it can be resumed."""
