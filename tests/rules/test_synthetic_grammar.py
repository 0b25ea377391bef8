"""Rules drawn from the grammar: that they differ, that their branches and answers do."""

import ast
from collections import Counter

import pytest

from rfft.rules.synthetic import draw, loops, templates
from rfft.rules.synthetic.blocks import parse, unparse
from rfft.rules.synthetic.scope import _FILL

RULES = [draw(0, index, "grammar") for index in range(150)]


def test_programs_differ() -> None:
    assert len({rule.fingerprint for rule in RULES}) == len(RULES)


def test_they_differ_in_their_loops() -> None:
    heads = Counter(
        tuple(type(node).__name__ for node in ast.walk(ast.parse(rule.text))) for rule in RULES
    )
    assert len(heads) > 0.95 * len(RULES)


def test_answers_vary() -> None:
    for rule in RULES[:40]:
        write = rule.rule.writer("direct")
        answers = {write(*rule.arguments(7, index=index)).answer for index in range(20)}
        assert len(answers) > 4, rule.text


def test_nearly_all_are_compiled() -> None:
    compiled = [rule.rule.writer("rfft")._compiled.run(rule.arguments(6), {}) for rule in RULES]
    assert compiled.count(None) < 0.05 * len(RULES)


def test_branches_are_reached() -> None:
    unreached = 0
    for rule in RULES[:60]:
        lines: set[int] = set()
        names: dict[str, object] = {}
        exec(compile(_marked(rule.text), "<marked>", "exec"), {"mark": lines.add}, names)
        for index in range(40):
            names[rule.function](*rule.arguments(1 + index % 15, index=index))  # type: ignore[operator]
        unreached += len(set(range(rule.text.count(":\n"))) - lines)
    assert unreached <= 6


def _marked(text: str) -> str:
    """Return a program whose blocks say that they are reached."""
    lines: list[str] = []
    count = 0
    for line in text.split("\n"):
        lines.append(line)
        if line.endswith(":"):
            lines.append(f"{' ' * (len(line) - len(line.lstrip()) + 4)}mark({count})")
            count += 1
    return "\n".join(lines)


def test_nothing_is_unused() -> None:
    for rule in RULES:
        tree = ast.parse(rule.text)
        read = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        assert read >= set(rule.parameters), rule.text


@pytest.mark.parametrize("rule", RULES[:20], ids=lambda rule: rule.id)
def test_blocks_round_trip(rule: object) -> None:
    lines = rule.text.rstrip("\n").split("\n")  # type: ignore[attr-defined]
    assert unparse(parse(lines)) == lines


def test_every_hole_can_be_filled() -> None:
    tables = (templates.NUMBERS, templates.TESTS, templates.STEPS)
    found = {hole for table in tables for text in table for hole in _holes(text)}
    assert found <= set(_FILL)
    assert {hole for form in loops.INNER for hole in form.uses} <= set(_FILL)


def _holes(text: str) -> list[str]:
    return [part.split("}")[0] for part in text.split("{")[1:]]
