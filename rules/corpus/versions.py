"""Which code decides about the bytes of a corpus, as hashes."""

import functools
import inspect
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import rfft.tracer
from rfft.tracer.styles import Style

from .errors import CorpusRejected

# Modules that show, report or search, and so decide about no byte of a row.
_SILENT = frozenset("cli display gallery new tables discovery".split())
_WRITING = ("versions", "draw", "files", "plan", "rows", "sources", "split", "tracing")


def versions(style: Style, form: str) -> dict[str, str]:
    """Return the versions of the code that makes a corpus in this style and format."""
    found = _own()
    try:
        file = Path(inspect.getfile(type(style)))
    except (TypeError, OSError):
        raise CorpusRejected(f"style {style.name} has no file, so its version is unknown") from None
    found["style"] = _hash([(style.name, file)])
    if form == "parquet":
        import pyarrow

        found["pyarrow"] = pyarrow.__version__
    return found


@functools.cache
def _own_hashes() -> tuple[tuple[str, str], ...]:
    tracer = Path(rfft.tracer.__file__).parent
    rules = Path(__file__).parent.parent
    here = Path(__file__).parent
    return (
        ("tracer", _hash(_modules(tracer))),
        ("rules", _hash(m for m in _modules(rules) if m[0].split("/")[0] not in _APART)),
        ("corpus", _hash((f"{name}.py", here / f"{name}.py") for name in _WRITING)),
    )


_APART = frozenset({"library", "checks"})  # the tasks' own texts are in the plan


def _own() -> dict[str, str]:
    return dict(_own_hashes())


def _modules(folder: Path) -> list[tuple[str, Path]]:
    """Return the modules of a package by their names in it."""
    found = sorted(path for path in folder.rglob("*.py") if path.stem not in _SILENT)
    return [(path.relative_to(folder).as_posix(), path) for path in found]


def _hash(modules: Iterable[tuple[str, Path]]) -> str:
    digest = sha256()
    for name, path in modules:
        data = path.read_bytes()
        digest.update(f"{name} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()[:16]
