"""The commands as a whole: help, start-up, and the umbrella `rfft` with what it takes in."""

import re
import subprocess
import sys
from importlib.metadata import EntryPoint

import typer

from rfft.tracer.commands import trace as cli
from rfft.tracer.commands.display import EXIT_CODES
from rfft.tracer.records import STATUSES


def test_help_has_examples_that_are_for_real_options(capsys):
    assert cli.trace_main(["--help"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    for option in re.findall(r"--[a-z-]+", out.partition("Options:")[0]):
        assert re.search(rf"^  (-\w, )?{option}[ ,]", out, re.MULTILINE)


def test_version(capsys):
    assert cli.trace_main(["--version"]) == 0
    assert re.fullmatch(r"rfft-trace \d+\.\d+.*\n", capsys.readouterr().out)


def test_help_loads_nothing_slow():
    program = """
import sys
from rfft.tracer.commands.trace import trace_main
trace_main(["--help"])
slow = {"torch", "transformers", "libcst", "astor", "rich", "asyncio", "json"}
slow.add("rfft.tracer.plan.statements")
print(*(slow & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == "\n"


def test_the_umbrella_has_the_same_command(tmp_path, capfd):
    rule = tmp_path / "rule.py"
    rule.write_text("def double(n):\n    return 2 * n\n")
    assert cli.trace_main([str(rule), "--input", "3"]) == 0
    expected = capfd.readouterr()
    assert "So the answer is 6" in expected.out
    assert cli.main(["trace", str(rule), "--input", "3"]) == 0
    assert capfd.readouterr() == expected
    assert cli.main(["--help"]) == 0
    assert re.search(r"^  trace +Trace a rule on an input\.$", capfd.readouterr().out, re.MULTILINE)
    assert cli.main(["nope"]) == 2
    assert "rfft: No such command 'nope' (see rfft --help)" in capfd.readouterr().err


other_room = typer.Typer(help="From another room.")


@other_room.callback()
def _other_room():
    pass


@other_room.command("hello")
def _hello():
    typer.echo("hello")


def test_the_umbrella_takes_commands_of_other_rooms(monkeypatch, capsys):
    sys.modules["another_room"] = sys.modules[__name__]
    entry = EntryPoint("another", "another_room:other_room", "rfft.commands")
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: [entry])
    try:
        assert cli.main(["another", "hello"]) == 0
        assert cli.main(["--help"]) == 0
    finally:
        del sys.modules["another_room"]
    out = capsys.readouterr().out
    assert out.startswith("hello\n")
    assert "  another  From another room." in out


def test_every_status_has_an_exit_code():
    assert EXIT_CODES.keys() == STATUSES
