"""A trace in the browser: steps, lines, variables, search."""

import pytest

from rfft.tracer import trace
from rfft.tracer.page import document, page, view

from ...styles import TRACING
from ..examples import example
from .browser import texts, words


@pytest.fixture
def digits(browser):
    """Return the open page of a short trace."""
    return browser.open(page(trace(example("add_digits"), 15)))


def position(page):
    return page.inner_text("#position")


def test_it_opens_at_the_first_step(digits):
    assert digits.title() == "add_digits(15)"
    assert texts(digits, "h1") == ["add_digits(15)"]
    assert position(digits) == "1 / 13"
    assert words(digits, "#rule .current") == ["def add_digits(self, num: int) -> int:"]
    assert words(digits, "#true .current") == ["1. Initialize", "num = 15"]
    assert texts(digits, "#state ins") == ["15"]
    assert digits.is_disabled("#back")


def test_keys_step(digits):
    for key in ("ArrowRight", "j", "ArrowRight", "ArrowRight"):
        digits.keyboard.press(key)
    assert position(digits) == "5 / 13"
    assert words(digits, "#rule .current") == ["sum += num % 10"]
    assert words(digits, "#true .current") == [
        "sum += num % 10", "num //= 10", "num = 15", "num % 10 = 5", "sum = 0", "now,",
        "sum = 0 + 5 = 5", "num = 15 // 10 = 1",
    ]  # fmt: skip
    assert texts(digits, "#step .worked th, #step .worked td") == ["num % 10", "5"]
    assert texts(digits, "#state .changed th") == ["sum"]
    assert texts(digits, "#state .changed del, #state .changed ins") == ["0", "5"]
    digits.keyboard.press("k")
    digits.keyboard.press("ArrowLeft")
    assert position(digits) == "3 / 13"
    digits.keyboard.press("End")
    assert texts(digits, "#step .outcome") == ["returns 6"]
    digits.keyboard.press("ArrowRight")  # nowhere
    assert position(digits) == "13 / 13"
    digits.keyboard.press("Shift+ArrowLeft")
    assert position(digits) == "3 / 13"
    digits.keyboard.press("Home")
    assert position(digits) == "1 / 13"


CHANGES = {
    ("[0, 7, 0, 3]", "[7, 0, 3]"): ("0, ", ""),
    ("[7]", "[7, 3]"): ("", ", 3"),
    ("15", "1"): ("15", "1"),
    ("[15, 2]", "[25, 2]"): ("15", "25"),
    ("'ab cd'", "'ab xd'"): ("cd", "xd"),
    ("1", "None"): ("1", "None"),
    ("'aa'", "'aaa'"): ("aa", "aaa"),
}


def test_what_changed_in_a_value_is_told_apart(browser):
    record = trace(example("add_digits"), 15).to_json()
    step = record["steps"][2]
    record["steps"] = []
    for old, new in CHANGES:
        for value in (old, new):
            record["steps"].append({**step, "after": {"x": value}})
    shown = browser.open(page(record))
    for _ in CHANGES:
        shown.keyboard.press("ArrowRight")
        old, new = texts(shown, "#state del")[0], texts(shown, "#state ins")[0]
        marked = shown.locator("#state del b, #state ins b").all_text_contents()
        assert tuple(marked) == CHANGES[old, new]
        shown.keyboard.press("ArrowRight")


def test_buttons_and_slider_step(digits):
    digits.click("#forward")
    digits.click("#forward")
    assert position(digits) == "3 / 13"
    digits.click("#back")
    assert position(digits) == "2 / 13"
    digits.click("#last")
    assert digits.is_disabled("#forward")
    digits.click("#first")
    digits.fill("#slider", "9")
    assert position(digits) == "9 / 13"
    digits.focus("#slider")
    digits.keyboard.press("ArrowRight")
    assert position(digits) == "10 / 13"
    assert digits.get_attribute("#slider", "aria-valuetext").startswith(
        "Step 10, line 4: while num:"
    )


def test_a_click_on_a_line_goes_to_its_step(digits):
    digits.click("#true .line[data-line='26']")
    assert position(digits) == "8 / 13"
    digits.keyboard.press("Home")
    for expected in ("5 / 13", "8 / 13", "8 / 13"):  # to the next step there, if there is one
        digits.click("#rule .line[data-line='5']")
        assert position(digits) == expected
    digits.keyboard.press("p")
    assert position(digits) == "5 / 13"
    digits.keyboard.press("n")
    assert position(digits) == "8 / 13"


