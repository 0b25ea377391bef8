import pytest

torch = pytest.importorskip("torch", reason="needs the extra `train`")
transformers = pytest.importorskip("transformers", reason="needs the extra `train`")

from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: E402

from rfft.train.models import SIZES, make_model  # noqa: E402
from rfft.train.tokenizer import make_tokenizer  # noqa: E402


def same(a, b):
    return all(torch.equal(p, q) for p, q in zip(a.parameters(), b.parameters(), strict=True))


def test_a_seed_gives_the_same_weights_and_leaves_torch_alone():
    torch.manual_seed(3)
    before = torch.random.get_rng_state()
    model = make_model("tiny", seed=1)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert same(model, make_model("tiny", seed=1))
    assert not same(model, make_model("tiny", seed=2))


def test_a_checkpoint_loads_with_transformers_alone(tmp_path):
    model, tokenizer = make_model("tiny", seed=0).eval(), make_tokenizer()
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    loaded = AutoModelForCausalLM.from_pretrained(tmp_path).eval()
    spelled = AutoTokenizer.from_pretrained(tmp_path)
    assert not list(tmp_path.glob("*.py"))
    text = "num = 15 <eos>\n" * 20
    ids = tokenizer(text, return_tensors="pt")["input_ids"]
    assert spelled(text)["input_ids"] == ids[0].tolist()
    assert spelled.decode(ids[0]) == text
    assert (spelled.eos_token_id, spelled.pad_token_id) == (
        loaded.config.eos_token_id,
        loaded.config.pad_token_id,
    )
    assert loaded.generation_config.eos_token_id == tokenizer.eos_token_id
    with torch.no_grad():
        assert torch.equal(model(ids).logits, loaded(ids).logits)


@pytest.mark.parametrize("size", SIZES)
def test_a_model_has_room_for_the_vocabulary_and_no_more(size):
    model = make_model(size, seed=0)
    assert model.get_input_embeddings().weight.shape[0] == len(make_tokenizer())


def test_generation_with_a_cache_says_what_the_whole_text_says():
    model = make_model("tiny", seed=0).eval()
    prompt = torch.randint(2, 300, (2, 60), generator=torch.Generator().manual_seed(0))
    said = model.generate(
        prompt,
        attention_mask=torch.ones_like(prompt),
        max_new_tokens=20,
        do_sample=False,
        eos_token_id=None,
    )
    with torch.no_grad():
        best = model(said[:, :-1]).logits.argmax(-1)
    assert torch.equal(best[:, 59:], said[:, 60:])


@pytest.mark.parametrize("size", SIZES)
def test_a_new_model_copies_what_has_stood_above(size):
    drawn = torch.Generator().manual_seed(0)
    text = torch.randint(20, 900, (8, 40), generator=drawn).repeat(1, 2)
    with torch.no_grad():
        said = make_model(size, seed=0).eval()(text).logits.argmax(-1)
        unlaid = make_model(size, seed=0, copies=False).eval()(text).logits.argmax(-1)
    assert (said[:, 43:-1] == text[:, 44:]).float().mean() > 0.4
    assert (unlaid[:, 43:-1] == text[:, 44:]).float().mean() < 0.1


def test_a_new_model_says_what_stood_last_after_the_same_words():
    drawn = torch.Generator().manual_seed(0)
    words = torch.randint(20, 900, (50, 3), generator=drawn)
    values = torch.randint(20, 900, (50, 2, 1), generator=drawn)
    other = torch.randint(20, 900, (50, 30), generator=drawn)
    text = torch.cat((words, values[:, 0], other, words, values[:, 1], other, words), dim=1)
    with torch.no_grad():
        said = make_model("small", seed=0).eval()(text).logits[:, -1].argmax(-1)
    latest = (said == values[:, 1, 0]).float().mean()
    assert latest > 0.8


def test_settings_can_be_changed():
    model = make_model("tiny", seed=0, hidden_size=64, num_hidden_layers=2, sliding_window=8)
    assert model.config.hidden_size == 64
    assert model.config.layer_types == ["sliding_attention", "sliding_attention"]
    assert model.config.sliding_window == 8


def test_there_is_no_other_size():
    with pytest.raises(ValueError, match="no model 'huge': the sizes are tiny, small"):
        make_model("huge", seed=0)
