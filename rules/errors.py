"""The ways in which this room refuses what it was given; the text of each is one clear line."""


class TaskRejected(ValueError):
    """A file is no task, or what it says does not fit together."""


class TaskNotFound(ValueError):
    """No task has this name, and there is no file or folder of this name."""
