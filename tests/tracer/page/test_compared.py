"""A model's text beside the true trace, with its first wrong step marked."""

import pytest

from rfft.tracer import check, trace
from rfft.tracer.page import page

from ..examples import example
from .browser import texts, words

TRUE = trace(example("add_digits"), 15)
RESPONSE = TRUE.response()


def compared(browser, text, **options):
    """Open the page of a text that is to be the trace of 15."""
    verdict = check(TRUE.rule, (15,), text)
    return browser.open(page(TRUE, text=text, verdict=verdict), **options)


def test_it_opens_at_the_first_wrong_step(browser):
    shown = compared(browser, RESPONSE.replace("sum = 0 + 5 = 5", "sum = 0 + 5 = 6"))
    assert shown.inner_text("#notes summary") == "Wrong at line 20: wrong arithmetic"
    assert "12 of 13 steps" in shown.inner_text("#notes")
    assert shown.inner_text("#position") == "5 / 13"
    assert words(shown, "#rule .wrong") == ["sum += num % 10"]
    assert words(shown, "#given .wrong") == ["sum = 0 + 5 = 6"]
    assert texts(shown, "#given .slip") == ["6"]
    assert words(shown, "#true .instead") == ["sum = 0 + 5 = 5"]
    assert texts(shown, "#true .due") == ["5"]
    # What is the same is current in both texts.
    assert words(shown, "#given .current")[:6] == words(shown, "#true .current")[:6]
    shown.keyboard.press("ArrowLeft")
    assert words(shown, "#given .current") == words(shown, "#true .current")
    assert words(shown, "#rule .wrong") == []
    shown.keyboard.press("End")
    assert words(shown, "#given .current")[-1] == "So the answer is 6"
    shown.keyboard.press("w")
    assert shown.inner_text("#position") == "5 / 13"
    shown.click("#last")
    shown.click("#to-wrong")
    assert shown.inner_text("#position") == "5 / 13"
    shown.click("#given .line[data-line='4']")
    assert shown.inner_text("#position") == "2 / 13"


def test_a_right_text(browser):
    shown = compared(browser, RESPONSE.replace("\n", "\r\n\n"))
    assert shown.inner_text("#notes") == "Right: 47 lines, 13 steps"
    assert shown.locator("#notes .right").count() == 1
    assert shown.locator(".wrong, #to-wrong:visible, #wrong-mark:visible").count() == 0
    shown.keyboard.press("End")
    assert words(shown, "#given .current") == words(shown, "#true .current")


def test_a_text_that_is_cut_off(browser):
    shown = compared(browser, RESPONSE[: RESPONSE.index("4. Return")])
    assert "cut off" in shown.inner_text("#notes")
    assert words(shown, "#given .wrong") == ["the text ends here"]
    assert shown.inner_text("#position") == "13 / 13"
    assert words(shown, "#true .instead") == ["4. Return"]


def test_a_text_that_goes_on_after_the_end(browser):
    shown = compared(browser, RESPONSE + "while num:\n" * 9)
    assert "never ended" in shown.inner_text("#notes")
    assert words(shown, "#given .wrong") == ["while num:"]
    assert shown.inner_text("#position") == "13 / 21"
    assert shown.locator("#true .instead").count() == 0
    shown.keyboard.press("ArrowRight")  # the text goes on where the trace has ended
    assert words(shown, "#given .current") == ["while num:"]
    shown.keyboard.press("End")
    assert words(shown, "#true .current")[-1] == "So the answer is 6"
    assert shown.locator("#given .current").get_attribute("data-line") == "56"


def test_a_text_that_is_nothing(browser):
    shown = compared(browser, "")
    assert words(shown, "#given .wrong") == ["the text ends here"]
    assert shown.inner_text("#position") == "1 / 13"


def test_a_text_without_a_verdict_is_not_judged(browser):
    shown = browser.open(page(TRUE, text=RESPONSE))
    assert shown.inner_text("#notes") == "Not judged"
    assert words(shown, "#given .line")[0] == "1. Initialize"
    assert shown.locator("#given .wrong").count() == 0


def test_a_text_far_too_long_is_shown_as_far_as_it_was_judged(browser):
    shown = compared(browser, RESPONSE + "now,\n" * 100_000)
    left = len(RESPONSE) + 500_000 - (2 * len(RESPONSE) + 100_000)
    assert f"{left:,} more characters of the text are left out" in shown.inner_text("#notes")
    assert shown.locator("#given .line").count() < 100


def test_search_looks_in_both_texts(browser):
    shown = compared(browser, RESPONSE.replace("sum = 5 + 1 = 6", "sum = five"))
    shown.fill("#words", "five")
    assert shown.inner_text("#found") == "1 / 1"
    assert texts(shown, "#given mark") == ["five"]
    shown.fill("#words", "4. return")
    assert shown.inner_text("#found") == "1 / 2"


def test_after_a_slip_the_text_follows_by_its_own_steps(browser):
    # It takes the wrong branch, leaves both loops and is at its end early.
    text = RESPONSE.replace("num = 15 // 10 = 1", "num = 15 // 10 = 0")
    start = text.index("while num:\nnum = 1\n")
    text = text[:start] + text[text.index("while num:\nnum = 0\n") :].replace("6", "5")
    shown = compared(browser, text)
    seen = []
    for _ in range(20):
        seen.append((words(shown, "#given .current"), words(shown, "#rule .theirs")))
        shown.keyboard.press("ArrowRight")
    assert seen[0][1] == []
    walk = [lines for lines, _ in seen if lines]
    assert any(lines[-1] == "do not enter" for lines in walk)
    assert walk[-1][-1] == "So the answer is 5"
    assert any(theirs == ["num = sum"] for _, theirs in seen)
    # A click on one of its lines goes there.
    shown.keyboard.press("Home")
    shown.click("#given .line:has-text('num = sum')")
    assert words(shown, "#given .current")[0] == "num = sum"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_one_text_is_shown_at_a_time(browser, scheme):
    text = RESPONSE.replace("sum = 0 + 5 = 5", "sum = 0 + 5 = 6")
    shown = compared(browser, text, width=390, height=844, scheme=scheme)
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    assert shown.is_visible("#given .wrong")
    assert not shown.is_visible("#true")
    shown.keyboard.press("End")
    shown.click("#tab-true")
    assert "So the answer is 6" in words(shown, "#true .current")
    shown.keyboard.press("w")
    shown.click("#tab-true")
    assert shown.is_visible("#true .instead")
    assert not shown.is_visible("#given")
    assert shown.get_attribute("#tab-true", "aria-pressed") == "true"


def test_a_text_has_its_lines_as_soon_as_it_is_shown(browser):
    text = RESPONSE.replace("sum = 0 + 5 = 5", "sum = 0 + 5 = 6")
    shown = compared(browser, text, width=390, height=844)
    shown.click("#tab-true")
    shown.keyboard.press("w")
    found = """new Promise(done => setTimeout(() => {  // by now, what is hidden has been laid out
        document.querySelector("#tab-true").click();
        done(document.querySelector("#true .instead") !== null);
    }, 300))"""
    assert shown.evaluate(found)
