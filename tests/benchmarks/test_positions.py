import random

import pytest

torch = pytest.importorskip("torch", reason="needs the extra `train`")
pytest.importorskip("transformers", reason="needs the extra `train`")


from . import positions  # noqa: E402


def test_a_bias_hides_what_comes_later():
    for bias, heads in ((positions.alibi(0.5, 0.1), 2), (positions.hard_alibi(3), 4)):
        added = bias(6)
        assert added.shape == (1, heads, 6, 6)
        later = torch.ones(6, 6, dtype=torch.bool).triu(1)
        assert bool((added[0, :, later] == -torch.inf).all())
        assert bool((added[0, 1, ~later] > -torch.inf).all())
    assert added[0, 0, 5].tolist() == [-torch.inf] * 3 + [0] * 3


def test_only_what_can_be_known_is_learnt():
    ids, labels = positions.recall(random.Random(4), longest=6, tokens=300)
    assert len(ids) == len(labels) >= 300
    assert all(label in (-100, token) for token, label in zip(ids, labels, strict=True))
    first_lines = positions.TOKENIZER.decode(ids).splitlines(keepends=True)[:2]
    new = positions.TOKENIZER("".join(first_lines))["input_ids"]
    assert set(labels[: len(new)]) == {-100}
    assert any(label != -100 for label in labels)


@pytest.mark.slow
def test_a_model_learns():
    model = positions.make_model("tiny", seed=0, hidden_size=32, num_hidden_layers=2)
    samples = [positions.recall(random.Random(n), 3, 60) for n in range(4)]
    before = positions.shares(model, samples, 1.0)[1]
    positions.train(model, samples, tokens=2e4, rate=4e-3, randomised=False, seed=0)
    assert positions.shares(model, samples, 1.0)[1] > before + 0.1
