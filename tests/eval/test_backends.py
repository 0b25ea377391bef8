"""A file in the folder is a back end, and is imported alone."""

import subprocess
import sys

import pytest

from rfft.eval import backends
from rfft.eval.errors import EvalRejected
from rfft.eval.questions import read

from .small import run

ECHO = """
from . import Answer, Backend

class Echo(Backend):
    local = False

    def __init__(self, model):
        self.versions = {}

    def answers(self, questions):
        for question in questions:
            yield Answer(question.id, question.prompt, "stop", 0, 0)
"""


def test_a_file_is_a_back_end(corpus, tmp_path, monkeypatch):
    (tmp_path / "echo.py").write_text(ECHO)
    monkeypatch.setattr(backends, "__path__", [*backends.__path__, str(tmp_path)])
    asked = read(corpus).all
    model = backends.Model("m", "echo")
    backends.check(model)
    said = [answer.text for answer in backends.load(model).answers(asked)]
    assert said == [question.prompt for question in asked]


@pytest.mark.parametrize("name", backends.names())
def test_a_back_end_is_imported_alone(name):
    code = (
        f"import sys; from rfft.eval import backends; backends.kind({name!r}); print(*sys.modules)"
    )
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    own = [m for m in loaded if m.startswith("rfft.eval.backends.")]
    assert own == [f"rfft.eval.backends.{name}"]
    assert not {"openai", "torch", "transformers", "vllm"} & set(loaded)


def test_a_name_that_is_no_back_end_is_refused(corpus, tmp_path):
    with pytest.raises(EvalRejected, match="no back end 'cache'; there are openai, transformers"):
        backends.kind("cache")
    done = run("--corpus", corpus, "--out", tmp_path / "r", "--model", "m", "--backend", "cache")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
