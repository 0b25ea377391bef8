"""The tasks of the library: all are there, and right."""

import copy
import json
import re
import typing
from pathlib import Path
from typing import Any

import pytest

from rfft.rules import catalog, load
from rfft.rules.checks.pool import check
from rfft.rules.discovery import LIBRARY, find
from rfft.rules.gallery import page
from rfft.rules.same import same
from rfft.tracer import trace
from rfft.tracer.compiled.to_text import Writer
from rfft.tracer.tracing import Trace

from ..styles import BUILT_IN

HERE = Path(__file__).parent
PUBLISHED: dict[str, list[dict[str, Any]]] = json.loads((HERE / "published.json").read_text())
ONE_EXAMPLE = {"leetcode_705"}  # public problems with a single example
FOLDERS = {"LeetCode": "leetcode", "NUPA": "nupa", "BBH": "bbh", "SR": "symbolic"}


def test_every_task_passes_its_check() -> None:
    reports = check(list(find([LIBRARY], library=False).values()))
    assert {r.id: r.failures for r in reports if not r.passed} == {}


def test_every_task_says_what_it_is() -> None:
    tasks = [task for task in catalog().values() if task.path and LIBRARY in task.path.parents]
    for task in tasks:
        assert task.path is not None
        assert task.path.parent.name == FOLDERS[task.source], task.id
        assert task.split in ("pretrain", "downstream"), task.id
        assert task.has_oracle, task.id
    fingerprints = {task.fingerprint: task.id for task in tasks}
    assert len(fingerprints) == len(tasks), "two tasks have the same rule"


def as_hinted(value: Any, hint: Any) -> Any:
    """Return a value read from JSON with tuples where a type hint says so."""
    inner = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        hints = inner[:1] * len(value) if inner[-1:] == (...,) else inner
        return tuple(as_hinted(v, h) for v, h in zip(value, hints, strict=True))
    if typing.get_origin(hint) is list:
        return [as_hinted(v, inner[0]) for v in value]
    return value


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_examples(name: str) -> None:
    task = load(name)
    assert len(PUBLISHED[name]) >= (1 if name in ONE_EXAMPLE else 2)
    function = getattr(task.module, task.rule.scope.name)
    hints = typing.get_type_hints(function)
    write = task.rule.writer()
    for example in PUBLISHED[name]:
        expected = as_hinted(example["answer"], hints["return"])
        for answer in (function, task.oracle, lambda *a: write(*a).result):
            # JSON is read anew each time, as a rule may use up what it is given.
            given = json.loads(json.dumps(example["arguments"]))
            arguments = [
                as_hinted(value, hints[parameter])
                for value, parameter in zip(
                    given, task.rule.parameters.signature.parameters, strict=False
                )
            ]
            assert same(answer(*arguments), expected), example


def test_every_leetcode_task_has_published_examples() -> None:
    tasks = {task.id for task in catalog().values() if task.source == "LeetCode"}
    assert tasks == PUBLISHED.keys()


@pytest.mark.parametrize("name", find([LIBRARY], library=False))
def test_all_ways_to_trace_write_the_same(name: str) -> None:
    task = load(name)
    for style in BUILT_IN:
        writers = [Writer(task.rule, style), Writer(task.rule, style, quick_calls=0)]
        for length in (task.min_length, 6, 11):
            arguments = task.arguments(length, seed=7)
            traced = trace(task.rule, *copy.deepcopy(arguments))
            by_hooks = Trace(task.rule, copy.deepcopy(arguments), on_limit=lambda reason: None)
            assert traced.response(style) == by_hooks.run().response(style)
            for write in writers:
                written = write(*copy.deepcopy(arguments))
                assert written.response == traced.response(style)


def test_the_gallery_has_each_task_with_its_answer() -> None:
    tasks = [task for task in catalog().values() if task.path and LIBRARY in task.path.parents]
    text = page(tasks)
    assert sorted(re.findall(r"^### (\S+)", text, re.MULTILINE)) == sorted(t.id for t in tasks)
    assert len(re.findall(r"^So the answer is ", text, re.MULTILINE)) == len(tasks)
