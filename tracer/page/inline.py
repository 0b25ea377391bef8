"""A page as a part of another one, such as the output of a notebook's cell."""

import html

_LOWEST, _HIGHEST = 440, 720  # pixels
_AROUND, _LINE = 160, 24


def framed(page: str, lines: int) -> str:
    """Return a page in a frame that can reach nothing around it, high enough for so many lines.

    It is light or dark as what is around it says that it is, or else as the system is.
    """
    height = min(max(_AROUND + _LINE * lines, _LOWEST), _HIGHEST)
    return (
        f'<iframe title="Trace" sandbox="allow-scripts" srcdoc="{html.escape(page)}" '
        f'style="width: 100%; height: {height}px; border: 0; border-radius: 8px"></iframe>'
    )
