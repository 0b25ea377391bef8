"""What is in the file of a page, without a browser."""

import base64
import hashlib
import json
import re

import pytest

from rfft.tracer import check, trace
from rfft.tracer.page import document, page, view

from ..examples import example

TRACE = trace(example("add_digits"), 15)
WRONG = TRACE.response().replace("now,", "Now,")


def blocks(html, opening):
    """Return the contents of the elements that begin like this."""
    return re.findall(rf"<{opening}>(.*?)</", html, re.DOTALL)


def test_a_trace_its_record_and_the_json_of_it_give_the_same_page():
    record = TRACE.to_json()
    assert page(TRACE) == page(record) == page(json.loads(json.dumps(record)))
    assert page(TRACE) == document([view(TRACE)])
    assert page(TRACE, style="natural") == page(TRACE.to_json("natural"))


def test_a_verdict_and_the_json_of_it_give_the_same_page():
    verdict = check(TRACE.rule, (15,), WRONG)
    data = json.loads(json.dumps(verdict.to_json()))
    assert page(TRACE, text=WRONG, verdict=verdict) == page(TRACE, text=WRONG, verdict=data)


def test_the_policy_allows_the_pages_own_script_and_style_and_nothing_else():
    html = page(TRACE)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules.pop("default-src") == rules.pop("base-uri") == rules.pop("form-action") == "'none'"
    for name, opening in (("script-src", 'script type="module"'), ("style-src", "style")):
        (content,) = blocks(html, opening)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert rules.pop(name) == f"'sha256-{digest}'"
    assert rules == {}
    assert not re.search(r"https?:|\bon\w+=|@import|url\(", html)


def test_data_is_ascii_without_angle_brackets():
    odd = "</script>\u2028\ud800\x00<!--é"
    one = view({**TRACE.to_json(), "prompt": odd}, text=odd, title=odd)
    html = document([one, one])
    titles, *views = blocks(html, r'script type="application/json"[^>]*')
    assert json.loads(titles) == [odd, odd]
    assert [json.loads(data) for data in views] == [json.loads(json.dumps(one))] * 2
    assert all(data.isascii() and "<" not in data for data in views)
    (title,) = blocks(html, "title")
    assert title == "&lt;/script&gt; \\ud800\\x00&lt;!--é"


def test_a_value_is_written_once():
    text = "abc" * 1000
    record = trace(example("roman"), "X" * 2000).to_json("direct")
    assert len(json.dumps(view(record)["strings"])) < len(json.dumps(record["steps"])) / 2
    shown = view(trace(_copies, text))
    assert sum(text in string for string in shown["strings"]) == 1


def _copies(text):
    a = text
    b = a
    print(a, b)
    return b


def test_the_lines_that_are_the_same_are_told_around_blank_ones():
    given = "\n\n" + TRACE.response().replace("sum = 0\n", "\n  sum   =  0\n", 1).replace(
        "= 6", "= 7"
    )
    verdict = check(TRACE.rule, (15,), given)
    shown = view(TRACE, text=given, verdict=verdict)["given"]
    theirs, ours = TRACE.response().split("\n"), given.split("\n")
    pairs = [(a + n, b + n) for a, b, count in shown["same"] for n in range(count)]
    assert len(pairs) == verdict.right_lines > 20
    assert all(ours[a - 1].split() == theirs[b - 1].split() for a, b in pairs)
    assert shown["wrong"] == verdict.line
    assert theirs[shown["instead"] - 1] == verdict.expected


def test_a_page_needs_a_view():
    with pytest.raises(ValueError, match="a page needs a view"):
        document([])
