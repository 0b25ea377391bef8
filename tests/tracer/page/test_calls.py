"""Calls on a page: into them, over them, out of them, and the frames that are running."""

import pytest

from rfft.tracer import Rule, trace
from rfft.tracer.page import page

from .browser import texts, words

HANOI = """\
def hanoi(n, a, b, c):
    if n == 0:
        return []
    first = hanoi(n - 1, a, c, b)
    last = hanoi(n - 1, c, b, a)
    return first + [(a, b)] + last
"""
ENDS = """\
def rule(n):
    try:
        return helper(n)
    finally:
        helper(0)


def helper(n):
    m = n + 1
    return m
"""


def traced(source, *args):
    return trace(Rule.from_source(source), *args)


@pytest.fixture
def hanoi(browser):
    """Return the open page of a rule that calls itself."""
    return browser.open(page(traced(HANOI, 2, "A", "B", "C")))


def go_to(shown, going):
    for _ in range(100):
        if going in texts(shown, "#step .going"):
            return
        shown.keyboard.press("ArrowRight")
    raise AssertionError(going)


def test_a_call_is_entered_before_its_result_is_shown(hanoi):
    go_to(hanoi, "calls hanoi")
    assert texts(hanoi, "#step .statement") == ["first = hanoi(n - 1, a, c, b)"]
    assert "first" not in texts(hanoi, "#state th")
    assert not [line for line in words(hanoi, "#true .current") if line.startswith("first = [")]
    hanoi.keyboard.press("ArrowRight")
    assert texts(hanoi, "#step .statement") == ["call hanoi"]
    assert texts(hanoi, "#frames code") == [
        "hanoi(n=2, a='A', b='B', c='C')",
        "hanoi(n=1, a='A', b='C', c='B')",
    ]


def test_one_steps_back_into_the_caller(hanoi):
    hanoi.keyboard.press("End")
    seen = []
    for _ in range(60):
        seen.append((hanoi.inner_text("#step .statement"), *texts(hanoi, "#frames li")))
        hanoi.keyboard.press("ArrowLeft")
    backs = [stop for stop in seen if stop[0].startswith("first = ") and len(stop) == 1]
    assert len(backs) == 2  # before the call and after it
    assert not any("\nfirst" in stop[0] for stop in seen)


@pytest.mark.parametrize("source", [HANOI, ENDS])
def test_the_last_step_is_the_answer(browser, source):
    run = traced(source, *((2, "A", "B", "C") if source is HANOI else (3,)))
    shown = browser.open(page(run))
    shown.keyboard.press("End")
    assert words(shown, "#true .current")[-1] == f"So the answer is {run.answer}"
    assert texts(shown, "#step .outcome")[-1] == f"returns {run.answer}"
    assert shown.inner_text("#step .where") in ("line 6 in hanoi", "line 3 in rule")


def test_every_line_of_the_text_can_be_reached(browser):
    for source, args in ((HANOI, (2, "A", "B", "C")), (ENDS, (3,))):
        run = traced(source, *args)
        shown = browser.open(page(run), height=2000)
        seen = set()
        for _ in range(80):
            seen |= set(
                shown.locator("#true .current").evaluate_all("all => all.map(l => l.dataset.line)")
            )
            shown.keyboard.press("ArrowRight")
        assert seen == {str(n + 1) for n in range(run.response().count("\n"))}


def test_step_over_and_out(hanoi):
    go_to(hanoi, "calls hanoi")
    start = hanoi.inner_text("#position")
    hanoi.keyboard.press("o")
    assert texts(hanoi, "#step .going") == ["goes on after the call"]
    assert "first" in texts(hanoi, "#state .changed th")
    assert texts(hanoi, "#frames li") == []
    over = hanoi.inner_text("#position")
    hanoi.keyboard.press("Shift+O")
    assert hanoi.inner_text("#position") == start
    assert hanoi.is_disabled("#out")
    hanoi.keyboard.press("u")  # there is nothing to leave
    assert hanoi.inner_text("#position") == start
    hanoi.keyboard.press("ArrowRight")
    hanoi.keyboard.press("ArrowRight")
    hanoi.keyboard.press("u")
    assert hanoi.inner_text("#position") == over
    hanoi.keyboard.press("ArrowLeft")
    hanoi.keyboard.press("Shift+U")
    assert hanoi.inner_text("#position") == start
    hanoi.click("#over")
    assert hanoi.inner_text("#position") == over
    hanoi.click("#back")
    hanoi.click("#out")
    assert hanoi.inner_text("#position") == over


def test_a_click_on_a_frame_shows_its_variables(hanoi):
    go_to(hanoi, "calls hanoi")
    hanoi.keyboard.press("ArrowRight")
    assert texts(hanoi, "#state td code, #state td ins")[0] == "1"
    hanoi.click("#frames li:first-child button")
    assert dict(zip(texts(hanoi, "#state th"), texts(hanoi, "#state td"), strict=True))["n"] == (
        "2 read"
    )
    assert hanoi.evaluate("document.activeElement.ariaPressed") == "true"
    assert hanoi.get_attribute("#frames li:first-child button", "aria-pressed") == "true"
    hanoi.keyboard.press("ArrowRight")  # a step shows its own
    assert hanoi.get_attribute("#frames li:last-child button", "aria-pressed") == "true"


def test_of_many_frames_some_are_listed(browser):
    source = "def down(n):\n    if n == 0:\n        return 0\n    return 1 + down(n - 1)\n"
    shown = browser.open(page(traced(source, 200)))
    for _ in range(3):
        shown.keyboard.press("Shift+ArrowRight")
    shown.fill("#slider", "400")
    listed = texts(shown, "#frames li")
    assert len(listed) < 40
    assert any(line.endswith("more") for line in listed)
    assert listed[0].startswith("down(n=200)")


def test_several_calls_in_one_statement(browser):
    source = "def rule(n):\n    return twice(n) + twice(n + 1)\n\n\n"
    source += "def twice(n):\n    m = n * 2\n    return m\n"
    shown = browser.open(page(traced(source, 3)))
    shown.keyboard.press("ArrowRight")
    seen = []
    for _ in range(3):
        seen.append((texts(shown, "#step .going"), texts(shown, "#step .worked th")))
        shown.keyboard.press("o")
    assert seen == [
        (["calls twice"], []),
        (["goes on after the call and calls twice"], ["twice(n)", "n + 1"]),
        (
            ["goes on after the call"],
            ["twice(n)", "n + 1", "twice(n + 1)", "twice(n) + twice(n + 1)"],
        ),
    ]


def test_an_exception_leaves_its_calls(browser):
    source = "def rule(n):\n    try:\n        return bad(n)\n    except ValueError:\n"
    source += "        return -1\n\n\n"
    source += "def bad(n):\n    raise ValueError(n)\n"
    shown = browser.open(page(traced(source, 3)))
    shown.keyboard.press("End")
    assert texts(shown, "#step .outcome") == ["returns -1"]
    shown.keyboard.press("ArrowLeft")
    assert texts(shown, "#step .outcome") == ["catches ValueError"]
    assert texts(shown, "#frames li") == []
