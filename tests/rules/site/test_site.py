"""The static site: its files, its pages in a browser, and the playground with Pyodide."""

import base64
import functools
import http.server
import json
import os
import re
import threading
import zipfile

import pytest

from rfft.rules.site.build import fragment, write_playground
from rfft.rules.site.cli import PYODIDE as ELSEWHERE
from rfft.rules.site.cli import app
from rfft.tracer import Rule, check, trace
from rfft.tracer.commands.app import run_app
from rfft.tracer.styles.loading import built_in

PYODIDE = os.environ.get("RFFT_PYODIDE", "")
WITH_PYODIDE = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not PYODIDE,
        reason="RFFT_PYODIDE names no folder of Pyodide (npm install pyodide@314.0.7)",
    ),
]
RULE = """\
def count(n):
    total = 0
    while n:
        total += n
        n -= 1
    return total
"""
ENDLESS = "def rule(n):\n    while True:\n        n += 1\n"


def make(folder, *options):
    return run_app(app, "rfft site", ["--output", str(folder), *options])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return a site with Pyodide, if that is there."""
    folder = tmp_path_factory.mktemp("made") / "site"
    assert make(folder, *(("--pyodide", PYODIDE) if PYODIDE else ())) == 0
    return folder


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *about):
        pass


@pytest.fixture(scope="module")
def address(site):
    handler = functools.partial(Quiet, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def visit(chromium, address):
    """Return what opens a page of the site; nothing is asked of any other place."""
    context = chromium.new_context()
    troubles = []

    def opened(path, width=1280):
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 844})
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                asked.url.startswith(
                    (address, "data:", "about:", *([] if PYODIDE else [ELSEWHERE]))
                )
                or troubles.append(asked.url)
            ),
        )
        page.goto(f"{address}/{path}")
        return page

    context.route(f"{ELSEWHERE}**", lambda route: route.abort())  # as without a network

    yield opened
    context.close()
    assert troubles == []


def test_every_task_is_listed_and_has_its_page(site):
    index = (site / "index.html").read_text()
    places = re.findall(r'href="(tasks/[^"]+)"', index)
    assert len(places) == len(set(places)) == 88
    assert all((site / place).is_file() for place in places)
    wishes = re.findall(r'href="playground\.html#([^"]+)"', index)
    wish = json.loads(base64.urlsafe_b64decode(wishes[0] + "=" * (-len(wishes[0]) % 4)))
    Rule.from_source(wish["rule"], wish["function"])
    assert len(wishes) == 88


def test_what_the_browser_runs_is_all_of_the_tracer(site):
    with zipfile.ZipFile(site / "tracer.zip") as archive:
        names = set(archive.namelist())
    assert {"playground.py", "rfft/tracer/page/page.js", "rfft/tracer/plan/planner.py"} <= names
    assert "astor/code_gen.py" in names
    assert not any("__pycache__" in name for name in names)


def test_a_task_in_each_style_at_several_lengths(site, chromium):
    page = chromium.new_page()
    page.goto((site / "tasks" / "leetcode_283.html").as_uri())
    page.wait_for_selector("#position:not(:empty)")
    listed = page.locator("#view option").all_inner_texts()
    expected = [f"{style}, length {n}" for style in built_in() for n in (2, 5, 10)]
    assert [option.partition(": ")[2] for option in listed] == expected
    assert "Move zero" in page.title() or "move zero" in page.title()
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_fit_a_phone(visit, width):
    for path in ("index.html", "playground.html"):
        shown = visit(path, width)
        assert shown.evaluate("document.documentElement.scrollWidth") <= width


def test_a_folder_that_is_there_is_left_alone(tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    assert make(tmp_path) == 2
    assert "is there already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("place", ["nowhere", "."])
def test_a_folder_without_pyodide_is_refused(tmp_path, capsys, place):
    assert make(tmp_path / "site", "--pyodide", str(tmp_path / place)) == 2
    assert "npm install pyodide" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_url_of_pyodide_is_kept_as_it_is(tmp_path):
    write_playground(tmp_path, 'https://example.org/a"b')
    text = (tmp_path / "playground.html").read_text()
    assert 'data-pyodide="https://example.org/a&quot;b/"' in text
    assert not (tmp_path / "pyodide").exists()


def status(shown, words, timeout=60_000):
    shown.wait_for_function(
        "words => document.getElementById('status').textContent.includes(words)",
        arg=words, timeout=timeout,
    )  # fmt: skip


class TestPlayground:
    pytestmark = WITH_PYODIDE

    @pytest.mark.parametrize("width", [390, 1280])
    def test_a_rule_is_traced_in_the_browser(self, visit, width):
        shown = visit("playground.html", width)
        shown.fill("#rule", RULE)
        shown.fill("#input", "3")
        shown.select_option("#style", "natural")
        shown.click("text=Trace >> nth=0")
        status(shown, "traced")
        true = trace(Rule.from_source(RULE), 3)
        assert shown.locator("#response").text_content() == true.response("natural")
        assert shown.locator("#prompt").text_content() == true.prompt("natural")
        stepper = shown.frame_locator("#stepper")
        stepper.locator("#position:not(:empty)").wait_for()
        stepper.locator("#last" if width > 500 else "#forward").click()
        assert shown.evaluate("document.documentElement.scrollWidth") <= width

    def test_a_text_is_checked(self, visit):
        shown = visit("playground.html")
        true = trace(Rule.from_source(RULE), 3).response()
        wrong = true.replace("total = 0 + 3 = 3", "total = 0 + 3 = 4")
        shown.fill("#rule", RULE)
        shown.fill("#input", "3")
        shown.click("summary")
        shown.fill("#text", wrong)
        shown.click("button[type=submit]")
        verdict = check(Rule.from_source(RULE), (3,), wrong)
        status(shown, f"wrong at line {verdict.line}: wrong arithmetic")
        slip = shown.frame_locator("#stepper").locator("#given .slip")
        assert slip.inner_text() == "4"
        shown.fill("#text", true)
        shown.click("button[type=submit]")
        status(shown, "right: ")

    def test_a_link_brings_a_rule_which_waits(self, visit):
        shown = visit(f"playground.html#{fragment({'rule': RULE, 'input': '4', 'style': 'rfft'})}")
        assert shown.input_value("#rule") == RULE
        assert "press Trace" in shown.inner_text("#status")
        shown.click("button[type=submit]")
        status(shown, "traced")
        assert "So the answer is 10" in shown.inner_text("#response")
        again = visit(shown.url.rpartition("/")[2])
        assert again.input_value("#input") == "4"

    @pytest.mark.parametrize(
        ("rule", "given", "words"),
        [
            ("def f(:\n", "1", "line 1"),
            (RULE, "1, 2", "argument"),
            (RULE, "open()", "literal"),
            ("", "", "function"),
        ],
    )
    def test_what_is_refused_is_told(self, visit, rule, given, words):
        shown = visit("playground.html")
        shown.fill("#rule", rule)
        shown.fill("#input", given)
        shown.click("button[type=submit]")
        shown.wait_for_selector("#status.bad", timeout=60_000)
        assert words in shown.inner_text("#status")

    def test_a_rule_that_does_not_end_is_ended(self, visit):
        shown = visit("playground.html")
        shown.fill("#rule", ENDLESS)
        shown.fill("#input", "0")
        shown.click("button[type=submit]")
        status(shown, "traced")
        notes = shown.frame_locator("#stepper").locator("#notes")
        assert "limit of steps" in notes.inner_text()


@pytest.mark.parametrize("damaged", ["%%%", "bm90IGpzb24", "bnVsbA"])
def test_a_damaged_link_is_told(visit, damaged):
    shown = visit(f"playground.html#{damaged}")
    assert shown.inner_text("#status") != ""
    assert shown.locator("#rule").input_value() != "undefined"


def test_pyodide_that_is_not_there_is_told(tmp_path, chromium):
    write_playground(tmp_path, "http://127.0.0.1:9/")
    handler = functools.partial(Quiet, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = chromium.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/playground.html")
        page.wait_for_selector("#status.bad")
        page.close()
        server.shutdown()
