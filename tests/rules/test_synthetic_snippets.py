"""The paper's kind of synthetic rules, against the two programs that it prints."""

from pathlib import Path
from random import Random

import pytest

from rfft.rules import TaskRejected
from rfft.rules.synthetic import SyntheticRule, draw, snippets
from rfft.rules.synthetic.snippets import SNIPPETS, Choice, ends, make

DATA = Path(__file__).parent.parent / "tracer/styles/data"
EXAMPLE = (
    *((20, False, 1), (7, True, 1), (14, True, 1), (15, True, 1), (12, True, 1), (20, False, 1)),
    *((9, False, 53), (2, True, 1)),
)
ASKED = (
    *((6, True, 1), (8, False, 63), (18, False, 9), (0, True, 9), (15, False, 1), (1, True, 96)),
    *((14, False, 1), (20, False, 1)),
)
BOTH = ([31, 22, 95, 74, 70, 55, 39, 22, 77], [53, 70, 50, 28, 15, 81, 92, 6])


def printed(choices: tuple[tuple[int, bool, int], ...], one: str, two: str) -> SyntheticRule:
    """Return a rule of the paper."""
    program = make([Choice(*choice) for choice in choices], one, two)
    return SyntheticRule("printed", "snippets", program)


def test_the_printed_prompt() -> None:
    example = printed(EXAMPLE, "ywhm", "erep")
    asked = printed(ASKED, "cybez", "eonx")
    worked = example.worked(([3], [50, 31]), "rfft-icl")
    prompt = asked.prompt(BOTH, "rfft-icl", worked)
    parts = ("d2-example-prompt.txt", "d2-example-response.txt", "d2-question.txt")
    assert prompt == "".join((DATA / part).read_text() for part in parts)


def test_the_printed_programs_end() -> None:
    for choices in (EXAMPLE, ASKED):
        assert ends([Choice(*choice) for choice in choices], BOTH)
    assert BOTH[0][:3] == [31, 22, 95]


def test_there_are_22_snippets() -> None:
    assert len(set(SNIPPETS)) == 22
    for snippet in SNIPPETS:
        compile(snippet, "<snippet>", "exec")


def test_ends_tells_what_the_program_does() -> None:
    grow = [Choice(4, False, 5), Choice(4, True, 5)]  # inserts into both lists, for ever
    assert not ends(grow, ([1], [2]))
    assert ends(grow, ([], [2]))
    assert ends([Choice(20, False, 1)], ([1, 2, 3], [2]))


def test_some_raw_programs_never_end() -> None:
    rng = Random(1)
    raw = [
        [Choice(n, rng.random() < 0.5, rng.randint(1, 99)) for n in rng.sample(range(22), 8)]
        for _ in range(400)
    ]
    endless = sum(not ends(choices, BOTH) for choices in raw)
    assert 0.15 < endless / len(raw) < 0.4


def test_programs_differ() -> None:
    rules = [draw(0, index) for index in range(150)]
    assert len({rule.fingerprint for rule in rules}) == 150


def test_inputs_that_never_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snippets, "_MOST", 0)
    with pytest.raises(TaskRejected, match=r"printed: no input of length 3 was found to end"):
        printed(EXAMPLE, "a", "b").arguments(3)
