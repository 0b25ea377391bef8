"""What all commands understand, in the same words."""

import json
import re
import subprocess
import sys

import pytest
from typer.main import get_command

from rfft.tracer.commands import trace as cli
from rfft.tracer.commands.extras import installing


def names(command, path):
    for name in command.list_commands(None) if hasattr(command, "list_commands") else ():
        inner = f"{path} {name}".strip()
        yield inner
        yield from names(command.get_command(None, name), inner)


COMMANDS = ["", *names(get_command(cli._umbrella), "")]
RULE = """
def double(n):
    return 2 * n


def add_up(nums):
    return sum(nums)
"""


@pytest.fixture(autouse=True)
def rule(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rule.py").write_text(RULE)


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    assert cli.main([*command.split(), "-h"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    for option in ("-q, --quiet", "--version", "-h, --help"):
        assert f"  {option} " in out
    assert [line for line in out.splitlines() if len(line) > 80] == []
    assert not re.search(r"\w\.\.\.$", out.partition("Commands:")[2], re.MULTILINE)
    assert "--folder" not in out
    for name in re.findall(r"^  (.*--out.*?)  ", out, re.MULTILINE):
        assert name.startswith("-o, --output, --out ")


@pytest.mark.parametrize("command", COMMANDS)
def test_version(command, capsys):
    assert cli.main([*command.split(), "--version"]) == 0
    assert re.fullmatch(r"rfft \d+\.\d+.*\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("ruls", "No such command 'ruls'; did you mean rules? (see rfft --help)"),
        ("rules shwo", "No such command 'shwo'; did you mean show? (see rfft rules --help)"),
        ("rules trace flip --lenght 3", "--lenght; did you mean --length? (see rfft rules trace"),
        ("rules trace move_zeroes", "Missing option '--length': how long the instance of a task"),
        ("corpus plan", "--preset is missing"),
        ("corpus plan --preset adpat", "no preset 'adpat'; did you mean adapt?"),
        ("rules show mov_zeroes", "no task 'mov_zeroes'; did you mean move_zeroes?"),
        ("trace rule.py --function double --input 1 --style rftf", "did you mean rfft"),
        ("trace leetcode_28 --length 3", "no such file, and no task 'leetcode_28'; did you mean"),
        ("trace leetcode_283", "is a task; --length N makes an instance of it"),
        ("trace rule.py --length 3", "--length makes the input of a task of the library"),
        ("trace rule.py --function add_up --input @nowhere", "nowhere: No such file or directory"),
        ("trace rule.py --function add_up --input-file x", "x: No such file or directory"),
        ("rules show flip --function f", "--function says which of a file's functions"),
    ],
)
def test_what_is_mistyped(command, line, capsys):
    assert cli.main(command.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert line in err
    assert err.count("\n") == 1


def test_rules_are_found_by_id_and_title(capfd):
    asked = ["--input", "[0, 4]", "--only", "prompt"]
    assert cli.trace_main(["leetcode_283", *asked]) == 0
    first = capfd.readouterr().out
    assert "[0, 4]" in first.splitlines()[-1]
    assert cli.trace_main(["Move Zeroes", *asked]) == 0
    assert capfd.readouterr().out == first
    assert cli.trace_main(["leetcode_283", "--length", "4", "--seed", "2"]) == 0
    traced = capfd.readouterr().out
    assert cli.main("rules trace leetcode_283 --length 4 --seed 2".split()) == 0
    assert capfd.readouterr().out == traced


def test_inputs_may_stand_in_files(tmp_path, capfd):
    numbers = list(range(60_000))
    (tmp_path / "long.txt").write_text(f"nums={numbers}\n")
    asked = ["rule.py", "--function", "add_up", "--only", "response", "--style", "direct"]
    for given in (["--input", "@long.txt"], ["--input-file", "long.txt"]):
        assert cli.trace_main([*asked, *given]) == 0
        assert f"So the answer is {sum(numbers)}\n" in capfd.readouterr().out
    assert cli.trace_main([*asked[:3], "--input-file", "x", "--format", "json"]) == 2
    assert json.loads(capfd.readouterr().out)["status"] == "rejected_input"


def test_quiet_leaves_out_notes(tmp_path, capfd):
    (tmp_path / "talks.py").write_text("def talks(n):\n    print(n)\n    return n\n")
    assert cli.trace_main(["talks.py", "--input", "1"]) == 0
    assert "note: the rule printed" in capfd.readouterr().err
    assert cli.trace_main(["talks.py", "--input", "1", "-q"]) == 0
    assert capfd.readouterr().err == ""


def test_the_namespace_runs_as_a_module(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "rfft", "--version"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("rfft ")


def test_completion_is_there():
    environment = {"_RFFT_COMPLETE": "complete_bash", "COMP_WORDS": "rfft ru", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", "from rfft.tracer.commands.trace import main; main()"],
        env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.split() == ["rules"]


def test_an_extra_is_installed_from_where_all_came_from(monkeypatch):
    class Installed:
        def __init__(self, told):
            self.told = told

        def read_text(self, _):
            return self.told and json.dumps(self.told)

    for told, command in [
        (None, "pip install 'meta-rfft[eval]'"),
        ({"url": "file:///a/b", "dir_info": {"editable": True}}, "pip install -e '/a/b[eval]'"),
        ({"url": "file:///a/b", "dir_info": {}}, "pip install '/a/b[eval]'"),
        ({"url": "https://x/y.whl", "archive_info": {}},
         "pip install 'meta-rfft[eval] @ https://x/y.whl'"),
        ({"url": "https://x/y", "vcs_info": {"vcs": "git", "commit_id": "c0"}},
         "pip install 'meta-rfft[eval] @ git+https://x/y@c0'"),
    ]:  # fmt: skip
        monkeypatch.setattr("importlib.metadata.distribution", lambda _, told=told: Installed(told))
        assert installing("eval") == command
