"""Style `direct`: the question and the answer alone."""

from . import Style


class Direct(Style):
    """The direct-answer baseline."""

    name = "direct"
    has_rule = False
    has_trace = False
    opening = bridge = "Answer the question."

    def task(self, source: str, question: str) -> str:
        return f"Q: {question}"
