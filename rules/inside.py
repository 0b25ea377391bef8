"""What `rfft.rules.sandboxed` runs in the sandbox: functions of a task, on values that are plain.

The text of this module goes there, behind those of the modules that it imports from this package.
So each of these imports is one line, and whatever else is imported is what any rule may import.
"""

import json
import sys
import traceback
import typing
from random import Random
from types import ModuleType
from typing import Any

from .makers import Unclear, evaluated, of_parameter, spread
from .plain import NotPlain, decoded, encoded

_FILE = "task.py"
_ROOM = 1 << 20  # characters, after which the rest has to be asked for again


class Failed(Exception):
    """What came of running code of the task, in place of a value: what it was, type, text, line."""


def answer(text: str, request: str) -> str:
    """Do what is asked of a task with this text; both what is asked and the answer are JSON.

    Results stop at the first one that fails, which is told if it is the very first, and where they
    become long.
    """
    asked = json.loads(request)
    results: list[str] = []
    room = _ROOM
    try:
        work = _Work(text, asked)
        for one in asked["each"]:
            results.append(json.dumps(work.do(asked["call"], one)))
            room -= len(results[-1])
            if room < 0:
                break
    except Failed as failed:
        if not results:
            return json.dumps({"failed": failed.args})
    except NotPlain as problem:
        if not results:
            return json.dumps({"foreign": str(problem)})
    except Unclear as problem:
        if not results:
            return json.dumps({"unclear": str(problem)})
    return f'{{"results": [{", ".join(results)}]}}'


def _run(what: str, function: Any, *arguments: Any) -> Any:
    """Call what the task has written."""
    try:
        return function(*arguments)
    except BaseException as error:
        passed = traceback.extract_tb(error.__traceback__)
        line = next((at.lineno for at in reversed(passed) if at.filename == _FILE), 0)
        raise Failed(what, type(error).__name__, str(error), line) from None


class _Work:
    def __init__(self, text: str, asked: dict[str, Any]) -> None:
        name = f"rfft_task_{asked['task']}"
        module = ModuleType(name)
        self._names = names = module.__dict__
        names["__file__"] = asked["where"]
        names.update({name: getattr(typing, name) for name in asked["typing"]})
        sys.modules[name] = module
        code = compile(text, _FILE, "exec", dont_inherit=True)
        _run("the file", exec, code, names)
        self._has_question = asked["has_question"]
        self._makers: list[Any] | None = None
        self._hints = asked["hints"]

    def do(self, call: str, asked: Any) -> Any:
        """Return what a function gives, as JSON data."""
        if call == "inputs":
            return self._instance(*asked)
        return encoded(_run(call, self._names[call], *decoded(asked)))

    def _instance(self, length: int, chance: Any) -> list[Any]:
        """Return an instance, its question (None if there is none), and how chance goes on."""
        rng = Random(chance if isinstance(chance, int) else 0)
        if not isinstance(chance, int):
            version, state, gauss = chance
            rng.setstate((version, tuple(state), gauss))
        if self._hints is None:
            made = _run(f"inputs({length}, rng)", self._names["inputs"], length, rng)
        else:
            made = self._inferred(length, rng)
        values = encoded(made)
        question = None
        if self._has_question:
            try:
                given = made if type(made) is tuple else (made,)
                question = _run("question", self._names["question"], *given)
            except Failed:  # it is asked for by itself if it is wanted
                pass
        after = None if isinstance(chance, int) else rng.getstate()
        return [values, question if type(question) is str else None, after]

    def _inferred(self, length: int, rng: Random) -> tuple[Any, ...]:
        if self._makers is None:
            makers = []
            for name, text in self._hints:
                hint = _run(f"the type hint {name}: {text}", evaluated, text, self._names)
                try:
                    makers.append((name, of_parameter(name, hint)))
                except Unclear as unclear:
                    raise Unclear(
                        f"no input can be made for {name}: {text}, {unclear}; "
                        "give it another type or add inputs(length, rng)"
                    ) from None
            self._makers = makers
        return spread([(name, one(length, rng)) for name, one in self._makers])
