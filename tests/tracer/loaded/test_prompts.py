"""Functions that are typed at a real prompt, or given to a real interpreter, are traced."""

import os
import pty
import select
import subprocess
import sys
import time

import pytest

RULE = "def double(n):\n    return n * 2\n"
SHOW = "print(trace(double, 4).response())\n"
PROGRAM = f"from rfft.tracer import trace\n{RULE}{SHOW}"


def python(*arguments, **options):
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, **options
    )


def test_python_c():
    done = python("-c", PROGRAM, "an argument")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("So the answer is 8\n\n")


def test_python_from_a_file_as_standard_input(tmp_path):
    (tmp_path / "rule.py").write_text(PROGRAM)
    with (tmp_path / "rule.py").open() as file:
        done = python("-", stdin=file)
    assert done.stdout.endswith("So the answer is 8\n\n")


def test_python_from_a_pipe_says_what_to_do():
    done = python("-", input=PROGRAM)
    said = done.stderr.splitlines()[-1]
    assert said.startswith("rfft.tracer.errors.SourceRejected: no source for double: ")
    assert said.endswith("put it into a file, or use Rule.from_source(text)")


def typed(lines, **environment):
    """Return what an interactive Python shows of lines that are typed."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(sys.executable, [sys.executable, "-q"], {**os.environ, **environment})
    shown = b""
    for line in [*lines, "exit()"]:
        os.write(terminal, line.encode() + b"\r")
        time.sleep(0.2)
    end = time.monotonic() + 60
    while time.monotonic() < end and select.select([terminal], [], [], end - time.monotonic())[0]:
        try:
            part = os.read(terminal, 1 << 16)
        except OSError:  # the terminal is closed
            break
        shown += part
    os.waitpid(child, 0)
    os.close(terminal)
    return shown.decode()


@pytest.mark.skipif(sys.version_info < (3, 13), reason="the prompt keeps no text before 3.13")
@pytest.mark.parametrize("basic", ["", "1"])
def test_the_prompt_of_python(basic):
    lines = ["from rfft.tracer import trace", *RULE.splitlines(), "", "t = trace(double, 4)",
             "t", "print(t.response())"]  # fmt: skip
    shown = typed(lines, PYTHON_BASIC_REPL=basic, TERM="xterm")
    assert "<trace of double(4): 2 steps, answer 8>" in shown
    assert "So the answer is 8" in shown
