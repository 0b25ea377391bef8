"""The commands `rfft rules ...`, as one calls them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rfft.tracer.commands import trace as cli

from .files import COUNT, write


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Work in a folder that holds a task."""
    write(tmp_path / "tasks/count_even.py")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rfft(*arguments: str) -> int:
    return cli.main(["rules", *arguments])


def refusal(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one line on stderr, with nothing on stdout."""
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("rfft: ")
    assert err.count("\n") == 1
    return err.removeprefix("rfft: ")


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert rfft("list", "--rules", "tasks") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["id", "title", "source", "split", "length"]
    (line,) = (line for line in lines if line.startswith("count_even "))
    assert line.split(maxsplit=5) == [
        "count_even", "count", "even", "own", "pretrain", "length of the list",
    ]  # fmt: skip
    assert all(line == line.rstrip() for line in lines)


def test_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert rfft("list", "--rules", "tasks", "--format", "json") == 0
    (task,) = (t for t in json.loads(capsys.readouterr().out) if t["id"] == "count_even")
    assert task == {
        "id": "count_even",
        "title": "count even",
        "source": "own",
        "split": "pretrain",
        "length": "length of the list",
        "min_length": 1,
        "max_length": None,
    }


def test_list_shows_the_others_when_one_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("more/broken.py"), "def (")
    assert rfft("list", "--rules", "tasks", "--rules", "more") == 1
    out, err = capsys.readouterr()
    assert "count_even" in out
    assert err == "rfft: more/broken.py: syntax error in line 1: invalid syntax\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("list --rules nowhere", "nowhere: no such folder\n"),
        ("list --rules tasks --rules more", "two tasks are named count_even: tasks/count_even.py"),
        ("show count_even", "no task 'count_even'"),
        ("show nowhere.py", "nowhere.py: no such file"),
        ("show tasks/count_even.py --length 0", "lengths are 1 and more, not 0"),
        ("trace tasks/count_even.py --length 0", "lengths are 1 and more, not 0"),
        ("trace tasks/count_even.py --length 3 --style no", "no style 'no'"),
        ("trace tasks/count_even.py --length 3 --only prompt --format json", "--only goes with"),
        ("trace tasks/count_even.py --length 3 --output no/x", "no: no such folder"),
        ("trace tasks/count_even.py", "Missing option '--length'"),
        ("check nowhere.py", "nowhere.py: no such file"),
        ("check empty", "there are no tasks to check"),
        ("check tasks --python /nowhere/python", "no process to check in: "),
        ("new 2x", "'2x' cannot name a function"),
        ("new class", "'class' cannot name a function"),
        ("new count_even --output tasks", "tasks/count_even.py is there already"),
        ("new a --output nowhere", "nowhere: No such file or directory"),
        ("gallery --rules bare --output x.md", "bare/bare.py: no input can be made for a"),
        ("gallery --output no/x.md", "no: no such folder"),
    ],
)
def test_refusals(capsys: pytest.CaptureFixture[str], arguments: str, line: str) -> None:
    write(Path("more/count_even.py"))
    write(Path("bare/bare.py"), "def f(a): return a")
    Path("empty").mkdir()
    assert rfft(*arguments.split()) == 2
    assert line in refusal(capsys)


def test_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert rfft("show", "count_even", "--rules", "tasks", "--length", "2") == 0
    out = capsys.readouterr().out
    assert out.startswith("id: count_even\ntitle: count even\n")
    assert "\nquestion: How many of [" in out
    assert "\n\ndef count_even(nums: list[int]) -> int:\n" in out
    assert rfft("show", "tasks/count_even.py", "--format", "json", "--length", "2") == 0
    shown = json.loads(capsys.readouterr().out)
    assert f"question: {shown['question']}\n" in out
    assert shown["rule"] in out
    assert len(shown["fingerprint"]) == 32


def test_trace(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    call = ["trace", "tasks/count_even.py", "--length", "4", "--seed", "3"]
    assert rfft(*call) == 0
    out, err = capfdbinary.readouterr()
    assert err == b""
    assert out.startswith(b"Follow the given rule to solve the question.\n")
    assert b"\nQ: How many of [" in out
    assert b"So the answer is " in out
    assert rfft(*call) == 0
    assert capfdbinary.readouterr().out == out
    assert rfft(*call, "--index", "1") == 0
    assert capfdbinary.readouterr().out != out
    assert rfft(*call, "--style", "direct", "--only", "response") == 0
    assert capfdbinary.readouterr().out == out[out.index(b"So the answer is ") :]


def test_trace_of_a_question_of_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    text = f"{COUNT}\ndef question(nums):\n    return f'{{len(nums)}} numbers, how many even?'\n"
    write(Path("own.py"), text)
    assert rfft("trace", "own.py", "--length", "4", "--format", "json") == 0
    record = json.loads(capfd.readouterr().out)
    assert "\nQ: 4 numbers, how many even?\n" in record["prompt"]
    assert record["status"] == "ok"
    assert "inputs" not in record["rule"]["source"]


def test_trace_of_a_rule_that_raises(capfd: pytest.CaptureFixture[str]) -> None:
    write(Path("raises.py"), "def f(n: int):\n    return n // 0\n")
    assert rfft("trace", "raises.py", "--length", "2") == 1
    out, err = capfd.readouterr()
    assert out.endswith("The rule raises ZeroDivisionError\n")
    assert "raises: the rule raised ZeroDivisionError" in err


def test_rfft_trace_takes_a_task_file(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.trace_main(["tasks/count_even.py", "--input", "[2, 3]"]) == 0
    out = capfd.readouterr().out
    assert "Q: How many of [2, 3] are even?" in out
    assert "inputs" not in out
    assert out.endswith("So the answer is 1\n")


def test_new_makes_a_task_that_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert rfft("new", "my_task") == 0
    assert capsys.readouterr().out == (
        "my_task.py holds an example to put my_task into; then: rfft rules check my_task.py\n"
    )
    assert rfft("check", "my_task.py") == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines()[1].split()[:2] == ["my_task", "ok"]
    assert "my_task: branches by length (# reached, . not)" in out
    assert rfft("new", "my_task.py") == 2


def test_check_names_what_fails(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = COUNT.replace("% 2 == 0 for", "% 3 == 0 for")
    write(Path("tasks/wrong.py"), wrong)
    assert rfft("check", "tasks") == 1
    out, err = capsys.readouterr()
    assert err == "rfft: 1 of 2 tasks failed: wrong\n"
    rows = [line.split()[:2] for line in out.splitlines()]
    assert rows[1:3] == [["count_even", "ok"], ["wrong", "FAILED"]]
    assert "\nwrong: FAILED: oracle: length " in out
    assert "branches by length" not in out


def test_check_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert rfft("check", "count_even", "--rules", "tasks", "--format", "json") == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert report["passed"] is True
    assert report["compared"] == 300
    assert report["branches"][0]["state"] == "reached"


def test_check_on_a_terminal_shows_colours_and_a_bar(folder: Path) -> None:
    import pty

    write(folder / "tasks/more.py")
    master, slave = pty.openpty()
    program = Path(sys.executable).parent / "rfft"
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    process = subprocess.Popen(
        [program, "rules", "check", "tasks"], stdout=slave, stderr=slave, env=environment
    )
    os.close(slave)
    shown = b""
    while True:
        try:
            chunk = os.read(master, 1 << 16)
        except OSError:  # Linux's way of saying that the other end is closed
            break
        if not chunk:
            break
        shown += chunk
    os.close(master)
    assert process.wait(60) == 0
    assert b"\x1b[32mok" in shown
    assert b"checking" in shown or b"2/2" in shown


def test_listing_is_quick_and_loads_little() -> None:
    program = """
import sys
from rfft.tracer.commands.trace import main
main(["rules", "list"])
slow = {"libcst", "astor", "rich", "rfft.tracer.plan.planner"}
print(*(slow & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == "\n"


@pytest.mark.parametrize(
    ("text", "length", "status"),
    [
        ("def f(:\n", "1", "rejected_source"),
        (None, "1", "rejected_source"),
        (
            "def f(n: int):\n    return n\n\n\ndef inputs(length, rng):\n    1 / 0\n",
            "2",
            "rejected_input",
        ),
        ("MAX_LENGTH = 2\n\n\ndef f(n: int):\n    return n\n", "9", "rejected_input"),
    ],
)
def test_a_refused_instance_is_an_object_too(tmp_path, capfd, text, length, status):
    path = tmp_path / "f.py"
    if text is not None:
        path.write_text(text)
    from rfft.tracer.commands.trace import main

    code = main(["rules", "trace", str(path), "--length", length, "--format", "json"])
    out, err = capfd.readouterr()
    record = json.loads(out)
    assert (code, record["status"], record["response"]) == (2, status, "")
    assert record["protection"].keys() == {"level", "missing"}
    assert err == f"rfft: {record['exception']['message']}\n"


def test_one_of_several_functions(capsys: pytest.CaptureFixture[str]) -> None:
    text = 'def one(n: int) -> int:\n    """{n}?"""\n    return n\n\n\n'
    Path("two.py").write_text(text + text.replace("one", "other"))
    for asked in (["two.py::other"], ["two.py", "--function", "other"]):
        assert rfft("show", *asked) == 0
        assert "id: other\n" in capsys.readouterr().out
    assert rfft("check", "two.py::none") == 1
    assert "no function 'none'; there are one, other" in capsys.readouterr().out
