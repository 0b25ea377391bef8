"""A page as a part of another one, such as the output of a notebook's cell."""

import html

_LOWEST, _HIGHEST = 440, 720  # pixels
_AROUND, _LINE = 160, 24

# A page goes by the system, light or dark; a notebook may have a theme of its own. What tells is
# the colour behind the frame. The page cannot look at what is around it, so it is told.
_LIKE_AROUND = """
this.onload = null;
let dark = matchMedia("(prefers-color-scheme: dark)").matches;
for (let around = this.parentElement; around; around = around.parentElement) {
  const [red, green, blue, opaque = 1] =
    getComputedStyle(around).backgroundColor.match(/[\\d.]+/g).map(Number);
  if (opaque > 0) {
    dark = 0.3 * red + 0.6 * green + 0.1 * blue < 128;
    break;
  }
}
this.srcdoc = this.srcdoc.replace("<html", `<html data-theme="${dark ? "dark" : "light"}"`);
"""


def framed(page: str, lines: int) -> str:
    """Return a page in a frame that can reach nothing around it, high enough for so many lines.

    It is light or dark as what is around it.
    """
    height = min(max(_AROUND + _LINE * lines, _LOWEST), _HIGHEST)
    return (
        f'<iframe title="Trace" sandbox="allow-scripts" srcdoc="{html.escape(page)}" '
        f'onload="{html.escape(_LIKE_AROUND.strip())}" '
        f'style="width: 100%; height: {height}px; border: 0; border-radius: 8px"></iframe>'
    )
