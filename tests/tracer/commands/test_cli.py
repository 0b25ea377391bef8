"""The command `rfft-trace`: what it prints, where, and how it ends."""

import contextlib
import json
import os
import pty
import re
import signal
import stat
import subprocess
import sysconfig
import time
from pathlib import Path

import pytest

from rfft.tracer.commands import trace as cli

from ..processes import busy

PROGRAM = Path(sysconfig.get_path("scripts")) / "rfft-trace"

COUNT = """\
def count(n):
    total = 0
    while n:
        total += n
        n -= 1
    return total
"""
FOREVER = "def forever():\n    x = 1\n    while True:\n        x += 1\n"


@pytest.fixture
def rule(tmp_path, monkeypatch):
    """Return what writes a rule into a file of the current folder and returns its name."""
    monkeypatch.chdir(tmp_path)

    def write(text, name="rule.py"):
        data = text if isinstance(text, bytes) else text.encode()
        Path(name).write_bytes(data)
        return name

    return write


@pytest.fixture
def trace(capfd):
    """Return what runs the command in this process and returns exit code, stdout and stderr."""

    def run(*arguments):
        code = cli.trace_main(arguments)
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return run


def start(*arguments, **options):
    """Start the command as a process of its own."""
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([PROGRAM, *arguments], **{**streams, **options})


def one_line(err):
    """Check that a complaint is one line of the command's; return what it says."""
    assert re.fullmatch(r"rfft-trace: [^\n]+\n", err), err
    return err.removeprefix("rfft-trace: ").rstrip("\n")


def files():
    """Return the names of the files in the current folder."""
    return sorted(path.name for path in Path().iterdir())


# What is printed


def test_piped_text_is_prompt_blank_line_response(rule, trace):
    name = rule(COUNT)
    code, out, err = trace(name, "--input", "3")
    _, prompt, _ = trace(name, "--input", "3", "--only", "prompt")
    _, response, _ = trace(name, "--input", "3", "--only", "response")
    assert (code, err) == (0, "")
    assert out == f"{prompt}\n{response}"
    for part in (prompt, response):
        assert part.endswith("\n")
        assert not part.endswith("\n\n")
    assert COUNT.strip() in prompt
    assert response.endswith("So the answer is 6\n")
    assert "\x1b" not in out


def test_several_inputs(rule, trace):
    name = rule(COUNT)
    texts = [trace(name, "--input", n)[1] for n in "12"]
    code, out, err = trace(name, "--input", "1", "--input", "2")
    assert (code, out, err) == (0, "\n".join(texts), "")
    code, out, err = trace(name, "--input", "1", "--input", "2", "--format", "json")
    records = [json.loads(line) for line in out.splitlines()]
    assert [record["answer"] for record in records] == ["1", "3"]


def test_no_input_is_a_call_without_arguments(rule, trace):
    name = rule("def f(n=7):\n    return n\n")
    assert trace(name)[1].endswith("So the answer is 7\n")
    assert trace(name, "--input", "")[1].endswith("So the answer is 7\n")
    assert trace(name, "--input", "-1")[1].endswith("So the answer is -1\n")


def test_a_rule_from_standard_input(rule):
    process = start("-", "--input", "n=3", "--style", "direct", stdin=subprocess.PIPE)
    out, err = process.communicate(COUNT.encode(), timeout=60)
    assert out.endswith(b"So the answer is 6\n")
    assert (process.returncode, err) == (0, b"")


def test_json_has_the_status_also_without_a_trace(rule, trace):
    code, out, err = trace(rule("def f(:\n"), "--format", "json")
    record = json.loads(out)
    assert (code, record["status"], record["steps"]) == (2, "rejected_source", [])
    assert one_line(err)


def test_the_worst_exit_code_counts_and_the_rest_is_printed(rule, trace):
    name = rule("def f(n):\n    while n < 0:\n        n -= 1\n    return 1 // n\n")
    code, out, err = trace(name, *"--input 0 --input 1 --input -1 --max-steps 50".split())
    assert code == 3
    assert out.count("Follow the given rule") == 3
    first, second = err.splitlines()
    assert "rule.py, input 1: the rule raised ZeroDivisionError: " in first
    assert "rule.py, input 3: stopped after 50 steps (see --max-steps)" in second


def test_panels_on_a_terminal(rule):
    name = rule(f"{COUNT}    # \x1b[31m is not for the terminal\n")
    shown = on_terminal(name, "--input", "2", TERM="xterm")
    assert "Prompt" in shown
    assert "Response" in shown
    assert "\x1b[1;32mSo the answer is 3" in shown
    assert "\x1b[31m" not in shown
    plain = on_terminal(name, "--input", "2", TERM="xterm", NO_COLOR="1")
    assert "So the answer is 3" in plain
    assert not re.search(r"\x1b\[[0-9;]*3\dm", plain)
    assert json.loads(on_terminal(name, "--input", "2", "--format", "json"))["answer"] == "3"


