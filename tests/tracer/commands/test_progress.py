"""A bar is for people: on a terminal, and nowhere else."""

import contextlib
import os
import pty

import pytest

from rfft.tracer.commands.progress import Bar


def work() -> None:
    with Bar("counting", 3) as bar:
        bar.begin(1, 4)
        bar.add(2, "fast")
        bar.at(4)


def test_nothing_is_written_into_a_pipe(capfd: pytest.CaptureFixture[str]) -> None:
    work()
    assert capfd.readouterr() == ("", "")


def test_a_terminal_shows_how_much_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    leader, follower = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")
    with open(follower, "w") as terminal:  # noqa: PTH123
        monkeypatch.setattr("sys.stderr", terminal)
        work()
    shown = ""
    with contextlib.suppress(OSError):  # what the end is
        while True:
            shown += os.read(leader, 1 << 16).decode()
    assert "counting" in shown
    assert "4/4" in shown
