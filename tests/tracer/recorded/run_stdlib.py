"""Run one of CPython's own test modules, with some modules compiled by the tracer.

    python run_stdlib.py plain|off|on TEST_MODULE MODULE...

Each MODULE is compiled with Python's own compiler (``plain``) or instrumented, and then run with
the recorder ``off`` or ``on``. They are found the same way in all three, so that what differs
between the outcomes is due to instrumentation alone. Prints one JSON object: the outcome of each
test by its id, and how many steps were recorded.
"""

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import json
import os
import sys
import threading
import time
import traceback
import types
import unittest
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rfft.tracer import recording
from rfft.tracer.instrument import compile_instrumented
from rfft.tracer.recorded.active import active

MOST_STEPS = 5_000  # kept in memory at a time
SECONDS = 0.2  # for which a test is recorded
ALL_SECONDS = 30  # for which all tests together are recorded; beyond it, `LEAST` each
LEAST = 0.01


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the named modules where Python would, and compiles them itself."""

    def __init__(self, names: Sequence[str], instrument: bool) -> None:
        self.names = set(names)
        self.compiled: set[str] = set()
        self._instrument = instrument

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Return where a module is, if it is one of ours."""
        if name not in self.names:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or not (spec.origin or "").endswith(".py"):
            return None
        spec.loader = self
        return spec

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType | None:
        """Leave it to Python."""
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        """Compile and run a module."""
        spec = module.__spec__
        assert spec is not None
        path = spec.origin or ""
        source = importlib.machinery.SourceFileLoader(spec.name, path).get_source(spec.name) or ""
        if self._instrument:
            code = compile_instrumented(source, path)
        else:
            code = compile(source, path, "exec", dont_inherit=True)
        self.compiled.add(spec.name)
        exec(code, module.__dict__)

    def get_source(self, name: str) -> str | None:
        """Return a module's source, for tests that show lines of it."""
        spec = importlib.machinery.PathFinder.find_spec(name)
        return None if spec is None or not spec.origin else Path(spec.origin).read_text("utf-8")


class Report:
    """The outcome of each test by its id; a test with a failed part has failed."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}
        self.details: dict[str, str] = {}

    def note(self, test: unittest.TestCase, outcome: str, error: Any = None) -> None:
        """Note an outcome; a pass does not replace a failure."""
        if outcome in ("passed", "skipped"):
            self.outcomes.setdefault(test.id(), outcome)
        else:
            self.outcomes[test.id()] = outcome
        if error is not None:
            self.details[test.id()] = "".join(traceback.format_exception(*error))


class Result(unittest.TestResult):
    """Passes outcomes on. It holds nothing itself: steps show a test case with all it can reach."""

    def __init__(self, note: Callable[..., None], start: Callable[[], None] | None) -> None:
        super().__init__()
        self._note = note
        self._start = start

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        if self._start is not None:
            self._start()

    def addSuccess(self, test: unittest.TestCase) -> None:
        self._note(test, "passed")

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:
        self._note(test, "failed", err)

    def addError(self, test: unittest.TestCase, err: Any) -> None:
        self._note(test, "failed", err)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        self._note(test, "skipped")

    def addExpectedFailure(self, test: unittest.TestCase, err: Any) -> None:
        self._note(test, "expected failure")

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        self._note(test, "unexpected success")

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any) -> None:
        if err is not None:
            self._note(test, "failed", err)


class Recording:
    """Records the import of the tests and the start of each test, forgetting steps as they come.

    A step shows whole lists, so a test that works on long ones would take hours; after
    `SECONDS` the recorder is taken away until the next test starts.
    """

    def __init__(self) -> None:
        self.steps = 0
        self._left = float(ALL_SECONDS)
        self._started = time.monotonic()
        self._ended = threading.Event()

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Record."""
        with recording() as steps:
            self._recorder = active.recorder
            thread = threading.Thread(target=self._watch, args=[steps], daemon=True)
            thread.start()
            try:
                yield
            finally:
                self._ended.set()
                thread.join()
                self.steps += len(steps)

    def start(self) -> None:
        """Record again: a test starts."""
        now = time.monotonic()
        self._left -= min(now - self._started, SECONDS)
        self._started = now
        active.recorder = self._recorder

    def _watch(self, steps: list[Any]) -> None:
        while not self._ended.wait(0.01):
            if time.monotonic() - self._started > (SECONDS if self._left > 0 else LEAST):
                active.recorder = None
            if len(steps) > MOST_STEPS:
                self.steps += len(steps)
                steps.clear()


def run(mode: str, test_module: str, names: Sequence[str]) -> dict[str, Any]:
    """Run the tests of a module; return their outcomes."""
    from test import support

    support.use_resources = []
    support.verbose = False
    finder = Finder(names, mode != "plain")
    sys.meta_path.insert(0, finder)
    for name in names:
        sys.modules.pop(name, None)
    recorder = Recording() if mode == "on" else None
    report = Report()
    result = Result(report.note, recorder.start if recorder else None)
    recorded = recorder.running() if recorder else contextlib.nullcontext()
    with contextlib.redirect_stdout(sys.stderr), recorded:
        module = importlib.import_module(test_module)
        suite = unittest.defaultTestLoader.loadTestsFromModule(module)
        suite.run(result)
    return {
        "outcomes": report.outcomes,
        "details": report.details,
        "compiled": sorted(finder.compiled),
        "steps": recorder.steps if recorder else 0,
    }


if __name__ == "__main__":
    report = json.dumps(run(sys.argv[1], sys.argv[2], sys.argv[3:]))
    Path(os.environ["RUN_STDLIB_REPORT"]).write_text(report, "utf-8")
    os._exit(0)  # threads and children that a test left behind must not delay the report
