"""What is fuzzed: each target reads what strangers write, and refuses it or takes it."""

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st

from rfft.rules.corpus import build, plan, reading, verify
from rfft.rules.corpus import settings as presets
from rfft.tracer import Rule, check, trace
from rfft.tracer.errors import Refused
from rfft.tracer.inputs import parse_input
from rfft.tracer.records import STATUSES, Limits, Task
from rfft.tracer.sandbox import Sandbox
from rfft.tracer.sandbox.wire import (
    Forged,
    Frames,
    Ran,
    check_record,
    frame,
    pack_texts,
    records_of,
)

from . import mutations
from .samples import INPUTS, SOURCES, TASKS

STYLES = ["rfft", "rfft-icl", "scratchpad", "natural", "direct"]
LIMITS = Limits(steps=300, seconds=2, memory=64, output=1, cpu=2, depth=60)
TOKEN = b"t" * 16


@dataclass(frozen=True)
class Target:
    """What is drawn, and what is done with it: any exception that comes out is a defect."""

    name: str
    drawn: st.SearchStrategy[Any]
    look: Callable[[Any], None]
    sample: int = 60  # examples for the ordinary suite


def _input(text: str) -> None:
    with contextlib.suppress(Refused):
        parse_input(text)


def _source(text: str) -> None:
    with contextlib.suppress(Refused):
        rule = Rule.from_source(text)
        repr(rule)
        rule.why_slow()


@cache
def _responses() -> list[tuple[Rule, str, str]]:
    """Return rules with styles and their true texts."""
    rules = [Rule.from_source(text) for text in SOURCES[:2]]
    return [(rule, style, trace(rule, 3).response(style)) for rule in rules for style in STYLES]


def _check(drawn: tuple[int, str]) -> None:
    rule, style, _ = _responses()[drawn[0]]
    verdict = check(rule, (3,), drawn[1], style=style)
    json.dumps(verdict.to_json())


_CHECKS = st.integers(0, 2 * len(STYLES) - 1).flatmap(
    lambda n: st.tuples(st.just(n), mutations.texts([_responses()[n][2]]))
)


@cache
def _sandbox() -> Sandbox:
    return Sandbox(("rfft", "natural"), limits=LIMITS)


def _run(drawn: tuple[str, str, bool]) -> None:
    source, text, steps = drawn
    task = Task(source, (text, "2"), styles=("rfft", "natural"), steps=steps)
    for record in _sandbox().run(task):
        assert record["status"] in STATUSES
        assert "itself failed" not in str(record["exception"]), record["exception"]
        json.dumps(record)


# Replies


@cache
def _replies() -> list[Any]:
    """Return records as a process sends them."""
    tasks = [Task(source, ("3", "x")) for source in SOURCES]
    sent = [record for task in tasks for record in _sandbox().run(task)]
    return [{k: v for k, v in r.items() if k not in ("protection", "tainted")} for r in sent]


def _record(reply: Any) -> None:
    with contextlib.suppress(Forged):
        assert check_record(reply)["status"] in STATUSES


_TASK = Task(SOURCES[0], ("3", "2", "1"), styles=("rfft", "direct"))
_RAN = [Ran("6", 9, 3, None, 0, ["one\n", "é\n"]), Ran("3", 7, 2, "2", 0, ["\ud800", ""])]
_TEXTS = pack_texts("f", [["a", "b"]], _RAN)


def _texts(payload: bytes) -> None:
    with contextlib.suppress(Forged):
        for record in records_of(memoryview(payload), _TASK, range(3)):
            check_record({k: v for k, v in record.items() if k != "tainted"})


_FRAMES = b"".join(
    [
        frame(b"T", b"why"),
        frame(b"A", TOKEN),
        frame(b"R", TOKEN + b"{}"),
        frame(b"Q", TOKEN + _TEXTS),
    ]
)


def _frames(sent: bytes) -> None:
    ours, theirs = os.pipe()
    try:
        os.write(theirs, sent[: 1 << 15])
        os.close(theirs)
        frames = Frames(ours, TOKEN, 1 << 20)
        with contextlib.suppress(Forged, TimeoutError):
            while frames.next(time.monotonic() + 5) is not None:
                pass
    finally:
        os.close(ours)


# Corpora


