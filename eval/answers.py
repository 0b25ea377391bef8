"""The answers of a run, in a file to which each is appended as it comes."""

import dataclasses
import json
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from .backends import Answer
from .errors import EvalRejected, RunFailed

FILE = "answers.jsonl"


def read(folder: Path) -> dict[str, Answer]:
    """Return the answers of a run by their ids; a last line that was not finished is left out.

    Raises EvalRejected.
    """
    path = folder / FILE
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise EvalRejected(f"{path}: {error.strerror or error}") from None
    found: dict[str, Answer] = {}
    for number, line in enumerate(lines[:-1], 1):
        try:
            answer = Answer(**json.loads(line))
        except (ValueError, TypeError):
            raise EvalRejected(f"{path}: line {number} is damaged; take it out") from None
        found.setdefault(answer.id, answer)
    return found


class Appended:
    """The file, open for more answers. A context manager."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        try:
            self._file = self._path.open("ab+")
            self._file.seek(0)
            whole = self._file.read().rfind(b"\n") + 1
            self._file.truncate(whole)  # what a kill has left of a line
        except OSError as error:
            raise self._failure(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, answer: Answer) -> None:
        """Write an answer; it is in the file when this returns. Raises RunFailed."""
        line = json.dumps(dataclasses.asdict(answer)) + "\n"
        try:
            self._file.write(line.encode())
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self._failure(error) from None

    def _failure(self, error: OSError) -> RunFailed:
        return RunFailed(f"{self._path}: cannot be written: {error.strerror or error}")
