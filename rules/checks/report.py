"""What a check has found about one task; plain data that travels between processes."""

from dataclasses import asdict, dataclass, field
from typing import Any

SHOWN_LENGTHS = (1, 5, 15, 30)
"""The lengths at which the size of a trace is reported, where a task has them."""

NOT_COMPILED = "the rule is not compiled"
"""How the note begins that is shown in any case."""


@dataclass
class BranchReport:
    """A branch and the lengths at which generated inputs reached it.

    `state` is one of

    - ``reached``: by a generated input;
    - ``unsampled``: by no generated input, but by the one in `example`, which was found by changing
      generated ones;
    - ``unreached``: by nothing that was tried; perhaps nothing can;
    - ``unreachable``: the source alone shows that nothing can (``while True`` does not fail).
    """

    line: int
    source: str
    outcome: str
    state: str
    lengths: list[int]
    example: str = ""

    def __str__(self) -> str:
        return f"line {self.line}, `{self.source}` {self.outcome}"


@dataclass
class Report:
    """What was found about one task. It passes if there are no `failures`."""

    id: str
    path: str
    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    inputs: int = 0  # how many were run
    compared: int = 0  # how many answers the oracle has confirmed
    characters: dict[str, int] = field(default_factory=dict)  # of a response, by length: the mean
    steps: dict[str, float] = field(default_factory=dict)  # by length: the mean
    branches: list[BranchReport] = field(default_factory=list)
    digest: str = ""  # of inputs and questions
    again: list[str] = field(default_factory=list)  # inputs on which the rule is to run again
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        return not self.failures

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain JSON data."""
        return {"passed": self.passed, **asdict(self)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Report":
        """Return the report that `to_json` has written down."""
        rest = {k: v for k, v in data.items() if k not in ("passed", "branches")}
        return cls(**rest, branches=[BranchReport(**b) for b in data["branches"]])
