"""How a page looks and how much it takes: sizes, colours, names, long traces, failures."""

import pytest

from rfft.tracer import Rule, check, trace
from rfft.tracer.page import document, page, view
from rfft.tracer.sandbox import Limits, run

from ..examples import example
from .browser import texts, words

COUNT = """\
def count(n):
    total = 0
    while n:
        total += n
        n -= 1
    return total
"""

CONTRASTS = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (color) => {
    const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = color.map((c) => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (; element; element = element.parentElement) {
      const color = rgb(getComputedStyle(element).backgroundColor);
      if (color[3]) return color;
    }
    return [255, 255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility()) continue;
    if (element.closest(":disabled, script, noscript")) continue;
    const lights = [light(rgb(getComputedStyle(element).color)), light(ground(element))];
    const [a, b] = lights.sort((x, y) => y - x);
    const what = `${element.className} ${element.textContent.slice(0, 30)}`;
    found.push([(a + 0.05) / (b + 0.05), what]);
  }
  return found;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", [False, True])
def test_all_text_has_contrast(browser, scheme, theme):
    """At least 4.5 to 1, as WCAG AA asks for; also with the colours that the button changes to."""
    traced = trace(example("roman"), "XIV")
    text = traced.response().replace("total = 0 + 10 = 10", "total = 0 + 10 = 11")
    shown = browser.open(
        page(traced, text=text, verdict=check(traced.rule, ("XIV",), text)),
        width=1440, height=2000, scheme=scheme, motion="reduce",
    )  # fmt: skip
    if theme:
        shown.click("#theme")
    ground = shown.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(244, 244, 241)") is ((scheme == "light") is not theme)
    shown.fill("#words", "total")
    found = shown.evaluate(CONTRASTS)
    assert len(found) > 200
    assert [(ratio, what) for ratio, what in found if ratio < 4.5] == []


def test_everything_has_a_name_and_can_be_reached_by_key(browser):
    traced = trace(example("add_digits"), 15)
    text = traced.response()[:200]
    shown = browser.open(page(traced, text=text, verdict=check(traced.rule, (15,), text)))
    shown.click("#back")
    controls = shown.locator("button:visible, input:visible, select:visible, [tabindex]:visible")
    for control in controls.all():
        assert (
            control.get_attribute("aria-label")
            or control.inner_text().strip()
            or (control.get_attribute("aria-labelledby"))
        )
    reached = []
    shown.locator("body").focus()
    for _ in range(40):
        shown.keyboard.press("Tab")
        focused = shown.evaluate("document.activeElement.id")
        if focused in reached:
            break
        if focused:
            reached.append(focused)
            outline = shown.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid", focused
    ids = controls.evaluate_all(
        "all => all.filter((one) => !one.disabled && one.id).map((one) => one.id)"
    )
    assert set(ids) <= set(reached)


def test_a_step_is_told_to_those_who_do_not_see_it(browser):
    shown = browser.open(page(trace(example("add_digits"), 15)))
    for _ in range(4):
        shown.keyboard.press("ArrowRight")
    shown.wait_for_selector("#said:not(:empty)", state="attached")
    shown.wait_for_timeout(500)
    assert shown.inner_text("#said") == "Step 5, line 5: sum += num % 10; sum is 5"
    assert shown.get_attribute("#true .current >> nth=0", "aria-current") == "step"


def test_with_reduced_motion_nothing_moves(browser):
    html = page(trace(example("add_digits"), 15))
    moving = "getComputedStyle(document.querySelector('.line')).transitionDuration"
    assert browser.open(html, motion="reduce").evaluate(moving) == "0s"


@pytest.mark.parametrize("width", [320, 390, 768])
def test_a_narrow_screen_needs_no_scrolling_sideways(browser, width):
    shown = browser.open(page(trace(example("move_zeroes"), [1] * 200)), width=width, height=844)
    shown.keyboard.press("End")
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.evaluate("document.documentElement.scrollHeight") <= 844
    for part in ("#rule .current", "#step .statement", "#true .current", "#slider", "#words"):
        assert shown.locator(part).first.is_visible()
        box = shown.locator(part).first.bounding_box()
        assert 0 <= box["y"] < 844


def test_a_long_trace_has_few_elements_and_a_small_file(browser):
    record = run(COUNT, "10000")
    html = page(record)
    assert len(html) < 3 * len(record["response"])
    shown = browser.open(html)
    assert shown.inner_text("#position") == "1 / 30,004"
    counts = []
    for key in ("ArrowRight", "End", "ArrowLeft", "Home"):
        shown.keyboard.press(key)
        counts.append(shown.evaluate("document.querySelectorAll('*').length"))
    assert max(counts) < 600
    shown.keyboard.press("End")
    assert "So the answer is 50005000" in words(shown, "#true .current")
    shown.fill("#slider", "15000")
    assert words(shown, "#true .current")
    shown.fill("#words", "total = 50005000")
    assert shown.inner_text("#found") == "1 / 1"
    assert shown.is_visible("#true mark")


def test_more_lines_than_a_browser_lays_out(browser):
    """Some half a million lines; the last ones can be scrolled to all the same."""
    record = run(COUNT, "3")
    record["response"] = "x\n" * 500_000 + record["response"]
    for step in record["steps"]:
        step["lines"] = [n + 500_000 for n in step["lines"]]
    shown = browser.open(page(record))
    shown.keyboard.press("End")
    assert words(shown, "#true .current")[-1] == "So the answer is 6"
    assert shown.locator("#true .current").last.is_visible()
    shown.evaluate("document.getElementById('true').scrollTop = 0")
    shown.wait_for_selector("#true .line[data-line='1']")
    shown.evaluate("document.getElementById('true').scrollTop = 1e9")
    shown.wait_for_selector("#true .line[data-line='500010']")


def test_a_long_line_is_shown_in_part(browser):
    shown = browser.open(page(run("def f(t):\n    u = t * 5000\n    return u\n", "'abcd'")))
    shown.keyboard.press("End")
    assert texts(shown, "#true .more")
    shown.locator("#true .more").last.click()
    assert shown.locator("#true .line").last.inner_text().count("abcd") == 5000
    assert "20,002 characters" in shown.inner_text("#state")
    assert shown.inner_text("#state").count("abcd") < 100
    shown.click("#state summary >> nth=0")
    assert shown.inner_text("#state").count("abcd") >= 5000


def test_paper_has_all_steps(browser):
    run = trace(example("roman"), "XIV")
    text = run.response().replace("total = 0 + 10 = 10", "total = 0 + 10 = 11")
    shown = browser.open(page(run, text=text, verdict=check(run.rule, ("XIV",), text)))
    shown.emulate_media(media="print")
    shown.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not shown.is_visible("main")
    count = int(shown.inner_text("#printed tr:last-child td:first-child"))
    shown.emulate_media(media="screen")
    assert shown.inner_text("#position").endswith(f"/ {count}")
    shown.emulate_media(media="print")
    paper = shown.inner_text("#printed")
    assert run.response() in paper
    assert "Wrong at line" in paper or "wrong at line" in paper
    assert texts(shown, "#printed .slip") == ["total = 0 + 10 = 11"]
    shown.evaluate("dispatchEvent(new Event('afterprint'))")
    assert shown.locator("#printed *").count() == 0


def test_a_text_without_steps(browser):
    record = {**run(COUNT, "3"), "steps": []}
    record["response"] = "total = 0\n" + record["response"]
    shown = browser.open(page(record))
    assert shown.inner_text("#position") == "no steps"
    assert words(shown, "#true .line")[0] == "total = 0"


def test_of_a_very_long_trace_paper_has_the_start(browser):
    shown = browser.open(page(run(COUNT, "2000")))
    shown.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert shown.locator("#printed tr").count() == 3001
    assert "… 3004 more steps" in shown.locator("#printed").text_content()


def test_with_several_inputs_a_phone_shows_all_buttons(browser):
    views = [view(trace(example("move_zeroes"), [n] * 40)) for n in range(3)]
    shown = browser.open(document(views), width=390, height=844)
    for button in ("#show-prompt", "#show-keys", "#theme", "#view", "#over", "#out"):
        box = shown.locator(button).bounding_box()
        assert box["x"] >= 0, button
        assert box["x"] + box["width"] <= 390, button


def test_a_rule_that_begins_with_blank_lines_is_shown_from_its_first(browser):
    shown = browser.open(page(trace(Rule.from_source("\n" * 8 + COUNT), 2)))
    assert texts(shown, "#rule .line")[0].split("\n")[-1].endswith("def count(n):")
    assert shown.get_attribute("#rule .current", "data-line") == "9"
    shown.click("#rule .line[data-line='12']")
    assert words(shown, "#rule .current") == ["total += n"]


FAILURES = {
    "def f(n):\n    m = n\n    return 1 // n\n": "The rule raised ZeroDivisionError: ",
    "def f(n):\n    while True:\n        n += 1\n": "The run was stopped at the limit of steps.",
    "def f(n):\n    return open('/etc/passwd')\n": "tried to reach outside",
    "def f(:\n": "The source is no rule that can be run.",
    "def f(a, b):\n    return a\n": "The input does not fit the rule.",
}


@pytest.mark.parametrize("source", FAILURES)
def test_a_run_that_failed_is_shown_as_far_as_it_came(browser, source):
    record = run(source, "0", limits=Limits(steps=50))
    shown = browser.open(page(record))
    assert FAILURES[source] in shown.inner_text("#notes")
    assert texts(shown, "#rule .words")[0] == source.split("\n")[0]
    if record["steps"]:
        shown.keyboard.press("End")
        assert shown.locator("#rule .current").count() == 1
    else:
        assert shown.inner_text("#position") == "no steps"
        for key in ("ArrowRight", "End", "n", "w"):
            shown.keyboard.press(key)
        shown.fill("#words", "nothing")
