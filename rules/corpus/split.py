"""Which side of the split an instance belongs to: training, validation or test.

A hash of the rule and the arguments decides, before anything is sampled. So two corpora of
different sides share no instance, whatever their seeds, counts, styles and lengths are, and
whenever they are made. For that to hold the shares are no option.
"""

from collections.abc import Sequence
from hashlib import blake2b

from rfft.tracer import Rule

from ..fingerprints import fingerprint

SHARES = {"test": 0.2, "validation": 0.1, "train": 0.7}
"""Which part of all instances each side gets."""

ALL = "all"
"""What stands for all sides, of a corpus that keeps none apart."""

_WHOLE = 1 << 64


def identity(rule: str) -> str:
    """Return what two rules share if they are one program under other names; from a prompt's rule.

    Raises SourceRejected.
    """
    return fingerprint(Rule.from_source(rule))


def key(rule: str, arguments: Sequence[str]) -> bytes:
    """Return the hash of an instance; `rule` is the rule's `identity`."""
    text = "\0".join((rule, *arguments))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def side(key: bytes) -> str:
    """Return the side of the instance with this key."""
    place = int.from_bytes(key[:8], "big") / _WHOLE
    for name, share in SHARES.items():
        place -= share
        if place < 0:
            return name
    return "train"


def slice_of(key: bytes, slices: int) -> int:
    """Return which of so many slices of a cell has the instance with this key."""
    return int.from_bytes(key[8:], "big") % slices
