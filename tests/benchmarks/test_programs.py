import json

import pytest

from . import programs

ROWS = [
    {"code": "def f(a):\n    b = [0] * a\n    b[1] = 5\n    return b", "input": "3"},
    {"code": "def g(x):\n    y = x + 1\n    return y\ndef f(a):\n    return g(a)", "input": "4"},
    {"code": "def f(a):\n    b = a / 0\n    return b", "input": "1"},
]


def test_the_same_programs_by_each_tracer(tmp_path, capsys):
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    assert programs.main([str(path), "--json"]) == 0
    rows = {row["tracer"]: row for row in json.loads(capsys.readouterr().out)["rows"]}
    assert {row["programs"] for row in rows.values()} == {3}
    for ours in ("ours in process", "ours in the sandbox"):
        assert rows[ours]["traced"] == 1
        assert rows[ours]["false"] == rows[ours]["missing"] == rows[ours]["not_judged"] == 0
    for peer in set(rows) & {"PySnooper", "snoop"}:
        assert rows[peer]["traced"] == 1
        assert (rows[peer]["false"], rows[peer]["missing"]) == (0, 2)  # those of `g`


def test_what_a_log_states_is_compared_with_what_changed():
    changes = [("a", "1"), ("a", "2"), ("b", "[0, 1, 2]"), ("c", "'x'")]
    stated = [("a", "1"), ("a", "3"), ("b", "[0, ..., 2]")]
    assert programs.compare(changes, stated) == {"false": 1, "missing": 2, "cut": 1}


@pytest.mark.parametrize("text", [None, "", "{", "{}\n"])
def test_without_programs_it_says_so(tmp_path, capsys, text):
    path = tmp_path / "rows.jsonl"
    if text is not None:
        path.write_text(text)
    assert programs.main([str(path)]) == 2
    assert "no programs" in capsys.readouterr().err
