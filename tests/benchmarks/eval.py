"""What evaluation costs: answers of a model, and scores and diagnoses of answers.

python tests/benchmarks/eval.py answers                 # against `generate`, one at a time
python tests/benchmarks/eval.py answers --continuous    # and continuous batching
python tests/benchmarks/eval.py scores --answers 36000  # scoring and diagnosis
"""

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rfft.eval import diagnosis, questions, results
from rfft.eval.backends import Answer, Model, load
from rfft.eval.questions import Question, Questions
from rfft.rules.corpus import plan
from rfft.rules.corpus import settings as presets
from rfft.rules.corpus.build import build


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["answers", "scores"])
    parser.add_argument("--lengths", default="1-30")
    parser.add_argument("--answers", type=int, default=36_000, help="for scores")
    parser.add_argument("--questions", type=int, default=96, help="for answers")
    parser.add_argument("--one", type=int, default=8, help="how many of them one at a time")
    parser.add_argument(
        "--wrong", type=float, nargs="+", default=[1 / 3, 0.5], help="shares of wrong answers"
    )
    parser.add_argument("--model", help="a checkpoint, by default a tiny one with random weights")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--continuous", action="store_true")
    parser.add_argument("--json", type=Path, help="for answers: write tokens a second here, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.what == "answers":
            asked = corpus(Path(folder), options.lengths, options.questions)
            answers(Path(folder), asked.all, options)
        else:
            asked = corpus(Path(folder), options.lengths, options.answers)
            for share in options.wrong:
                scores(asked, share)


def corpus(folder: Path, lengths: str, rows: int) -> Questions:
    """Build a test corpus and return so many of its questions."""
    first, last = presets.lengths(lengths)
    each = -(-rows // (12 * (last - first + 1)))
    # Some tasks have few instances of a length.
    settings = presets.load("test", lengths=(first, last), per_length=each + each // 8 + 1)
    build(plan.make(settings), folder / "corpus")
    return questions.read(folder / "corpus", limit=rows)


def answers(folder: Path, asked: Sequence[Question], options: argparse.Namespace) -> None:
    """Measure answers a second; all are of the same model and the same bounds."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from rfft.rules.corpus.encoding import encode_completions, encode_prompt
    from rfft.train.models import make_model
    from rfft.train.tokenizer import make_tokenizer

    name = options.model
    if name is None:
        name = str(folder / "tiny")
        make_model("tiny", seed=0).save_pretrained(name)
        make_tokenizer().save_pretrained(name)
    tokenizer = AutoTokenizer.from_pretrained(name)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = AutoModelForCausalLM.from_pretrained(name, dtype="auto").to(device).eval()
    true = encode_completions(tokenizer, [question.completion for question in asked])
    limits = [Model("", factor=1).limit(len(ids)) for ids in true]
    order = sorted(range(len(asked)), key=lambda i: limits[i])
    chosen = order[:: max(1, len(order) // options.one)]
    # On a machine that has other work, too, the time of this process alone says more.
    clock = time.perf_counter if device == "cuda" else time.process_time
    begun, tokens = clock(), 0
    for i in chosen:
        ids = encode_prompt(tokenizer, asked[i].prompt)
        made = model.generate(
            torch.tensor([ids], device=device), do_sample=False, max_new_tokens=limits[i]
        )
        tokens += made.shape[1] - len(ids)
    seconds = clock() - begun
    base = tokens / seconds
    say("generate, one at a time", len(chosen), tokens, seconds, base)
    rates = {"generate": base}
    for batching in ("padded", "continuous"):
        if batching == "padded" or options.continuous:
            backend = load(Model(name, factor=1, batch=options.batch_size, batching=batching))
            begun = clock()
            tokens = sum(answer.written for answer in backend.answers(asked))
            seconds = clock() - begun
            say(batching, len(asked), tokens, seconds, base)
            rates[batching] = tokens / seconds
    if options.json is not None:
        options.json.write_text(json.dumps(rates) + "\n")


def say(what: str, count: int, tokens: int, seconds: float, base: float) -> None:
    rate = tokens / seconds
    print(f"{what:24} {count:6,} answers {tokens:9,} tokens {seconds:8.1f} s "
          f"{rate:9,.0f} tokens/s {rate / base:6.1f}", flush=True)  # fmt: skip


def scores(asked: Questions, share: float) -> None:
    """Measure scoring and diagnosis of answers of which a share has a slip."""
    rng = random.Random(0)
    made = {}
    for question in asked.all:
        lines = question.completion.rstrip("\n").split("\n")
        if rng.random() < share:
            place = rng.randrange(len(lines))
            lines = rng.choice([
                lines[:place],
                [*lines[:place], *lines[place + 1 : -1], "So the answer is 'none'"],
                [*lines[:place], lines[place] + "1", *lines[place + 1 : -1], "So the answer is 9"],
            ])  # fmt: skip
        made[question.id] = Answer(question.id, "\n".join(lines), "stop", 0, 0)
    begun = time.perf_counter()
    scored = results.score(asked.all, made)
    between = time.perf_counter()
    wrong = [score.id for score in scored if not score.right]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    diagnosis.diagnose(asked, made, wrong)
    end = time.perf_counter()
    print(f"{len(scored):,} answers, {len(wrong):,} of them wrong")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"scores {between - begun:.1f} s, diagnoses {end - between:.1f} s ({cpu:.1f} s of CPU)")


if __name__ == "__main__":
    sys.exit(main())
