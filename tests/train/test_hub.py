"""The card of a run, and the hub: a real client and a server on this machine that stands for it."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from huggingface_hub import ModelCard

from .test_cli import _cache, options, refused, run

__all__ = ["_cache", "options"]
pytestmark = pytest.mark.usefixtures("_cache")


class Hub(BaseHTTPRequestHandler):
    """Makes repositories and takes commits, as far as a client asks for it."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        server: HubServer = self.server
        if self.headers["Authorization"] != "Bearer hf_right":
            return self.answer(401, {"error": "Invalid username or password."})
        if self.path == "/api/repos/create":
            server.made.append(json.loads(body))
            return self.answer(200, {"url": f"{server.address}/me/{json.loads(body)['name']}"})
        if self.path == "/api/validate-yaml":
            return self.answer(200, {"errors": [], "warnings": []})
        if self.path.endswith("/preupload/main"):
            wanted = [f["path"] for f in json.loads(body)["files"]]
            files = [{"path": p, "uploadMode": "regular", "shouldIgnore": False} for p in wanted]
            return self.answer(200, {"files": files})
        if self.path.endswith("/commit/main") and not server.away:
            for line in map(json.loads, body.splitlines()):
                if line["key"] == "file":
                    content = base64.b64decode(line["value"]["content"])
                    server.files[line["value"]["path"]] = content
            server.paths.append(self.path)
            return self.answer(200, {"commitUrl": f"{server.address}/me/x/commit/1",
                                     "commitOid": "1" * 40})  # fmt: skip
        return self.answer(404, {"error": "away"})

    def do_GET(self) -> None:
        self.answer(404, {"error": "nothing here"})

    def answer(self, code: int, said: dict[str, object]) -> None:
        data = json.dumps(said).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


class HubServer(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hub)
        self.made: list[dict[str, object]] = []
        self.paths: list[str] = []
        self.files: dict[str, bytes] = {}
        self.away = False
        self.address = f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def hub(monkeypatch):
    server = HubServer()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", server.address)  # read at import
    monkeypatch.setenv("HF_ENDPOINT", server.address)
    monkeypatch.setenv("HF_TOKEN", "hf_right")
    yield server
    server.shutdown()


def test_the_model_goes_to_the_hub_and_its_card_tells_of_it(
    options, hub, held_out, tmp_path, capsys
):
    more = {"validation": held_out, "pissa-rank": 4, "push-to-hub": "me/follower"}
    assert run({**options, **more}) == 0
    assert f"{hub.address}/me/follower has it" in capsys.readouterr().out
    assert [(m["name"], m.get("visibility")) for m in hub.made] == [("follower", "private")]
    assert hub.paths == ["/api/models/me/follower/commit/main"]
    there = set(hub.files)
    assert {"config.json", "model.safetensors", "tokenizer.json", "README.md",
            "adapter/adapter_model.safetensors"} <= there  # fmt: skip
    assert not {n for n in there if n.startswith(("checkpoints", "logs", ".work", "first"))}
    assert "run.json" not in there
    assert hub.files["README.md"] == (tmp_path / "run" / "README.md").read_bytes()
    said = json.loads((tmp_path / "run" / "run.json").read_text())
    card = ModelCard(hub.files["README.md"].decode())
    (result,) = card.data.eval_results
    assert result.metric_value == said["finished"]["validation_loss"]
    assert card.data.base_model is None
    for part in (
        said["configuration"]["corpus_hash"], "2 tasks at lengths 1 to 3",
        'from_pretrained("me/follower")', "- pissa_rank: 4", "- transformers ",
        f"{said['finished']['first_loss']:.4f} at first", str(said["configuration"]["model_hash"]),
    ):  # fmt: skip
        assert part in card.content
    assert str(tmp_path) not in card.content


def test_a_name_or_a_token_that_will_not_do_is_found_before_training(
    options, hub, tmp_path, capsys, monkeypatch
):
    line = refused({**options, "push-to-hub": "a/b/c"}, capsys)
    assert "--push-to-hub a/b/c: there can be no such repository" in line
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    line = refused({**options, "push-to-hub": "me/x"}, capsys)
    assert "`hf auth login` says who you are" in line
    assert not (tmp_path / "run" / "run.json").exists()


def test_what_could_not_be_pushed_is_kept_and_pushed_by_the_same_command(options, hub, capsys):
    hub.away = True
    assert run({**options, "push-to-hub": "me/x"}) == 1
    said = capsys.readouterr().err
    assert "run: is trained, and me/x could not be reached" in said
    assert "the same command tries again" in said
    hub.away = False
    assert run({**options, "push-to-hub": "me/x"}) == 0
    assert "model.safetensors" in hub.files


def test_a_model_of_the_hub_is_named_in_the_card():
    from rfft.train import card

    settings = {"model": "Qwen/Qwen2.5-0.5B", "model_hash": None, "recipe": "x", "batch": 8,
                "pissa_rank": 0, "corpus_hash": "c" * 64}  # fmt: skip
    done = {"steps": 1, "kept_step": 1, "first_loss": 2.0, "last_loss": 1.0,
            "validation_loss": None}  # fmt: skip
    corpus = {"name": "adapt", "tasks": 1, "rows": 9, "lengths": [1, 5], "side": "train"}
    said = {"configuration": settings, "finished": done, "corpus": corpus, "versions": [{}]}
    made = ModelCard(card.text(said, "run"))
    assert made.data.base_model == "Qwen/Qwen2.5-0.5B"
    assert made.data.eval_results is None
    assert "trained from: Qwen/Qwen2.5-0.5B\n" in made.content
