"""Small corpora, a small model, and a server that answers from a corpus."""

import contextlib
import io
import json
import random
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from rfft.rules.corpus import plan
from rfft.rules.corpus import settings as presets
from rfft.rules.corpus.build import build
from rfft.tracer.commands.trace import main

COMMAND = str(Path(sys.executable).parent / "rfft")
TASKS = {
    "add_up": '''
def add_up(nums: list[int]) -> int:
    """What is the sum of the numbers {nums}?"""
    total = 0
    for num in nums:
        total += num
    return total
''',
    "count_down": '''
def count_down(word: str) -> str:
    """What is {word} backwards?"""
    turned = ""
    while word:
        turned = word[0] + turned
        word = word[1:]
    return turned
''',
}


def rules_in(folder: Path) -> Path:
    """Write the tasks into a folder; return it."""
    place = folder / "rules"
    place.mkdir(exist_ok=True)
    for name, text in TASKS.items():
        (place / f"{name}.py").write_text(text)
    return place


def corpus_in(folder: Path, **changes: Any) -> Path:
    """Build a test corpus of the tasks; return its folder."""
    settings = {"lengths": (1, 8), "per_length": 5, "format": "jsonl", **changes}
    made = plan.make(presets.load("test", tasks=tuple(TASKS), **settings), [rules_in(folder)])
    name = f"corpus-{Path(settings.get('style', 'rfft')).stem}"
    build(made, folder / name, workers=1)
    return folder / name


def rows_of(corpus: Path) -> list[dict[str, Any]]:
    """Return the rows of a corpus."""
    files = sorted((corpus / "prompt_completion").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


@dataclass
class Done:
    """How a command has ended."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: object, env: dict[str, str] | None = None) -> Done:
    """Run ``rfft eval`` to its end, in this process, which has loaded what it needs."""
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        for name, value in {"OPENAI_API_KEY": "none", **(env or {})}.items():
            patch.setenv(name, value)
        code = main(["eval", *map(str, arguments)])
    return Done(code, out.getvalue(), err.getvalue())


@dataclass
class Reply:
    """What the server answers to a request."""

    text: str = ""
    finish: str = "stop"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


class Server:
    """A server of OpenAI's API that answers as `answer(row, how often it was asked)` says."""

    def __init__(
        self, rows: Sequence[dict[str, Any]], answer: Callable[[dict[str, Any], int], Reply]
    ) -> None:
        self.requests: list[dict[str, Any]] = []
        self.keys: set[str] = set()
        self.at_once = self.most_at_once = 0
        asked: dict[str, int] = {}
        lock = threading.Lock()
        known = {row["prompt"].strip(): row for row in rows}
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                chat = self.path.endswith("/chat/completions")
                prompt = body["messages"][-1]["content"] if chat else body["prompt"]
                # The last question, where a worked example stands in front.
                row = known.get(prompt.strip()) or next(
                    r for p, r in known.items() if prompt.strip().endswith(p.partition("\n")[2])
                )
                with lock:
                    server.requests.append({**body, "path": self.path})
                    server.keys.add(self.headers["Authorization"])
                    asked[row["id"]] = asked.get(row["id"], 0) + 1
                    server.at_once += 1
                    server.most_at_once = max(server.most_at_once, server.at_once)
                reply = answer(row, asked[row["id"]])
                threading.Event().wait(reply.seconds)
                with lock:
                    server.at_once -= 1
                self._send(reply, chat, prompt)

            def do_GET(self) -> None:
                self.send_error(404)

            def _send(self, reply: Reply, chat: bool, prompt: str) -> None:
                said = {"message": {"role": "assistant", "content": reply.text}}
                choice = {"index": 0, "finish_reason": reply.finish}
                data: dict[str, Any] = {
                    "id": "1", "created": 0, "model": "m",
                    "object": "chat.completion" if chat else "text_completion",
                    "choices": [{**choice, **(said if chat else {"text": reply.text})}],
                    "usage": {
                        "prompt_tokens": len(prompt), "completion_tokens": len(reply.text),
                        "total_tokens": len(prompt) + len(reply.text),
                    },
                }  # fmt: skip
                if reply.status != 200:
                    data = {"error": {"message": reply.text}}
                payload = json.dumps(data).encode()
                with contextlib.suppress(OSError):
                    self.send_response(reply.status)
                    for name, value in reply.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(payload)))
                    self.end_headers()
                    self.wfile.write(payload)

            def log_message(self, *arguments: Any) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # a client that is killed

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()


@contextlib.contextmanager
def serving(
    rows: Sequence[dict[str, Any]], answer: Callable[[dict[str, Any], int], Reply]
) -> Iterator[Server]:
    """Run a server."""
    server = Server(rows, answer)
    try:
        yield server
    finally:
        server.close()


def truth(row: dict[str, Any], times: int) -> Reply:
    """Answer with the true trace."""
    return Reply(row["completion"])


def slipping(share: Callable[[int], float]) -> Callable[[dict[str, Any], int], Reply]:
    """Answer with traces that have a slip, at each length as often as `share` says."""

    def answer(row: dict[str, Any], times: int) -> Reply:
        rng = random.Random(row["id"])
        if rng.random() >= share(row["length"]):
            return truth(row, times)
        lines = row["completion"].rstrip("\n").split("\n")
        place = rng.randrange(len(lines) - 1)
        match rng.randrange(4):
            case 0:  # the answer comes too early
                lines = [*lines[:place], "So the answer is 7"]
            case 1:  # never ends
                return Reply("\n".join(lines[:place] * 2), "length")
            case 2:  # a line is left out, and the end is another
                lines = [*lines[:place], *lines[place + 1 : -1], "So the answer is 'x'"]
            case _:  # a number is another
                lines[place] += "1"
                lines[-1] = "So the answer is 12345"
        return Reply("\n".join(lines))

    return answer


def on(server: Server, model: str = "m") -> list[str]:
    """Return the options that have a run ask a server."""
    return ["--backend", "openai", "--server", server.url, "--model", model]
