"""What takes a GPU runs, with tiny shapes, on any machine."""

import json

import pytest

pytest.importorskip("torch", reason="needs the extra `train`")
pytest.importorskip("transformers", reason="needs the extra `train`")

from . import gpu


@pytest.mark.slow
def test_parts_are_done_once_and_kept(tmp_path, capsys):
    out = tmp_path / "gpu.json"
    given = ["--tiny", "--out", str(out), "equal"]
    gpu.main(given)
    kept = json.loads(out.read_text())
    (name,) = kept["parts"]
    assert name == "equal tiny"
    assert kept["parts"][name]["within"]
    assert set(kept["parts"][name]["errors"]) > {"single samples", "grouped, sdpa"}
    assert "device" in kept["machine"]
    out.write_text(json.dumps({**kept, "parts": {name: {"seconds": 0.0}}}))
    gpu.main(given)
    assert json.loads(out.read_text())["parts"] == {name: {"seconds": 0.0}}
    capsys.readouterr()
    gpu.main(["--out", str(out), "--table"])
    assert "| equal tiny |  |  |  |  | seconds 0 |" in capsys.readouterr().out


def test_what_has_failed_is_tried_again_after_the_others():
    names = [name for name, _ in gpu.parts(gpu.TINY)]
    assert [name for name, _ in gpu.left(gpu.TINY, {}, ())] == names
    known = {names[0]: {"problem": "it has ended the process"}, names[1]: {"seconds": 1.0}}
    assert [name for name, _ in gpu.left(gpu.TINY, known, ())] == [*names[2:], names[0]]


def test_a_part_that_fails_hides_no_other(tmp_path, monkeypatch):
    def fails():
        raise RuntimeError("no memory\nat all")

    made = [("one", fails), ("two", lambda: {"figure": 1.0})]
    monkeypatch.setattr(gpu, "parts", lambda size: iter(made))
    out = tmp_path / "gpu.json"
    gpu.main(["--out", str(out)])
    found = json.loads(out.read_text())["parts"]
    assert found["one"]["problem"] == "RuntimeError: no memory"
    assert found["two"]["figure"] == 1.0


def test_no_part_is_begun_after_the_time(tmp_path, capsys):
    gpu.main(["--tiny", "--out", str(tmp_path / "gpu.json"), "--seconds", "-1"])
    assert "the same command goes on" in capsys.readouterr().out
    assert not (tmp_path / "gpu.json").exists()


@pytest.mark.slow
def test_all_parts(tmp_path):
    out = tmp_path / "gpu.json"
    gpu.main(["--tiny", "--out", str(out)])
    found = json.loads(out.read_text())["parts"]
    assert [name for name, _ in gpu.parts(gpu.TINY)] == list(found)
    assert {name: said["problem"] for name, said in found.items() if "problem" in said} == {}
