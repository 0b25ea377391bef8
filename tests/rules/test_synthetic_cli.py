"""The command that draws synthetic rules."""

import json

import pytest
import typer
from typer.testing import CliRunner

from rfft.rules.synthetic import draw
from rfft.rules.synthetic_cli import synthetic
from rfft.tracer.errors import Refused

app = typer.Typer()
app.command()(synthetic)


def output(arguments: str) -> str:
    done = CliRunner().invoke(app, arguments.split(), catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


@pytest.mark.parametrize("kind", ["snippets", "grammar"])
def test_text(kind: str) -> None:
    out = output(f"--seed 3 --count 2 --kind {kind}")
    for index in range(2):
        rule = draw(3, index, kind)
        assert f"# {rule.id}\n{rule.text}\nQ: {rule.question(*rule.arguments(5))}\n" in out
    assert out.count("\n# ") == 1


def test_json() -> None:
    rows = json.loads(output("--seed 3 --count 3 --start 7 --format json --length 4"))
    assert [row["id"] for row in rows] == [f"snippets_3_{index}" for index in (7, 8, 9)]
    rule = draw(3, 7)
    arguments = rule.arguments(4)
    assert rows[0]["prompt"] == rule.prompt(arguments, "rfft-icl")
    assert rows[0]["rule"] == rule.text
    assert rows[0]["arguments"] == f"{arguments[0]}, {arguments[1]}"
    written = rule.rule.writer("rfft-icl")(*arguments)
    assert (rows[0]["response"], rows[0]["answer"]) == (written.response, written.answer)


def test_no_rules_are_an_array_too() -> None:
    assert json.loads(output("--count 0 --format json")) == []


def test_what_is_refused() -> None:
    with pytest.raises(Refused, match="no synthetic rules of kind 'x'"):
        output("--kind x")
