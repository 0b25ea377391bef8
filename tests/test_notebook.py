"""The example notebook runs in a real kernel, and a real browser shows what comes out."""

import json
import re
from html import unescape
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def outputs():
    """Return the outputs of the notebook's cells of code, one after the other."""
    nbformat = pytest.importorskip("nbformat", reason="nbclient is not installed")
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    notebook = nbformat.read(ROOT / "examples/notebook.ipynb", as_version=4)
    asked = [
        "%%rfft\nx = 1", "%%rfft --input a\ndef f(n): return n", "%%rfft --style no\nx = 1",
        "%%rfft --input 1, 2\ndef f(n): return n", "%%rfft\n1 / 0\ndef f(): return 1",
        "%%rfft --input '\"a\"' --question Why? --function f\ndef f(a): return a\ndef g(): 0",
        "_",
    ]  # fmt: skip
    notebook.cells += [nbformat.v4.new_code_cell(cell) for cell in asked]
    client = nbclient.NotebookClient(notebook, timeout=60, allow_errors=True, kernel_name="python3")
    client.execute()
    return [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]


def pages(outputs):
    """Return the frames among outputs."""
    data = [o["data"] for cell in outputs for o in cell if "data" in o]
    return [one["text/html"] for one in data if "text/html" in one]


def test_each_kind_of_cell_shows_its_trace(outputs):
    assert not any(o.output_type == "error" for cell in outputs[:8] for o in cell)
    assert len(pages(outputs)) == 7
    text = outputs[1][0]["text"]
    assert text.index("def move_zeroes") < text.index("def fill") < text.index("So the answer is")
    assert outputs[3][0]["text"].startswith("wrong at line ")
    told = [o["data"]["text/plain"] for cell in outputs for o in cell if "data" in o]
    assert told[3].endswith("So the answer is [0, 1].")  # in the style that was asked for
    assert "self.items = [1, 2]" in told[4]


def test_what_the_magic_cannot_trace_is_one_line(outputs):
    said = [o.get("text", "") for cell in outputs[8:13] for o in cell]
    assert said[0] == "UsageError: the source has no function to follow\n"
    assert all(re.fullmatch(r"UsageError: [^\n]+\n", line) for line in said[:4])
    assert [o.get("ename") for o in outputs[12]] == ["ZeroDivisionError"]
    assert "Q: Why?" in outputs[13][0]["data"]["text/plain"]
    assert outputs[14][0]["data"]["text/plain"] == outputs[13][0]["data"]["text/plain"]


@pytest.mark.parametrize(
    ("ground", "scheme", "dark"), [("#fff", "dark", False), ("#111", "light", True)]
)
def test_a_frame_is_as_light_as_the_notebook(outputs, chromium, tmp_path, ground, scheme, dark):
    troubles = []
    first, wrong = pages(outputs)[:2]
    (tmp_path / "page.html").write_text(f'<body style="background: {ground}">{first}{wrong}')
    page = chromium.new_page(viewport={"width": 900, "height": 800}, color_scheme=scheme)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text))
    page.goto((tmp_path / "page.html").as_uri())
    for number in (0, 1):
        frame = page.frame_locator("iframe").nth(number)
        frame.locator(
            f':root[data-theme="{"dark" if dark else "light"}"] #position:not(:empty)'
        ).wait_for()
    assert page.frame_locator("iframe").nth(1).get_by_text("Wrong at line").is_visible()
    frame = page.frame_locator("iframe").nth(0)
    frame.locator("#forward").click()
    assert frame.locator("#position").inner_text().startswith("2 / ")
    heights = [page.locator("iframe").nth(n).bounding_box()["height"] for n in (0, 1)]
    assert all(400 < height <= 720 for height in heights)
    page.close()
    assert troubles == []


def test_a_frame_can_reach_nothing_and_holds_the_page_as_text(outputs):
    for frame in pages(outputs):
        assert frame.startswith('<iframe title="Trace" sandbox="allow-scripts" srcdoc="')
        inner = unescape(re.search(r'srcdoc="([^"]*)"', frame)[1])
        assert inner.startswith("<!doctype html>")
        assert re.search(r'<script type="application/json" id="titles">(.*?)</script>', inner)


def test_the_notebook_is_kept_without_outputs():
    cells = json.loads((ROOT / "examples/notebook.ipynb").read_text())["cells"]
    assert all(cell.get("outputs", []) == [] for cell in cells)