def test_search(digits):
    digits.keyboard.press("/")
    digits.keyboard.type("ENTER THE")
    assert digits.inner_text("#found") == "1 / 3"
    assert set(texts(digits, "#true mark")) == {"enter the"}
    digits.keyboard.press("Enter")
    assert digits.inner_text("#found") == "2 / 3"
    assert "enter the loop" in words(digits, "#true .current")
    digits.keyboard.press("Shift+Enter")
    digits.keyboard.press("Shift+Enter")
    assert digits.inner_text("#found") == "3 / 3"
    digits.keyboard.type(" nothing")
    assert digits.inner_text("#found") == "0"
    assert digits.is_disabled("#found-next")
    digits.keyboard.press("Escape")
    digits.keyboard.press("Home")  # keys are for steps again
    assert position(digits) == "1 / 13"


def test_variables_are_those_of_the_call(browser):
    shown = browser.open(page(trace(example("roman"), "XI")))
    shown.keyboard.press("End")
    assert texts(shown, "#state th") == ["numeral", "total", "value"]
    while texts(shown, "#step .where") != ["line 3 in symbol_value, 3 calls deep"]:
        shown.keyboard.press("ArrowLeft")
    assert texts(shown, "#state th") == ["symbol", "values"]
    assert texts(shown, "#state td code") == [
        "'I'",
        repr(dict(zip("IVXLCDM", (1, 5, 10, 50, 100, 500, 1000), strict=True))),
    ]


def test_generators_of_one_function_do_not_mix(browser):
    def interleaved(n):
        def count(first):
            for number in range(n):
                yield first + number

        return list(zip(count(0), count(10), strict=True))

    record = trace(interleaved, 3).to_json()
    shown = browser.open(page(record))
    firsts = {}
    for _ in range(30):
        shown.keyboard.press("ArrowRight")
        if call := texts(shown, "#frames [aria-pressed=true] code"):
            names = texts(shown, "#state th")
            values = dict(zip(names, texts(shown, "#state td"), strict=True))
            if "first" in values:
                firsts.setdefault(call[0], set()).add(values["first"].split()[0])
    assert firsts == {"count(first=0)": {"0"}, "count(first=10)": {"10"}}


def test_a_deleted_variable_is_gone(browser):
    def rule(n):
        a = n
        del n
        return a

    shown = browser.open(page(trace(rule, 3)))
    shown.keyboard.press("ArrowRight")
    shown.keyboard.press("ArrowRight")
    assert texts(shown, "#state del") == ["3"]
    shown.keyboard.press("ArrowRight")
    assert texts(shown, "#state th") == ["a"]


def test_several_traces_and_the_address(browser):
    views = [view(trace(example("add_digits"), n)) for n in (15, 7, 99)]
    shown = browser.open(document(views, title="three"), address="#1.2")
    assert shown.title() == "three"
    assert position(shown) == "2 / 3"
    assert texts(shown, "#view option") == [
        "1: add_digits(15)",
        "2: add_digits(7)",
        "3: add_digits(99)",
    ]
    shown.select_option("#view", "2")
    assert texts(shown, "h1") == ["add_digits(99)"]
    shown.focus("#forward")
    shown.keyboard.press("ArrowRight")
    shown.wait_for_url("**/page.html#2.2")
    for address in ("#9.9", "#nonsense", "#0.0"):  # anybody may write one
        assert " / " in position(browser.open(document(views), address=address))


def test_a_style_without_steps_says_so(browser):
    shown = browser.open(page(trace(example("add_digits"), 15), style="direct"))
    assert shown.is_visible("#stepless")
    assert position(shown) == "1 / 13"
    shown.keyboard.press("End")
    assert words(shown, "#true .current") == ["So the answer is 6"]


@pytest.mark.parametrize("style", TRACING)
def test_every_other_style_has_steps(browser, style):
    shown = browser.open(page(trace(example("move_zeroes"), [0, 7]), style=style))
    assert not shown.is_visible("#stepless")
    shown.keyboard.press("End")
    assert "7, 0" in words(shown, "#true .current")[-1]
    shown.keyboard.press("Home")
    for _ in range(5):
        shown.keyboard.press("ArrowRight")
    assert shown.locator("#true .current, #true .passed").count()


def test_the_prompt_and_the_keys(digits):
    digits.click("#show-prompt")
    assert digits.inner_text("#prompt-text").startswith("Follow the given rule")
    digits.keyboard.press("ArrowRight")
    assert position(digits) == "1 / 13"
    digits.keyboard.press("Escape")
    digits.keyboard.press("?")
    assert digits.is_visible("#keys")
    digits.click("#keys button")
    assert not digits.is_visible("#keys")