def on_terminal(*arguments, **variables):
    """Return what the command writes to a terminal."""
    ours, theirs = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    process = start(*arguments, stdout=theirs, env={**environment, **variables})
    os.close(theirs)
    data = b""
    with contextlib.suppress(OSError):  # how Linux reports that the other side is closed
        while chunk := os.read(ours, 1 << 16):
            data += chunk
    os.close(ours)
    assert process.communicate(timeout=60) == (None, b"")
    return data.decode().replace("\r\n", "\n")


# Where it is printed


def test_output_replaces_a_file_and_keeps_its_rights(rule, trace):
    name, file = rule(COUNT), Path("out.txt")
    file.write_text("before")
    file.chmod(0o640)
    Path("link.txt").symlink_to(file)
    expected = trace(name, "--input", "1")[1]
    assert trace(name, "--input", "1", "--output", "link.txt") == (0, "", "")
    assert file.read_text() == expected
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert Path("link.txt").is_symlink()
    assert trace(name, "--input", "1", "--output", "-")[1] == expected
    assert files() == ["link.txt", "out.txt", "rule.py"]


def test_output_is_left_alone_where_there_is_nothing_to_write(rule, trace):
    name, file = rule(COUNT), Path("out.txt")
    file.write_text("before")
    assert trace(name, "--input", "oops", "--output", "out.txt")[0] == 2
    assert file.read_text() == "before"
    assert files() == ["out.txt", "rule.py"]


@pytest.mark.parametrize("output", ["/dev/null", ".", "nowhere/out.txt", "/proc/out.txt"])
def test_output_that_cannot_be_written(rule, trace, output):
    code, out, err = trace(rule(COUNT), "--input", "1", "--output", output)
    assert (code, out) == (2, "")
    assert output.removesuffix("/out.txt") in one_line(err)
    assert Path("/dev/null").is_char_device()


def test_a_reader_that_has_seen_enough(rule):
    ours, theirs = os.pipe()
    os.close(ours)
    process = start(rule(COUNT), "--input", "1", stdout=theirs)
    os.close(theirs)
    assert process.communicate(timeout=60)[1] == b""
    assert process.returncode == 141


@pytest.mark.parametrize("arguments", [["rule.py", "--input", "1"], ["--help"]])
def test_a_full_disk(rule, arguments):
    rule(COUNT)
    with Path("/dev/full").open("wb") as full:
        process = start(*arguments, stdout=full)
        err = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 2
    assert one_line(err) == "cannot write: No space left on device"


@pytest.mark.parametrize(("stream", "code"), [("1", 2), ("2", 3), ("0", 3)])
def test_a_closed_stream(rule, stream, code):
    name = rule(FOREVER)
    line = f'exec "$0" "$@" {stream}>&-'
    command = ["sh", "-c", line, PROGRAM, name, "--max-steps", "9"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code
    assert ("1. Initialize" in done.stdout) == (stream != "1")
    if stream != "2":
        assert one_line(done.stderr)


def test_an_interrupt_ends_both_processes(rule):
    name = rule(FOREVER)
    limits = "--max-steps 1000000000 --timeout 600 --max-output 1024".split()
    for more in ([], ["--unsafe"]):
        process = start(name, *limits, *more)
        while busy(process.pid) < 2:  # it takes less to begin
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (130, b"")
        assert one_line(err.decode()) == "interrupted"


# Files that are no rules

BINARY = b"\x7fELF\0\0\0"
REFUSED_FILES = {
    "binary": (BINARY, "is a binary file"),
    "utf-16": ("def f(): pass".encode("utf-16"), "is a binary file"),
    "latin-1 that does not say so": (b"def f():\n    return '\xe9'\n", "line 2 is not utf-8"),
    "unknown encoding": (b"# coding: nope\ndef f(): pass\n", "unknown encoding: nope"),
    "encoding of bytes": (b"# coding: hex\ndef f(): pass\n", "hex is not an encoding of text"),
    "huge": (b"#" * 2_000_000, "is longer than 1,048,576 bytes"),
    "no Python": (b"def f(:\n    pass\n", "syntax error in line 1: invalid syntax: def f(:"),
    "no function": (b"x = 1\n", "no function"),
    "empty": (b"", "no function"),
    "several": (b"def f(): pass\ndef g(): pass\n", "f, g"),
}


@pytest.mark.parametrize("name", REFUSED_FILES)
def test_a_file_that_is_refused(rule, trace, name):
    data, reason = REFUSED_FILES[name]
    code, out, err = trace(rule(data))
    assert (code, out) == (2, "")
    assert reason in one_line(err)
    assert one_line(err).startswith("rule.py: ")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing.py", "No such file"),
        ("folder.py", "is a folder"),
        ("pipe.py", "is not a regular file"),
        ("/dev/zero", "is not a regular file"),
        ("secret/rule.py", "Permission denied"),
        ("x" * 300, "File name too long"),
        ("a\0b", "no such file"),
    ],
)
def test_a_name_that_is_refused(tmp_path, monkeypatch, trace, name, reason):
    monkeypatch.chdir(tmp_path)
    Path("folder.py").mkdir()
    Path("secret").mkdir(mode=0)
    os.mkfifo("pipe.py")
    if name.startswith("secret") and os.geteuid() == 0:
        pytest.skip("nothing is secret to root")
    code, out, err = trace(name)
    assert (code, out) == (2, "")
    assert reason in one_line(err)


