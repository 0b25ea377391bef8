"""The ways in which this room refuses what it was given; the text of each is one clear line."""

from rfft.tracer.errors import Refused


class TaskRejected(Refused):
    """A file is no task, or what it says does not fit together."""


class TaskNotFound(Refused):
    """No task has this name, and there is no file or folder of this name."""
