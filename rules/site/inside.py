"""What runs in the browser: one call of the tracer, asked and answered in JSON.

It imports nothing but `rfft.tracer`, and that without its sandbox: the browser is the wall.
"""

import json
from typing import Any

from rfft.tracer import InputRejected, Rule, SourceRejected, Trace
from rfft.tracer.checking import check_trace
from rfft.tracer.inputs import parse_input
from rfft.tracer.page import page
from rfft.tracer.verdict import describe

_MOST_STEPS = 50_000
_MOST_CHARACTERS = 8_000_000


class Enough(BaseException):
    """Ends a run at a limit."""


def answer(asked: str) -> str:
    """Return the answer to a visitor's wish: a problem in words, or the texts and the page.

    `asked` has ``rule``, ``input``, ``style``, and may have ``function``, ``question`` and
    ``text``, a text to check.
    """
    wish: dict[str, str] = json.loads(asked)
    try:
        return json.dumps(_answer(wish))
    except (SourceRejected, InputRejected) as problem:
        return json.dumps({"problem": str(problem)})
    except (RecursionError, MemoryError) as problem:
        return json.dumps({"problem": f"too much for the browser: {type(problem).__name__}"})


def _answer(wish: dict[str, str]) -> dict[str, Any]:
    style = wish["style"]
    rule = Rule.from_source(wish["rule"], wish.get("function") or None)
    args, kwargs = parse_input(wish["input"])
    limit = ""

    def stop(reached: str) -> None:
        nonlocal limit
        limit = reached
        raise Enough

    trace = Trace(
        rule, args, kwargs, max_steps=_MOST_STEPS, max_characters=_MOST_CHARACTERS, on_limit=stop
    ).run()
    if limit:
        trace.exception = None
    record = {**trace.to_json(style, wish.get("question") or None), "status": limit or "ok"}
    text = wish.get("text") or None
    verdict = None
    if text is not None and not limit:
        verdict = check_trace(trace, text, style, record["response"])
    return {
        "prompt": record["prompt"],
        "response": record["response"],
        "verdict": describe(verdict.to_json()).split("\n")[0] if verdict else "",
        "page": page(record, text=text, verdict=verdict, style=style),
    }
