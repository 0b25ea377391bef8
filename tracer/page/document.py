"""The HTML file: a template filled with styles, a script, and the views as data."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from ..records import Record
from ..values.characters import one_line
from ..verdict import Verdict
from .view import Traced, View, view

_SCRIPTS = (
    "characters.js",
    "trace.js",
    "lines.js",
    "diagram.js",
    "panels.js",
    "print.js",
    "search.js",
    "page.js",
)
_LONGEST_TITLE = 100  # characters


def page(
    trace: Traced | Record,
    *,
    text: str | None = None,
    verdict: Verdict | Mapping[str, Any] | None = None,
    style: str = "rfft",
) -> str:
    """Return the HTML page of a trace, or of a text that is to be such a trace.

    `trace` is a `Trace`, which is shown in `style`, or a record: plain JSON, as ``rfft-trace
    --format json`` writes it, in the style that it was made with. `text` is what a model has
    written; it stands beside the true trace. `verdict` is what `check` says of that text, or the
    JSON of it; its first wrong line is marked, and where the page opens.
    """
    return document([view(trace, text=text, verdict=verdict, style=style)])


def document(views: Sequence[View], title: str | None = None) -> str:
    """Return an HTML page with a choice of views; `title` is by default the first one's.

    Raises ValueError if there are none.
    """
    if not views:
        raise ValueError("a page needs a view")
    script = "\n".join(_part(name) for name in _SCRIPTS)
    style = _part("page.css")
    parts = {
        "title": html.escape(one_line(title or views[0]["title"])[:_LONGEST_TITLE]),
        "style": style,
        "style_hash": _hash(style),
        "script": script,
        "script_hash": _hash(script),
        "titles": _data([one["title"] for one in views]),
        "views": "\n".join(
            f'<script type="application/json" class="view">{_data(one)}</script>' for one in views
        ),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], _part("page.html"))


def _data(data: Any) -> str:
    """Return JSON for an element of the page.

    In ASCII and without "<" it cannot end the element, begin a comment, or be read as anything
    but JSON, whatever it holds.
    """
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def _hash(text: str) -> str:
    """Return the hash by which the page's policy allows a script or a style sheet."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
