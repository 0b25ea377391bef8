"""Recipes hold the paper's numbers, and each can be another."""

import pytest

from rfft.train import recipe
from rfft.train.errors import TrainingRejected


@pytest.mark.parametrize("name", recipe.FILES.names())
def test_recipes_are_whole_and_read_like_files_for_people(name):
    made = recipe.load(name)
    assert made.recipe == name
    text = (recipe.FILES.folder / f"{name}.toml").read_text()
    assert text.startswith("# ")
    assert "Corpus: " in text


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("rf-pretrain-full", {"learning_rate": 1e-5, "batch": 256, "max_steps": 800, "epochs": 1}),
        ("rf-pretrain-pissa", {"pissa_rank": 32, "max_steps": 700}),
        ("adapt-pissa", {"pissa_rank": 8, "learning_rate": 1e-5, "batch": 32, "epochs": 1}),
        ("vanilla", {"pissa_rank": 8, "batch": 32, "style": "rfft"}),
        ("scratchpad", {"pissa_rank": 8, "style": "scratchpad"}),
        ("direct", {"pissa_rank": 8, "style": "direct"}),
        ("icl", {"style": "rfft-icl", "epochs": 1}),
    ],
)
def test_numbers_of_the_paper(name, numbers):
    made = recipe.load(name)
    assert {field: getattr(made, field) for field in numbers} == numbers


def test_adaptation_takes_the_steps_of_the_paper():
    import numpy as np

    from rfft.train.batching import Order

    made = recipe.load("adapt-pissa")
    assert Order(np.arange(5000), made.batch, made.epochs, 0).steps == 156


def test_each_number_can_be_another():
    made = recipe.load("adapt-pissa", learning_rate=2e-4, pissa_rank=None, compile=True)
    assert (made.learning_rate, made.pissa_rank, made.compile) == (2e-4, 8, True)


def test_a_recipe_of_ones_own(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('style = "rfft"\nlearning_rate = 1\nbatch = 2\ncontext = 9\nmicro_tokens = 9\n')
    assert recipe.load(str(path)).batch == 2


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("batch = ", "Invalid value"),
        ("speed = 1", "there is no speed; there are style, "),
        ('batch = "8"', "batch cannot be '8'"),
        ("batch = true", "batch cannot be True"),
        ("batch = 8", "says nothing of style, learning_rate, context, micro_tokens"),
    ],
)
def test_files_that_are_no_recipes(text, line, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(TrainingRejected, match=line):
        recipe.load(str(path))


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"batch": 0}, "batch must be 1 or more, not 0"),
        ({"seed": -1}, "seed must be 0 or more"),
        ({"learning_rate": 0.0}, "learning_rate cannot be 0.0"),
        ({"schedule": "step"}, "no schedule 'step'; there are constant, linear, cosine"),
        ({"precision": "fp8"}, "no precision 'fp8'"),
        ({"too_long": "cut"}, "no too_long 'cut'; there are error, skip"),
    ],
)
def test_numbers_that_cannot_be(changes, line):
    with pytest.raises(TrainingRejected, match=line):
        recipe.load("adapt-pissa", **changes)
