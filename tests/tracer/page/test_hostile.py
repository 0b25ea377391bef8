"""Whatever a rule or a model writes is shown as text: nothing of it runs, nothing is fetched."""

import json

import pytest

from rfft.tracer import Rule, check
from rfft.tracer.page import document, page, view
from rfft.tracer.sandbox import run

from .browser import texts

MARKUP = (
    "</script><script>window.hacked = 1</script><!--<script>",
    "<img src=x onerror='window.hacked = 1'>",
    "{{script}} {{views}} \\u003cscript>",
    "&lt;b&gt; \"quotes\" 'and' `more` ${1}",
    "</style></title></textarea><svg onload=window.hacked=1>",
    "]]></p><iframe src=https://example.com></iframe>",
)
UNSEEN = {
    "\u202e": "\\u202e",
    "\u2028": "\\u2028",
    "\x00": "\\x00",
    "\x1b": "\\x1b",
    "\ud800": "\\ud800",
    "\u2066": "\\u2066",
    "\ufeff": "\\ufeff",
    "\U000e0001": "\\U000e0001",
}


def record_of(source, argument, **changes):
    """Return the record of a rule, with some of it replaced by what no rule could give."""
    record = run(source, argument)
    assert record["status"] == "ok"
    return {**record, **changes}


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_is_text(browser, markup):
    source = f"def rule(text):\n    # {markup}\n    copy = text\n    return copy\n"
    record = record_of(source, repr(markup))
    text = record["response"].replace("So the answer", markup)
    verdict = {
        **check(Rule.from_source(record["rule"]["source"]), (markup,), text).to_json(),
        "expected": markup,
    }
    shown = browser.open(document([view(record, text=text, verdict=verdict, title=markup)] * 2))
    shown.keyboard.press("End")
    assert shown.evaluate("window.hacked") is None
    assert shown.locator("img, iframe, svg, #rule script, #true b").count() == 0
    assert f"# {markup}" in shown.inner_text("#rule")
    assert repr(markup) in shown.inner_text("#state")
    assert markup in shown.inner_text("#given .wrong")
    assert markup in shown.inner_text("#notes")
    assert texts(shown, "#view option")[1] == f"2: {' '.join(markup.split())}"
    assert markup[:100] in shown.title()


def test_what_cannot_be_seen_is_shown_as_an_escape(browser):
    odd = "".join(f"a{character}b" for character in UNSEEN)
    escaped = "".join(f"a{escape}b" for escape in UNSEEN.values())
    record = record_of("def rule(n):\n    m = n\n    return m\n", "1", prompt=odd, answer=odd)
    record["rule"] = {"function": odd, "source": odd}
    record["response"] = f"{odd}\n{record['response']}"
    record["steps"][0].update(source=odd, kind="call", after={odd: odd})
    record["steps"][1].update(
        source=odd, before={odd: odd}, evaluated=[{"source": odd, "value": odd}]
    )
    record["exception"] = {"type": odd, "message": odd}
    html = page(json.loads(json.dumps(record)), text=odd, verdict=None)
    shown = browser.open(html.encode("utf-8"))  # it has no lone surrogates
    shown.keyboard.press("ArrowRight")
    for place in ("h1", "#rule", "#true", "#given", "#step", "#state", "#notes"):
        assert escaped in shown.inner_text(place), place
    shown.click("#show-prompt")
    assert escaped in shown.inner_text("#prompt-text")
    assert not set(odd) - set("ab") & set(shown.inner_text("body"))


def test_text_from_right_to_left_changes_no_other_text(browser):
    source = "def rule(text):\n    copy = text\n    return copy\n"
    shown = browser.open(page(record_of(source, "'\u05d0\u05d1 = 1'")))
    boxes = shown.locator("#true .line").evaluate_all(
        "rows => rows.map(row => row.querySelector('.gutter').getBoundingClientRect().left)"
    )
    assert len(set(boxes)) == 1


def test_numbers_that_fit_nothing(browser):
    record = record_of("def rule(n):\n    m = n\n    return m\n", "1")
    wild = [-1, 0, 10**30, 2**31, -(10**400)]
    for step, number in zip(record["steps"], wild, strict=False):
        step.update(line=number, depth=number, frame=number, lines=[number, 1, number, 2**53])
    shown = browser.open(page(record))
    for _ in record["steps"]:
        shown.keyboard.press("ArrowRight")
    assert shown.inner_text("#position") == "3 / 3"


def test_a_verdict_that_fits_nothing(browser):
    record = record_of("def rule(n):\n    m = n\n    return m\n", "1")
    verdict = check(Rule.from_source(record["rule"]["source"]), (1,), "x").to_json()
    for change in ({"line": 10**9}, {"right_lines": 10**9}, {"line": -5}):
        shown = browser.open(page(record, text="x\ny", verdict={**verdict, **change}))
        shown.keyboard.press("ArrowRight")
        assert "Wrong" in shown.inner_text("#notes")
