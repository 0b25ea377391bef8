import pytest

from .browser import CHROMIUM, OPTIONS, Browser


@pytest.fixture(scope="session")
def chromium():
    """Return a running Chromium; tests that need it are skipped where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def browser(chromium, tmp_path):
    """Return what opens pages; nothing may go wrong on them, and nothing be fetched."""
    browser = Browser(chromium, tmp_path)
    yield browser
    assert browser.troubles == []
    assert all(
        url.startswith("file:") and url.partition("#")[0].endswith("/page.html")
        for url in browser.requests
    )
    for context in chromium.contexts:
        context.close()
