"""What is found to be false, missing or misleading."""

from dataclasses import dataclass

KINDS = (
    "false value", "false equation", "not restated", "unchanged under now", "missing change",
    "unstated read", "recital", "control", "empty value", "unwritable line",
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One alarm: its kind, the line of the text (0: the JSON alone), what was expected."""

    kind: str
    line: int
    expected: str
    found: str = ""
    where: str = "text"

    def __str__(self) -> str:
        found = f"; found: {self.found}" if self.found else ""
        return f"{self.where} line {self.line}: {self.kind}: {self.expected}{found}"
