"""Standard streams that are closed, full or read by nobody: one line says so, and nothing lies."""

import subprocess
import sysconfig
from pathlib import Path

import pytest

SCRIPTS = Path(sysconfig.get_path("scripts"))
RULE = "def double(n):\n    return n * 2\n"


@pytest.fixture
def shell(tmp_path):
    """Return what runs a line of sh in a folder with a rule: exit code, stdout and stderr."""
    (tmp_path / "rule.py").write_text(RULE)

    def run(line):
        done = subprocess.run(
            ["sh", "-c", f"PATH={SCRIPTS}:$PATH; {line}"],
            cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.mark.parametrize(
    "command",
    [
        "rfft-trace rule.py --input 2",
        "rfft-trace rule.py --input 2 --format json",
        "rfft-trace --help",
        "rfft-trace --version",
        "rfft-check rule.py --input 2 --trace rule.py",
        "rfft rules list",
        "rfft rules new one --output .",
    ],
)
@pytest.mark.parametrize(
    ("stdout", "reason"), [("&-", "output is closed"), ("/dev/full", "No space left on device")]
)
def test_what_is_not_written_is_told(shell, command, stdout, reason):
    code, out, err = shell(f"{command} >{stdout}")
    assert (code, out) == (2, "")
    assert reason in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("closed", [">&-", "<&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"])
def test_a_file_is_written_whatever_is_closed(shell, closed):
    line = "rfft-trace rule.py --input 4 --output out.txt"
    code, out, err = shell(f"{line} {closed}")
    assert (code, out, err) == (0, "", "")
    assert shell("tail -n 1 out.txt")[1] == "So the answer is 8\n"


@pytest.mark.parametrize(
    "command",
    ["rfft-trace rule.py --input '[' 2>&-", "rfft-check rule.py --input '[' --trace rule.py 2>&-"],
)
def test_what_belongs_to_stderr_does_not_go_to_stdout(shell, command):
    assert shell(command) == (2, "", "")


@pytest.mark.parametrize(
    "command", ["rfft-trace - --input 1", "rfft-check rule.py --input 1 --trace -"]
)
def test_a_closed_standard_input_has_no_rule_and_no_text(shell, command):
    code, out, err = shell(f"{command} <&-")
    assert (code, out) == (2, "")
    assert err.endswith(": -: standard input is closed\n")


def test_nobody_is_told_that_nobody_reads(shell):
    for command in ("rfft rules list", "rfft-trace rule.py --input 1", "rfft rules list --help"):
        assert shell(f"{command} | true") == (0, "", "")
