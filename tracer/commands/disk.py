"""Files and folders that are put in place whole or not at all, and locks."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import Failed, Refused

WORK = ".work"
"""The folder, in that of a corpus or a run, for locks and for files that are not whole yet."""


def cache(name: str) -> Path:
    """Return the folder for what can be made again, by its name; it need not be there."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "rfft" / name


def put(target: Path, data: bytes | Iterable[bytes], work: Path | None = None) -> None:
    """Put a file in place: it has all of the data, also after a power cut, or is as it was before.

    A file that is replaced keeps its mode. What is not whole yet is in the folder `work`, or beside
    the file. Folders are made if need be. Raises OSError.
    """
    folder = work or target.parent
    temporary = folder / f".{target.name[:100]}.{os.getpid()}.tmp"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)  # of a killed process that had the same number
        with temporary.open("xb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o7777)
        temporary.replace(target)
        _sync(target.parent)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def put_folder(made: Path, target: Path) -> None:
    """Put a folder in place where none is, with the contents of its files. Raises OSError."""
    for path in made.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    made.rename(target)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not every file system can
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def locked(path: Path, busy: str | None, *, shared: bool = False) -> Iterator[None]:
    """Hold a lock, which is a file; with `shared`, one that others may share.

    The system lets go of a lock when its process ends, however it ends. Raises Refused, with the
    line `busy`, if another process holds it (without such a line, it is waited for), and Failed.
    """
    import fcntl

    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    if busy is not None:
        kind |= fcntl.LOCK_NB
    with contextlib.ExitStack() as held:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            held.callback(os.close, descriptor)
            fcntl.flock(descriptor, kind)
        except BlockingIOError:
            raise Refused(busy) from None
        except OSError as error:
            raise Failed(f"{path}: {error.strerror or error}") from None
        yield
