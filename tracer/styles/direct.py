"""Style `direct`: the question and the answer alone."""

from . import Style


class Direct(Style):
    """The direct-answer baseline."""

    name = "direct"
    has_rule = False
    has_trace = False

    def prompt(self, source: str, question: str, example: tuple[str, str, str] | None) -> str:
        asked = f"Answer the question.\nQ: {question}\n"
        if example is None:
            return asked
        return f"Answer the question.\nQ: {example[1]}\n{example[2]}\n{asked}"
