"""The programs that corpora are exported for take them: each is tried where it is installed.

The extras `harness` and `trainers` have lm-evaluation-harness and MLX-LM; verl wants an environment
of its own: ``pip install --no-deps verl``, and what its imports ask for.
"""

import json
import types
from dataclasses import replace
from pathlib import Path

import pytest

from rfft.rules.corpus import export, exporting, plan, reading
from rfft.rules.corpus.encoding import encode_prompt, encode_rows
from rfft.train.training import train

from ..train.small import byte_tokenizer, corpus_in, plan_for
from .small import run

pytestmark = pytest.mark.slow


def exported(corpus, target, folder):
    exporting.export([corpus], export.load(target), folder)
    of = plan.read(corpus)
    return [row for shard in range(len(of.shards)) for row in reading.rows(of, corpus, shard)]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return corpus_in(tmp_path_factory.mktemp("exported"), side="test", per_length=8)


@pytest.fixture(scope="module")
def chat_model(tmp_path_factory):
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("chat")
    tokenizer = byte_tokenizer(chat=True)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=2, max_position_embeddings=8192, eos_token_id=2, bos_token_id=1,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def harness(model: Path, folder: Path, task: str, **more):
    """Have lm-evaluation-harness do a task; return its results and the samples."""
    lm_eval = pytest.importorskip("lm_eval")
    from lm_eval.tasks import TaskManager

    done = lm_eval.simple_evaluate(
        model="hf", model_args=f"pretrained={model}", tasks=[task], device="cpu", batch_size=4,
        task_manager=TaskManager(include_path=str(folder)), bootstrap_iters=0, **more,
    )  # fmt: skip
    return done["results"][task], done["samples"][task]


def test_lm_evaluation_harness_scores_as_rfft_eval_does(tmp_path, monkeypatch):
    pytest.importorskip("lm_eval")
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "datasets"))
    corpus = corpus_in(tmp_path, side="test", style="direct", lengths=(1, 2), per_length=4)
    half = plan_for(tmp_path, corpus, "tiny", style="direct", epochs=25, learning_rate=2e-3)
    half = replace(half, any_side=True)
    train(half)  # on the questions themselves, and not to the end: some answers are right
    exported(corpus, "lm-eval", tmp_path / "exam")
    results, samples = harness(half.out, tmp_path / "exam", "rfft_exam")
    assert run("--model", half.out, "--corpus", corpus, "--out", tmp_path / "out").returncode == 0
    ours = [json.loads(line) for line in (tmp_path / "out/scores.jsonl").open()]
    right = {score["id"]: score["right"] for score in ours}
    assert sum(right.values()) > 0
    assert {s["doc"]["id"]: bool(s["acc"]) for s in samples} == right
    assert results["acc,none"] == pytest.approx(sum(right.values()) / len(right))
    for length in (1, 2):
        of_length = [s["acc"] for s in samples if s["doc"]["length"] == length]
        mean = sum(of_length) / len(of_length)
        assert results[f"acc_length_{length},none"] == pytest.approx(mean)
    answers = [json.loads(line) for line in (tmp_path / "out/answers.jsonl").open()]
    texts = {answer["id"]: answer["text"] for answer in answers if answer["finish"] == "stop"}
    assert texts
    for sample in samples:
        name = sample["doc"]["id"]
        assert name not in texts or sample["resps"][0][0] == texts[name]


def test_the_harness_asks_a_chat_model_as_rfft_eval_does(corpus, chat_model, tmp_path, monkeypatch):
    pytest.importorskip("lm_eval")
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "datasets"))
    rows = {row["id"]: row for row in exported(corpus, "lm-eval", tmp_path / "exam")}
    _, samples = harness(
        chat_model, tmp_path / "exam", "rfft_exam_chat", apply_chat_template=True, limit=3,
        gen_kwargs="max_gen_toks=2",
    )  # fmt: skip
    tokenizer = byte_tokenizer(chat=True)
    assert len(samples) == 3
    for sample in samples:
        asked = sample["arguments"][0][0]
        ids = tokenizer(asked, add_special_tokens=False)["input_ids"]
        assert ids == encode_prompt(tokenizer, rows[sample["doc"]["id"]]["prompt"])


def test_mlx_learns_the_response_alone(corpus, chat_model, tmp_path):
    datasets = pytest.importorskip("mlx_lm.tuner.datasets")
    yaml = pytest.importorskip("yaml")
    from mlx_lm.utils import load

    rows = exported(corpus, "mlx", tmp_path / "made")
    settings = yaml.safe_load((tmp_path / "made/lora.yaml").read_text())
    asked = types.SimpleNamespace(data=tmp_path / "made", train=False, test=True, **settings)
    _, tokenizer = load(str(chat_model))
    *_, made = datasets.load_dataset(asked, tokenizer)
    assert len(made) == len(rows)
    for number, sample in enumerate(encode_rows(byte_tokenizer(chat=True), rows)):
        ids, learnt_from = made.process(made[number])
        assert learnt_from == len(sample.prompt)
        assert ids[: len(sample.input_ids)] == sample.input_ids
        assert len(ids) <= settings["max_seq_length"]


def test_verl_reads_the_rows_and_calls_the_reward(corpus, tmp_path, monkeypatch):
    pytest.importorskip("verl")
    import torch
    from omegaconf import OmegaConf
    from verl import DataProto
    from verl.trainer.ppo.reward import load_reward_manager
    from verl.utils.dataset.rl_dataset import RLHFDataset, collate_fn

    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "datasets"))
    rows = exported(corpus, "verl", tmp_path / "made")
    tokenizer = byte_tokenizer(chat=True)
    said = {"max_prompt_length": 4096, "cache_dir": str(tmp_path / "cache")}
    data = RLHFDataset(
        data_files=[str(tmp_path / "made/test.parquet")], tokenizer=tokenizer,
        config=OmegaConf.create(said),
    )  # fmt: skip
    assert len(data) == len(rows)
    custom = {"path": str(tmp_path / "made/reward.py"), "name": "compute_score"}
    reward = {
        "custom_reward_function": custom,
        "reward_manager": {"source": "register", "name": "naive"},
    }
    manager = load_reward_manager(OmegaConf.create({"reward": reward, "data": {}}), tokenizer)

    def score(number, text):
        ids = torch.tensor([tokenizer(text, add_special_tokens=False)["input_ids"]])
        made = {"responses": ids, "attention_mask": torch.ones_like(ids)}
        batch = DataProto.from_single_dict({**made, **collate_fn([data[number]])})
        return manager.loop.run_until_complete(manager.run_single(batch))["reward_score"]

    for number in (0, len(rows) - 1):
        text = rows[number]["completion"]
        assert score(number, text) == 1.0
        assert 0 < score(number, text[: len(text) // 2]) < 0.9
