"""The ways in which corpora refuse or fail; the text of each is one clear line."""


class CorpusRejected(ValueError):
    """What was asked for does not fit together, or does not fit the folder."""


class BuildFailed(Exception):
    """A build had to stop; it can be resumed."""