@pytest.mark.parametrize(
    "data",
    [
        b"# coding: latin-1\ndef f():\n    return '\xe9'\n",
        b"\xef\xbb\xbfdef f():\n    return '\xc3\xa9'\n",
        b"def f():\r\n    return '\xc3\xa9'\r\n",
    ],
)
def test_encodings_are_understood(rule, trace, data):
    code, out, err = trace(rule(data), "--only", "response")
    assert (code, err) == (0, "")
    assert out.endswith("So the answer is 'é'\n")
    assert "\r" not in out


# Options and inputs that are refused

REFUSED = {
    "--nope": "No such option: --nope",
    "--style nope": "scratchpad",
    "--function nope": "count",
    "--format xml": "'xml'",
    "--only prompt --format html": "--only goes with --format text",
    "--trace answer.txt": "--trace goes with --format html",
    "--format html --input 1 --input 2 --trace answer.txt": "once for each input: 2 times",
    "--format html --trace answer.txt": "answer.txt: No such file",
    "--only answer": "'answer'",
    "--only prompt --format json": "--only goes with --format text",
    "--input nope": "`nope` at character 1, which is not a literal",
    "--input 1,2": "too many positional arguments",
    "--input m=1": "'n'",
    "--max-steps 0": "--max-steps",
    "--timeout 0": "--timeout takes more than 0",
    "--timeout nan": "--timeout takes more than 0",
    "--timeout inf": "--timeout takes more than 0",
    "--memory 1": "--memory",
    "--max-output x": "--max-output",
    "extra.py": "extra.py",
}


@pytest.mark.parametrize("options", REFUSED)
def test_options_that_are_refused(rule, trace, options):
    code, out, err = trace(rule(COUNT), *options.split())
    assert (code, out) == (2, "")
    assert REFUSED[options] in one_line(err)


def test_no_rule_at_all(trace):
    code, out, err = trace()
    assert (code, out) == (2, "")
    assert "RULE.py" in one_line(err)


# Rules that misbehave: the exit code, the line, and how the trace made so far ends

MISBEHAVES = {
    "raises": ("return 1 // 0", 1, "the rule raised ZeroDivisionError: integer division", True),
    "raises much": ("raise ValueError('x\\n' * 9999)", 1, "the rule raised ValueError: x x", True),
    "exits": ("import sys\n    sys.exit(3)", 1, "the rule raised SystemExit: 3", True),
    "asks": ("return input()", 1, "the rule raised EOFError", True),
    "kills itself": ("import os\n    os.kill(os.getpid(), 9)", 1, "stopped: os.kill", True),
    "crashes": (
        "import faulthandler\n    faulthandler._read_null()",
        1,
        "signal 11 (SIGSEGV)",
        True,
    ),
    "opens": ("open('/etc/passwd')", 1, "stopped: open '/etc/passwd'", True),
    "tampers": ("import sys\n    sys._getframe(1).f_locals", 1, "looks at frames", True),
    "never ends": ("while True: pass", 3, "stopped after 0.5 s (see --timeout)", True),
    "takes all": ("return len([0] * 10**11)", 3, "more than 64 MiB of memory", True),
    "recurses": ("return f()", 3, "calls itself too deep", True),
}


@pytest.mark.parametrize("name", MISBEHAVES)
def test_a_rule_that_misbehaves(rule, trace, name):
    line, code, complaint, kept = MISBEHAVES[name]
    rule(f"def f():\n    x = 1\n    {line}\n")
    found, out, err = trace(*"rule.py --timeout 0.5 --memory 64 --max-steps 1000000000".split())
    assert found == code
    assert complaint in one_line(err)
    assert len(err) < 1200
    assert ("x = 1\n" in out.partition("1. Initialize")[2]) == kept


