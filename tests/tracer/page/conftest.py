import pytest

from .browser import Browser


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
