"""Files that a command reads: rules and texts."""

import importlib
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from ..errors import Refused
from ..records import MAX_SOURCE

MAX_TEXT = 20 << 20
"""How many characters of a text are read. The true traces that it is compared with are shorter."""


def read_source(name: str) -> str:
    """Return the text of a rule's file; raise `Refused` if it is none."""
    if name == "-":
        return _decode(name, _stdin().read(MAX_SOURCE + 1))
    with _opened(name) as file:
        data = file.read(MAX_SOURCE + 1)
    return _decode(name, data)


_MEMBER = re.compile(r".+\.(jsonl|parquet)#.+", re.DOTALL)


def read_program(name: str) -> tuple[str, str | None, list[str]] | None:
    """Return source, function and inputs of a program of a set, if a name is FILE.jsonl#ID.

    Raises `Refused` if it is of that form and there is no such program.
    """
    if not _MEMBER.fullmatch(name) or Path(name).exists():
        return None
    try:
        # The rooms above are known at run time only.
        sets = importlib.import_module("rfft.rules.programs.one")
    except ImportError:
        raise Refused(f"{name}: sets of programs need rfft.rules, which is not installed") from None
    given = sets.find(name)
    return given.source, given.function, given.inputs


def read_inputs(inputs: Sequence[str] | None, files: Sequence[str] | None) -> list[str] | None:
    """Return texts of inputs: those given, of which ``@FILE`` is a file's, and those of files.

    None if there are none. Raises `Refused`.
    """
    if inputs is None and not files:
        return None
    given = [read_text(one[1:]) if one.startswith("@") else one for one in inputs or ()]
    return given + [read_text(file) for file in files or ()]


def read_task(
    name: str, length: int | None, seed: int, inputs: Sequence[str] | None
) -> tuple[str, str, list[str], list[str | None]] | None:
    """Return source, function, inputs and their questions, if a name is a task's and no file's.

    The task's instance of that length is the input where `inputs` is None. Raises `Refused`.
    """
    if name == "-" or name.endswith(".py") or Path(name).exists():
        return None
    try:
        # The rooms above are known at run time only.
        tasks = importlib.import_module("rfft.rules.asked")
    except ImportError:
        return None
    try:
        found: tuple[str, str, list[str], list[str | None]] = tasks.find(name, length, seed, inputs)
    except Refused as problem:
        if str(problem).startswith("no task"):
            raise Refused(f"{name}: no such file, and {problem}") from None
        raise
    return found


def read_response(name: str, style: str) -> str:
    """Return the text of a trace in a style, without the prompt that `rfft-trace` puts in front."""
    from ..checking.text import without_prompt
    from ..styles import load

    return without_prompt(read_text(name), load(style))


def read_text(name: str) -> str:
    """Return the text of a trace, or the head of one that is far too long."""
    if name == "-":
        return _head(_stdin())
    with _opened(name) as file:
        return _head(file)


def _stdin() -> BinaryIO:
    if sys.stdin is None:
        raise Refused("-: standard input is closed")
    return sys.stdin.buffer


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """Open a regular file to be read as bytes; raise `Refused` if that fails."""
    if "\0" in name:  # which no file can have
        raise Refused(f"{name}: no such file")
    path = Path(name)
    if path.is_dir():
        raise Refused(f"{name}: is a folder, not a file")
    if path.exists() and not path.is_file():
        # Opening a pipe would wait for a writer, and a device may have no end.
        raise Refused(f"{name}: is not a regular file; - reads from standard input")
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise Refused(f"{name}: {error.strerror or error}") from None


def _head(file: BinaryIO) -> str:
    """Return the first `MAX_TEXT` characters of a file; what is no text is replaced."""
    from ..checking.text import decoded

    parts, left = [], MAX_TEXT
    for piece in decoded(iter(partial(file.read, 1 << 20), b"")):
        parts.append(piece[:left])
        left -= len(parts[-1])
        if not left:
            break
    return "".join(parts)


def _decode(name: str, data: bytes) -> str:
    """Return the text of Python source, in the encoding that it declares."""
    import io
    import tokenize

    if len(data) > MAX_SOURCE:
        raise Refused(f"{name}: is longer than {MAX_SOURCE:,} bytes, too long for a rule")
    if b"\0" in data:
        raise Refused(f"{name}: is a binary file, not Python source")
    encoding = "utf-8"
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except SyntaxError as error:
        raise Refused(f"{name}: {error.msg}") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused(f"{name}: line {line} is not {encoding} text; declare its encoding") from None
    except (LookupError, ValueError):
        raise Refused(f"{name}: {encoding} is not an encoding of text") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
