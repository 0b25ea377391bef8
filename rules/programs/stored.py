"""A set of programs in the one form in which a corpus keeps it: a line for each program.

=================  =============================================================================
``id``             the program's id
``source``         what is run: the function and what it uses, in their module
``function``       the function's name
``fingerprint``    what it shares with the same program under other names
``inputs``         for each input the texts of its arguments, ``name=value`` for keywords
``outputs``        for each input the text of the value that the set states, or null
``json``           whether the outputs were JSON, where keys are texts and no list is a tuple
``of``             the id of the program that this is a variant of, if it is one
=================  =============================================================================

Programs stand in shards, ranges of lines whose places are known.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from .errors import SetRejected

FILE = "programs.jsonl"
UNREAD = "unread.jsonl"
"""The file of what was not taken into the set: a line with id, row, status and reason for each."""


class Program(NamedTuple):
    """A program of a set."""

    id: str
    source: str
    function: str
    fingerprint: str
    inputs: tuple[tuple[str, ...], ...]
    outputs: tuple[str | None, ...]
    json: bool
    of: str = ""

    def line(self) -> bytes:
        """Return the line of the file that it stands in."""
        said = {name: value for name, value in self._asdict().items() if name != "of" or value}
        return (json.dumps(said) + "\n").encode()

    @classmethod
    def read(cls, line: bytes) -> "Program":
        """Return the program of a line. Raises ValueError, TypeError, KeyError."""
        said = json.loads(line)
        inputs = tuple(tuple(map(_str, one)) for one in said["inputs"])
        outputs = tuple(None if one is None else _str(one) for one in said["outputs"])
        texts = [_str(said[name]) for name in ("id", "source", "function", "fingerprint")]
        if len(inputs) != len(outputs):
            raise ValueError("a program has as many outputs as inputs")
        name, source, function, fingerprint = texts
        of, from_json = _str(said.get("of", "")), bool(said["json"])
        return cls(name, source, function, fingerprint, inputs, outputs, from_json, of)


class Shard(NamedTuple):
    """A range of programs: where in the file it begins, how many they are, and their inputs."""

    start: int
    programs: int
    inputs: int


@dataclass(frozen=True)
class ProgramSet:
    """A set that is kept in `path`; all but the path is in a corpus's plan.

    `rows` are the rows of the file that it was made from. `unread` counts, by status, what was not
    taken of it, and `others` what is of another side of the split; `merged` are programs that are
    the same as another one up to names, `again` inputs that a program has twice. `given` says that
    the split is not that of fingerprints. If variants stand in place of programs, `varied` counts
    these, those of them that have fewer than were wanted, and variants that ran differently.
    """

    path: Path
    sha256: str
    fields: str
    rows: int
    shards: tuple[Shard, ...]
    unread: Mapping[str, int]
    others: int
    merged: int
    again: int
    given: bool
    varied: Mapping[str, int] | None = None

    @property
    def programs(self) -> int:
        """How many programs there are."""
        return sum(shard.programs for shard in self.shards)

    @property
    def inputs(self) -> int:
        """How many inputs they have together."""
        return sum(shard.inputs for shard in self.shards)

    def to_json(self) -> dict[str, Any]:
        """Return what the plan says of the set, as JSON data."""
        said = {name: getattr(self, name) for name in _SAID}
        if self.varied is not None:
            said["varied"] = dict(self.varied)
        return {**said, "unread": dict(self.unread), "shards": [list(one) for one in self.shards]}

    @classmethod
    def from_json(cls, said: Any, path: Path) -> "ProgramSet":
        """Return the set of a plan. Raises ValueError, TypeError, KeyError."""
        shards = tuple(Shard(*map(_count, one)) for one in said["shards"])
        unread = {_str(name): _count(count) for name, count in said["unread"].items()}
        varied = said.get("varied")
        if varied is not None:
            varied = {n: _count(varied[n]) for n in ("programs", "fewer", "refused")}
        counts = {n: _count(said[n]) for n in ("rows", "others", "merged", "again")}
        return cls(path, _str(said["sha256"]), _str(said["fields"]),
                   shards=shards, unread=unread, given=bool(said["given"]), varied=varied,
                   **counts)  # fmt: skip

    def at(self, folder: Path) -> "ProgramSet":
        """Return the same set, kept in a folder."""
        return replace(self, path=folder / FILE)

    def check(self) -> None:
        """Raise SetRejected if the file is not the one that the plan was made with."""
        try:
            with self.path.open("rb") as file:
                digest = sha256()
                while block := file.read(1 << 20):
                    digest.update(block)
        except OSError as error:
            raise SetRejected(f"{self.path}: {error.strerror or error}") from None
        if digest.hexdigest() != self.sha256:
            raise SetRejected(f"{self.path}: is not the file that the plan was made with")

    def shard(self, number: int) -> Iterator[Program]:
        """Yield the programs of a shard. Raises SetRejected."""
        start, programs, _ = self.shards[number]
        yield from self._read(start, programs)

    def find(self, id: str) -> tuple[int, Program] | None:
        """Return the program with an id and the number of its shard. Raises SetRejected."""
        for number, (start, programs, _) in enumerate(self.shards):
            for program in self._read(start, programs):
                if program.id == id:
                    return number, program
        return None

    def _read(self, start: int, programs: int) -> Iterator[Program]:
        try:
            with self.path.open("rb") as file:
                file.seek(start)
                for _ in range(programs):
                    yield Program.read(file.readline())
        except OSError as error:
            raise SetRejected(f"{self.path}: {error.strerror or error}") from None
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise SetRejected(f"{self.path}: is damaged: a line of it is no program") from None


_SAID = ("sha256", "fields", "rows", "others", "merged", "again", "given")


def _str(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text is wanted, and not {value!r:.50}")
    return value


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError(f"a count is wanted, and not {value!r:.50}")
    return value
