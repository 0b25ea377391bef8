import pytest

torch = pytest.importorskip("torch", reason="needs the extra `train`")
pytest.importorskip("transformers", reason="needs the extra `train`")

from rfft.train import attention  # noqa: E402
from rfft.train.models import make_model  # noqa: E402


def logits_and_gradients(model, ids):
    model.zero_grad()
    logits = model(ids, use_cache=False).logits
    logits[:, ::3].logsumexp(-1).sum().backward()
    return logits, [weight.grad.clone() for weight in model.parameters()]


@pytest.mark.parametrize("length", [1, 7, 8, 9, 16, 43, 256, 300])
@pytest.mark.parametrize("keys", [1, 2, 4])
def test_blocks_say_what_a_masked_window_says(length, keys):
    model = make_model("tiny", seed=0, sliding_window=8, num_key_value_heads=keys, copies=False)
    ids = torch.randint(2, 300, (3, length), generator=torch.Generator().manual_seed(length))
    model.set_attn_implementation("sdpa")
    logits, gradients = logits_and_gradients(model, ids)
    model.set_attn_implementation(attention.register())
    ours, own_gradients = logits_and_gradients(model, ids)
    torch.testing.assert_close(ours, logits, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(own_gradients, gradients, rtol=1e-3, atol=1e-3)
