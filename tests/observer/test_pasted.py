import pytest

from ..solutions import SOLUTIONS
from .apart import examine_apart
from .rows import Case

CASES = [(name, text) for name, one in SOLUTIONS.items() for text, _ in one.pairs]


@pytest.mark.parametrize(("name", "text"), CASES)
def test_traces_of_pasted_solutions_are_true(name: str, text: str) -> None:
    outcome = examine_apart(Case(name, SOLUTIONS[name].source, None, text))
    if name == "gen":
        assert outcome.reason == "the rule is a generator function"
    else:
        assert (outcome.reason, outcome.findings) == ("", [])