def test_what_the_rule_prints_is_noted(rule, trace):
    name = rule("def f():\n    print('hello')\n    return 1\n")
    for more in ([], ["--unsafe"]):
        code, out, err = trace(name, *more)
        assert code == 0
        assert out.endswith("So the answer is 1\n")
        assert one_line(err) == "note: the rule printed 6 characters, not part of the trace"


# In this process


def test_unsafe_prints_the_same(rule, trace):
    name = rule(COUNT)
    assert trace(name, "--input", "3", "--unsafe") == trace(name, "--input", "3")
    code, out, _ = trace(name, "--input", "3", "--unsafe", "--format", "json")
    assert (code, json.loads(out)["protection"]["level"]) == (0, "none")


def test_a_limit_under_unsafe_ends_the_command_with_all_written(rule):
    name = rule("def f(n):\n    while n:\n        n += 1\n    return n\n")
    inputs = "--input 0 --input 1 --input 2".split()
    process = start(name, *inputs, *"--unsafe --max-steps 50 --output out.txt".split())
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (3, b"")
    assert Path("out.txt").read_text().count("Follow the given rule") == 2
    assert b"rule.py, input 2: stopped after 50 steps" in err
    assert b"the inputs after this one (1) are left out" in err


# Pages


def data_of(page):
    """Return what the traces on a page are made from."""
    found = re.findall(r'class="view">(.*?)</script>', Path(page).read_text())
    return [json.loads(data) for data in found]


def test_a_page_by_its_suffix(rule, trace):
    name = rule(COUNT)
    assert trace(name, "--input", "3", "--input", "4", "--output", "trace.HTML") == (0, "", "")
    assert [view["title"] for view in data_of("trace.HTML")] == ["count(3)", "count(4)"]
    assert trace(name, "--input", "3", "--output", "trace.jsonl") == (0, "", "")
    assert json.loads(Path("trace.jsonl").read_text())["answer"] == "6"
    assert trace(name, "--input", "3", "--output", "a.html", "--format", "text") == (0, "", "")
    assert Path("a.html").read_text() == trace(name, "--input", "3")[1]


def test_a_page_in_a_pipe_is_one_page(rule, trace):
    code, out, err = trace(rule(COUNT), "--input", "3", "--input", "4", "--format", "html")
    assert (code, err) == (0, "")
    assert out.count("<!doctype html>") == 1
    assert out.endswith("</html>\n")


def test_a_page_is_nothing_for_a_terminal(rule):
    ours, theirs = pty.openpty()
    process = start(rule(COUNT), "--input", "3", "--format", "html", stdout=theirs)
    _, err = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 2
    assert "give a file with --output" in one_line(err.decode())


def test_a_page_of_a_run_that_failed(rule, trace):
    code, _, err = trace(rule(FOREVER), "--max-steps", "50", "--output", "trace.html")
    assert code == 3
    assert "stopped after 50 steps" in one_line(err)
    (view,) = data_of("trace.html")
    assert view["notes"] == ["The run was stopped at the limit of steps."]
    assert len(view["steps"]) == 50


@pytest.mark.parametrize("unsafe", [(), ("--unsafe",)])
def test_a_page_of_a_models_text(rule, trace, unsafe):
    name = rule(COUNT)
    response = trace(name, "--input", "3", "--only", "response")[1]
    Path("right.txt").write_text(response)
    Path("wrong.txt").write_text(response.replace("total = 0 + 3 = 3", "total = 0 + 3 = 4"))
    texts = ("--trace", "right.txt", "--trace", "wrong.txt")
    command = (name, "--input", "3", "--input", "3", *texts, "--output", "page.html", *unsafe)
    assert trace(*command) == (0, "", "")
    right, wrong = (view["given"] for view in data_of("page.html"))
    assert (right["right"], right["wrong"]) == (True, None)
    assert wrong["words"][0].endswith("wrong arithmetic")


def test_a_rule_that_was_stopped_is_not_run_again_for_a_verdict(rule, trace):
    name = rule("def f():\n    return open('seen', 'w')\n")
    Path("text.txt").write_text("So the answer is 1\n")
    code, _, _ = trace(name, "--trace", "text.txt", "--output", "page.html")
    assert (code, Path("seen").exists()) == (1, False)
    (view,) = data_of("page.html")
    assert view["given"]["right"] is None
    assert "reach outside" in view["notes"][0]
