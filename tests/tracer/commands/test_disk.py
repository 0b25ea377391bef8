"""Files are there whole or not at all, and a lock is one process's at a time."""

from pathlib import Path

import pytest

from rfft.tracer.commands import disk
from rfft.tracer.errors import Failed, Refused


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "file"
    disk.put(target, b"one")
    target.chmod(0o640)
    disk.put(target, iter([b"two", b" parts"]), tmp_path / ".work")
    assert target.read_bytes() == b"two parts"
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in target.parent.iterdir()] == ["file"]


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"before")

    def parts():
        yield b"some"
        raise OSError("no more")

    with pytest.raises(OSError, match="no more"):
        disk.put(target, parts())
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_is_put_where_none_is(tmp_path: Path) -> None:
    made, target = tmp_path / "made", tmp_path / "target"
    disk.put(made / "sub" / "file", b"text")
    disk.put_folder(made, target)
    assert (target / "sub" / "file").read_bytes() == b"text"
    disk.put(made / "file", b"other")
    with pytest.raises(OSError, match="not empty"):
        disk.put_folder(made, target)


def test_a_lock_is_of_one_process_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / ".work" / "lock"
    for shared in (False, True):
        with (
            disk.locked(path, "", shared=shared),
            pytest.raises(Refused, match="somebody is there"),
            disk.locked(path, "somebody is there"),
        ):
            pass


def test_a_lock_may_be_shared(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with disk.locked(path, "", shared=True), disk.locked(path, "", shared=True):
        pass


def test_a_lock_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(Failed, match="file/lock: "),
        disk.locked(tmp_path / "file" / "lock", ""),
    ):
        pass