@cache
def _corpus() -> dict[str, bytes]:
    """Return the files of a small corpus."""
    with TemporaryDirectory() as place:
        rules, out = Path(place, "rules"), Path(place, "corpus")
        rules.mkdir()
        for name, text in TASKS.items():
            (rules / f"{name}.py").write_text(text)
        settings = presets.load(
            "rf-pretrain",
            tasks=tuple(TASKS),
            lengths=(1, 2),
            per_length=2,
            shard_rows=5,
            format="jsonl",
        )
        build.build(plan.make(settings, [rules]), out, workers=1)
        found = (path for path in out.rglob("*") if path.is_file() and ".work" not in path.parts)
        return {str(path.relative_to(out)): path.read_bytes() for path in found}


@st.composite
def _corpora(draw: st.DrawFn) -> "_Spoilt":
    """Draw the files of a corpus in which some are spoilt, with hashes that fit again."""
    files = dict(_corpus())
    for name in draw(st.lists(st.sampled_from(sorted(files)), max_size=2)):
        how = draw(st.sampled_from(["drop", "bytes", "json", "json", "json"]))
        if how == "drop":
            files.pop(name, None)
        elif how == "bytes" or name not in files or not name.endswith((".json", ".jsonl")):
            files[name] = draw(mutations.data([files.get(name, b"")]))
        else:
            lines = files[name].splitlines() if name.endswith("l") else [files[name]]
            place = draw(st.integers(0, len(lines) - 1))
            with contextlib.suppress(ValueError):
                changed = draw(mutations.json_data([json.loads(lines[place])]))
                lines[place] = json.dumps(changed).encode()
            files[name] = b"\n".join(lines)
    return _Spoilt(_fitting(files) if draw(st.booleans()) else files)


def _fitting(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return files whose hashes and sizes fit each other, as far as they can be found."""
    said: dict[str, Any] = {}
    for name, text in files.items():
        if name.endswith(".json"):
            with contextlib.suppress(ValueError):
                said[name] = json.loads(text)
    with contextlib.suppress(LookupError, TypeError, AttributeError):
        whole = said["plan.json"]
        settings = {k: v for k, v in whole["settings"].items() if k != "preset"}
        canonical = {"settings": settings, "tasks": whole["tasks"], "versions": whole["versions"]}
        number = sha256(json.dumps(canonical, sort_keys=True).encode()).hexdigest()[:32]
        for one in said.values():
            one["plan"] = number
    for one in said.values():
        with contextlib.suppress(LookupError, TypeError, AttributeError):
            for name, about in one["files"].items():
                about["bytes"], about["sha256"] = len(files[name]), sha256(files[name]).hexdigest()
    return {**files, **{name: json.dumps(one).encode() for name, one in said.items()}}


class _Spoilt:
    """The files of a corpus, of which those that are spoilt are shown."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def __repr__(self) -> str:
        good = _corpus()
        return repr(
            {name: self.files.get(name) for name in good if self.files.get(name) != good[name]}
        )

    @contextlib.contextmanager
    def folder(self) -> Iterator[Path]:
        with TemporaryDirectory() as place, contextlib.suppress(Refused):
            for name, text in self.files.items():
                (Path(place) / name).parent.mkdir(parents=True, exist_ok=True)
                (Path(place) / name).write_bytes(text)
            yield Path(place)


def _verify(spoilt: _Spoilt) -> None:
    with spoilt.folder() as folder:
        verify.verify(folder, sample=2, workers=1)


def _read(spoilt: _Spoilt) -> None:
    with spoilt.folder() as folder:
        read = plan.read(folder)
        reading.style(read, folder)
        for record in reading.built(read, folder):
            with contextlib.suppress(Refused):
                for row in reading.rows(read, folder, record["shard"]):
                    with contextlib.suppress(Refused):
                        reading.find(read, folder, row["id"])
        verify.verify(folder, sample=0)


TARGETS = [
    Target("inputs", mutations.texts(INPUTS), _input),
    Target("sources", mutations.texts(SOURCES), _source),
    Target("check", _CHECKS, _check),
    Target("records", st.deferred(lambda: mutations.json_data(_replies())), _record),
    Target("texts", mutations.data([_TEXTS]), _texts),
    Target("frames", mutations.data([_FRAMES, _FRAMES[:30]]), _frames),
    Target("corpora", st.deferred(_corpora), _read),
    Target("verify", st.deferred(_corpora), _verify, 5),
    Target(
        "sandbox", st.tuples(mutations.texts(SOURCES), mutations.texts(INPUTS), st.booleans()), _run
    ),
]
