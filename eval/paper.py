"""The figures of the paper that ours stand beside (12 downstream tasks, lengths 1 to 30)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Method:
    """A method with its numbers, as the paper prints them, of its 7B and its 32B model.

    Of models that come in one size only the second is given.
    """

    name: str
    accuracy_at_30: tuple[str, str]
    longest_90: tuple[str, str]


HEADLINE = (
    Method("direct answer", ("0.16", "0.30"), ("6.00", "12.67")),
    Method("scratchpad", ("0.30", "0.41"), ("7.50", "11.17")),
    Method("vanilla RFFT", ("0.40", "0.67"), ("9.33", "18.17")),
    Method("Meta-RFFT", ("0.77", "0.98"), ("21.17", "30.00")),
    Method("Meta-RFFT, one-shot, no adaptation", ("", ""), ("", "28.5")),
    Method("DeepSeek-R1-671B", ("", "0.84"), ("", "19.17")),
    Method("QwQ-32B", ("", "0.79"), ("", "19.33")),
)
