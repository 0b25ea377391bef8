"""The source that is made is shown by tracebacks and debuggers, and goes when its code goes."""

import gc
import linecache
import sys
import traceback
from types import FrameType
from typing import Any

import pytest

from rfft.tracer import Rule, trace

SOURCE = """
def rule(n):
    total = 0
    while n:
        total += n
        n -= 1
    return total
"""


def made() -> list[str]:
    gc.collect()
    return [name for name in linecache.cache if name.startswith("<")]


def interrupted(call: Any, line: str) -> str:
    """Call and interrupt the call where a line of made code is about to run; return the report."""

    def watch(frame: FrameType, event: str, _: Any) -> Any:
        name = frame.f_code.co_filename
        if event == "line" and linecache.getline(name, frame.f_lineno).strip() == line:
            raise KeyboardInterrupt
        return watch if event == "line" or name.startswith("<trace of ") else None

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        with pytest.raises(KeyboardInterrupt) as caught:
            call()
    finally:
        sys.settrace(before)
    return "".join(traceback.format_exception(caught.value))


def test_a_traceback_shows_the_line() -> None:
    rule = Rule.from_source(SOURCE)
    for call in (lambda: rule.writer()(3), lambda: trace(rule, 3)):
        report = interrupted(call, "total += n")
        frame = report.partition('File "<trace of rule ')[2]
        assert frame.splitlines()[1].strip() == "total += n"


def test_sources_go_with_their_code() -> None:
    before = made()
    rules = [Rule.from_source(SOURCE.replace("rule", f"rule_{n}")) for n in range(5)]
    writers = [rule.writer() for rule in rules]
    assert [write(2).answer for write in writers] == ["3"] * 5
    assert [trace(rule, 2).response() for rule in rules] == [w(2).response for w in writers]
    assert len(made()) == len(before) + 15  # one of a writer, two of a trace
    rules.clear()
    writers.clear()
    assert made() == before
