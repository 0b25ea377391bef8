"""Standard streams for a rule. A rule can reach this module: nothing else of ours is in it."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Quiet(io.TextIOBase):
    """Stands for standard output and error; counts what is written and forgets it."""

    encoding = "utf-8"

    class _Bytes(io.RawIOBase):
        def __init__(self, owner: "Quiet") -> None:
            self._owner = owner

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            size = memoryview(data).nbytes
            self._owner.characters += size
            return size

    def __init__(self) -> None:
        self.characters = 0
        self.buffer = self._Bytes(self)
        self._before = sys.stdin, sys.stdout, sys.stderr

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.characters += len(text)
        return len(text)

    @contextmanager
    def instead_of_streams(self) -> Iterator[None]:
        """Take the place of the standard streams; standard input is empty meanwhile."""
        self._before = sys.stdin, sys.stdout, sys.stderr
        sys.stdin, sys.stdout, sys.stderr = io.StringIO(), self, self
        try:
            yield
        finally:
            self.give_back_streams()

    def give_back_streams(self) -> None:
        """Put the standard streams back."""
        sys.stdin, sys.stdout, sys.stderr = self._before
