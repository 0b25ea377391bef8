"""The styles that tests go through: all built-in ones, and some of users, by their files."""

from pathlib import Path

from rfft.tracer.styles import built_in, load

_HERE = Path(__file__).parent
_USERS = _HERE / "tracer/styles/data/styles"

BUILT_IN = built_in()
TRACING = tuple(name for name in BUILT_IN if load(name).has_trace)
"""Those whose responses hold more than the answer."""
RECITING = ("rfft", "rfft-icl", "granular", "natural")
"""Those whose responses hold the lines of the rule."""

OWN = str(_HERE / "own_style.py")
TERSE = str(_HERE.parent / "examples/styles/terse.py")
WORDY, SPARSE = (str(_USERS / f"{name}.py") for name in ("wordy", "sparse"))
