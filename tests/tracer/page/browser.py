"""Pages as a real browser shows them."""


class Browser:
    """Opens pages and keeps what goes wrong on them."""

    def __init__(self, browser, folder):
        self._browser = browser
        self._folder = folder
        self.troubles = []  # errors, messages on the console, refusals of the policy
        self.requests = []

    def open(self, html, width=1280, height=800, scheme="light", address="", motion=None):
        """Open a page from a file and return it when it is drawn."""
        file = self._folder / "page.html"
        file.write_bytes(html if isinstance(html, bytes) else html.encode())
        page = self._browser.new_page(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion=motion
        )
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda message: self.troubles.append(message.text))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(f"{file.as_uri()}{address}")
        page.wait_for_selector("#position:not(:empty)")
        return page


def texts(page, selector):
    """Return the texts of elements as a reader sees them."""
    return [text.strip() for text in page.locator(selector).all_inner_texts()]


def words(page, selector):
    """Return the texts of lines, without their numbers."""
    return texts(page, f"{selector} > .words")
