"""With ``--format json`` each input gives one object, whatever is wrong with it or the rule."""

import json
import sys
from pathlib import Path

import pytest

from rfft.tracer import Rule, check, trace
from rfft.tracer.commands.check import main as check_main
from rfft.tracer.commands.trace import trace_main
from rfft.tracer.records import MAX_SOURCE
from rfft.tracer.sandbox import worker
from rfft.tracer.sandbox.protection import WALLS

KEYS = set(
    "status rule input prompt response answer result exception steps stats protection tainted"
    .split()
)  # fmt: skip
HALF = "def half(n):\n    while n > 1:\n        n //= 2\n    return n\n"


@pytest.fixture
def objects(tmp_path, monkeypatch, capfd):
    """Return what traces a file's bytes on inputs: exit code, objects, lines on stderr."""
    monkeypatch.chdir(tmp_path)

    def run(source, *inputs, options=()):
        if source is not None:
            Path("rule.py").write_bytes(source if isinstance(source, bytes) else source.encode())
        asked = [word for text in inputs for word in ("--input", text)]
        code = trace_main(["rule.py", *asked, "--format", "json", *options])
        out, err = capfd.readouterr()
        records = [json.loads(line) for line in out.splitlines()]
        for record in records:
            assert record.keys() == KEYS
            assert record["rule"].keys() == {"function", "source"}
            assert record["protection"].keys() == {"level", "missing"}
            assert record["stats"].keys() >= {"steps", "iterations", "characters"}
        assert [record["input"] for record in records] == list(inputs)
        return code, records, err.splitlines()

    return run


@pytest.mark.parametrize(
    "source",
    [
        None,
        b"def f(:\n",
        b"x = 1\n",
        b"",
        b"\xff\xfe",
        b"def f(n):\n    return '\xe9'\n",
        b"# coding: no-such\n",
        b"def f():\n    return 0\0\n",
        b"#" * (MAX_SOURCE + 1),
        b"def f(n):\n    return n\n\ndef g(n):\n    return n\n",
    ],
)
@pytest.mark.parametrize("options", [(), ("--unsafe",)])
def test_a_refused_source_gives_an_object_for_each_input(objects, source, options):
    code, records, lines = objects(source, "1", "[2", "3", options=options)
    assert code == 2
    assert {record["status"] for record in records} == {"rejected_source"}
    assert all(record["exception"]["message"] for record in records)
    assert len(lines) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1, 2",
        "k=1",
        "[",
        "x",
        "n=1, n=2",
        "'\r'",
        "1\r]",
        "1,\rx",
        "'\udcff'",
        "[" * 500,
        "9" * 5000,
    ],
)
@pytest.mark.parametrize("options", [(), ("--unsafe",)])
def test_a_refused_input_is_one_object_among_others(objects, text, options):
    code, records, lines = objects(HALF, "9", text, "7", options=options)
    assert code == 2
    assert [r["status"] for r in records] == ["ok", "rejected_input", "ok"]
    assert records[1]["exception"]["message"] in lines[0]
    assert len(lines) == 1


def test_a_limit_that_ends_this_process_leaves_objects_for_the_rest(objects, capfd):
    import subprocess
    import sysconfig

    Path("rule.py").write_text(HALF)
    program = Path(sysconfig.get_path("scripts")) / "rfft-trace"
    asked = "rule.py --unsafe --max-steps 3 --format json --input 1 --input 64 --input 1".split()
    done = subprocess.run([program, *asked], capture_output=True, text=True, check=False)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 3
    assert [r["status"] for r in records] == ["ok", "limit_steps", "crashed"]
    assert all(record.keys() == KEYS for record in records)
    assert records[2]["exception"]["message"].startswith("left out")


LOOPING = "def f(n):\n    while n:\n        pass\n"
CHECKED = {
    "right": ("ok", 0, {}),
    "wrong": ("ok", 1, {"text": "half(n=9)\n"}),
    "no rule": ("rejected_source", 2, {"rule": None}),
    "no Python": ("rejected_source", 2, {"rule": "def f(:\n"}),
    "not even text": ("rejected_source", 2, {"rule": "\0"}),
    "no input": ("rejected_input", 2, {"input": "[2"}),
    "an input too many": ("rejected_input", 2, {"input": "1, 2"}),
    "no text": ("rejected_input", 2, {"text": None}),
    "too many steps": ("limit_steps", 3, {"rule": LOOPING}),
}
APART = {
    "blocked": ("blocked", 3, {"rule": "import os\ndef f(n):\n    return os.listdir('/')\n"}),
    "crashed": ("crashed", 3, {"rule": "import os\ndef f(n):\n    os._exit(0)\n"}),
    "tampered": ("tainted", 3, {"rule": "import sys\ndef f(n):\n    sys._getframe()\n"}),
}


@pytest.mark.parametrize(
    ("name", "options"),
    [*((n, ()) for n in (*CHECKED, *APART)), *((n, ("--unsafe",)) for n in CHECKED)],
)
def test_a_check_gives_one_object(tmp_path, name, options):
    import subprocess
    import sysconfig

    status, code, given = {**CHECKED, **APART}[name]
    half = Rule.from_source(HALF)
    for file, text in (
        ("rule.py", given.get("rule", HALF)),
        ("text.txt", given.get("text", trace(half, 9).response())),
    ):
        if text is not None:
            (tmp_path / file).write_text(text)
    done = subprocess.run(
        [Path(sysconfig.get_path("scripts")) / "rfft-check", "rule.py", "--trace", "text.txt",
         "--input", given.get("input", "9"), "--format", "json", "--max-steps", "99", *options],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    (line,) = done.stdout.splitlines()
    found = json.loads(line)
    assert (done.returncode, found["status"]) == (code, status), done.stderr
    verdict = check(half, (9,), "x").to_json()
    assert found.keys() == {*verdict, "status", "message", "protection"}
    assert found["protection"].keys() == {"level", "missing"}
    assert found["right"] == {0: True, 1: False}.get(code)
    if code > 1:
        assert {found[key] for key in verdict} == {None}
        assert done.stderr.splitlines()[-1].endswith(" ".join(found["message"].split()))
    assert bool(found["message"]) == (code > 1)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these walls are Linux's")
@pytest.mark.parametrize(
    ("missing", "line"),
    [
        ((), None),
        (("Landlock",), "protection is partial: no Landlock"),
        (WALLS, "protection is none: no Landlock, no namespaces, no system-call filter"),
    ],
)
def test_missing_protection_is_said_once(tmp_path, monkeypatch, capfd, missing, line):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(worker, "pretended", sorted(missing))
    Path("half.py").write_text(HALF)
    said = [] if line is None else [line]
    for command, name, more in (
        (trace_main, "rfft-trace", ["--input", "7"]),
        (check_main, "rfft-check", ["--trace", "half.py"]),
    ):
        command(["half.py", "--input", "5", *more])
        assert capfd.readouterr().err.splitlines() == [f"{name}: {text}" for text in said]
    trace_main(["half.py", "--input", "5", "--unsafe"])
    assert capfd.readouterr().err == ""
