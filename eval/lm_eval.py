"""What lm-evaluation-harness calls for the tasks that `rfft corpus export --to lm-eval` writes."""

from collections.abc import Mapping, Sequence
from typing import Any

from .scoring import score_row


def process_results(doc: Mapping[str, Any], results: Sequence[str]) -> dict[str, float]:
    """Return the accuracy, 1 or 0, of the text for a row, and the same by the row's length.

    `doc` has the columns of a row of a corpus. How the text has ended is not known: one that was
    cut counts by what it has.
    """
    right = float(score_row(doc, results[0]).right)
    return {"acc": right, f"acc_length_{doc['length']}": right}
