"""All that takes a GPU, in parts: `python -m tests.benchmarks.gpu --out gpu.json [PART...]`.

Each part's figures are in the file as soon as they are there; the same command goes on with the
parts that are not. One that has ended the process, or failed, is tried last. On an H200 all of it
takes less than eight minutes; no part is begun after `--seconds`. `--tiny` does the same with tiny
shapes, on a CPU too, to see that it runs. `--table` prints what is in the file.

    equal     losses and gradients in bf16, against those of single samples in float32
    train     tokens a second, MFU and memory of each layout and attention, compiled or not
    answers   tokens a second that `rfft eval` has a model write, against padded `generate`
    pissa     finding PiSSA adapters of rank 32, and training them
"""

import argparse
import dataclasses
import functools
import gc
import importlib.util
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
import transformers

from rfft.eval import backends
from rfft.eval.questions import Question
from rfft.rules import catalog
from rfft.rules.corpus.encoding import IGNORED, encode_completions, encode_prompts
from rfft.tracer.commands import disk
from rfft.train import adapters, tokens
from rfft.train.batching import Layout, Order
from rfft.train.loss import response_loss
from rfft.train.recipe import Recipe
from rfft.train.tokenizer import make_tokenizer

from . import train

CUDA = torch.cuda.is_available()
DEVICE = torch.device(train.DEVICE)
RANK = 32
Found = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How much is done: `batch` samples a step of at most `context` tokens; `steps` are counted."""

    shapes: tuple[str, ...]
    pissa: str
    context: int
    batch: int
    micro_tokens: int
    steps: int
    equal: int  # samples, of at most a quarter of the context
    questions: int
    lengths: tuple[int, int]


FULL = Size(("0.5b", "1.5b"), "1.5b", 4096, 32, 16_384, 4, 12, 96, (1, 6))
TINY = Size(("tiny",), "tiny", 256, 4, 512, 1, 5, 6, (1, 2))


def parts(size: Size) -> Iterator[tuple[str, Callable[[], Found]]]:
    """Yield the parts: a name, and what gives the figures."""
    for shape in size.shapes[:1]:
        yield f"equal {shape}", lambda shape=shape: equal(size, shape)
    for shape in reversed(size.shapes):
        for name, told, way in ways(size):
            yield f"train {shape}: {name}", lambda s=shape, t=told, w=way: trained(size, s, t, w)
    for shape in size.shapes:
        for backend in ("transformers", "vllm"):
            if backend == "transformers" or importlib.util.find_spec("vllm"):
                name = f"answers {shape}: {backend}"
                yield name, lambda s=shape, b=backend: answered(size, s, b)
    yield f"pissa {size.pissa}", lambda: pissa(size)


def ways(size: Size) -> Iterator[tuple[str, Recipe, Callable[..., Any]]]:
    """Yield the ways of `train.py`, all in bf16."""
    asked = SimpleNamespace(
        batch=size.batch, context=size.context, micro_tokens=size.micro_tokens,
        gradient_checkpointing=False,
    )  # fmt: skip
    for name, told, way in train.ways(asked):
        yield name, dataclasses.replace(told, precision="bf16"), way
        if name == "grouped, sdpa" and not CUDA:  # there are others on a GPU
            compiled = dataclasses.replace(told, precision="bf16", compile=True)
            yield f"{name}, compiled", compiled, way


def data_in(folder: str, size: Size, shape: str, count: int) -> tokens.Tokens:
    """Write so many samples into a folder; return them."""
    made = train.samples(count, size.context, train.SHAPES[shape]["vocab_size"])
    tokens.write(Path(folder), [([str(n) for n in range(count)], made)])
    return tokens.Tokens(Path(folder))


# Losses and gradients


def equal(size: Size, shape: str) -> Found:
    """Return how far losses and gradients are off, by way: relative errors, as norms.

    What single samples lose in bf16 is the measure: a layout is to lose no more than a little.
    """
    plain = next(told for name, told, _ in ways(size) if name == "grouped, sdpa")
    with tempfile.TemporaryDirectory() as folder:
        small = dataclasses.replace(size, context=size.context // 4)
        data = data_in(folder, small, shape, size.equal)
        everything = np.arange(len(data))
        model = train.model_of(shape, plain, size.context).train()

        def cast(layout: Layout | None, dtype: torch.dtype) -> tuple[float, torch.Tensor]:
            model.zero_grad()
            total = 0.0
            with torch.autocast(DEVICE.type, dtype=dtype, enabled=dtype is not torch.float32):
                for loss in alone(model, data) if layout is None else laid_out(layout):
                    loss.backward()
                    total += loss.item()
            grads = [p.grad.flatten() for p in model.parameters() if p.grad is not None]
            return total, torch.cat(grads)

        def laid_out(layout: Layout) -> Iterator[torch.Tensor]:
            for micro in layout.batch(data, everything).micros:
                yield response_loss(model, micro.to(DEVICE))

        loss, gradient = cast(None, torch.float32)
        norm = gradient.norm()

        def off(layout: Layout | None) -> Found:
            its_loss, its_gradient = cast(layout, torch.bfloat16)
            its_gradient -= gradient
            return {"loss": abs(its_loss - loss) / loss,
                    "gradient": (its_gradient.norm() / norm).item()}  # fmt: skip

        found = {"single samples": off(None)}
        for name, told, way in ways(size):
            if way is train.ours and not told.compile:
                model.set_attn_implementation(told.attention)
                found[name] = off(Layout(told.layout == "packed", told.micro_tokens))
    worst = max(said["gradient"] for said in found.values())
    return {"errors": found, "within": worst <= 1.5 * found["single samples"]["gradient"]}


def alone(model: torch.nn.Module, data: tokens.Tokens) -> Iterator[torch.Tensor]:
    """Yield the summed loss of each sample by itself, with nothing of `rfft.train`."""
    for number in range(len(data)):
        ids = torch.from_numpy(data.ids(number).astype(np.int64))[None].to(DEVICE)
        labels = ids.clone()
        labels[:, : data.prompts[number]] = IGNORED
        logits = model(input_ids=ids, use_cache=False).logits[0, :-1].float()
        yield torch.nn.functional.cross_entropy(
            logits, labels[0, 1:], ignore_index=IGNORED, reduction="sum"
        )


# Training


def trained(size: Size, shape: str, told: Recipe, way: Callable[..., Any]) -> Found:
    """Return the median figures of the steps of a way, and the peak of memory."""
    steps = size.steps + train.WARM_UP
    with tempfile.TemporaryDirectory() as folder:
        data = data_in(folder, size, shape, steps * size.batch)
        more = (4,) if way is train.plain else ()
        made = way(shape, told, data, steps, *more)[train.WARM_UP :]
        found = {key: statistics.median(step[key] or 0 for step in made)
                 for key in ("tokens_per_second", "mfu")}  # fmt: skip
        found["memory_gib"] = max(step["memory_gib"] for step in made)
        if way is not train.plain:
            found["memory_gib_said"] = said(shape, told, data)
    return found


def said(shape: str, told: Recipe, data: tokens.Tokens) -> float | None:
    """Return the memory that `rfft train --dry-run` would have told of, in GiB."""
    if importlib.util.find_spec("rfft.train.memory") is None:
        return None
    from rfft.train import memory

    model: Any = train.model_of(shape, told, told.context, "meta")
    if told.pissa_rank:
        with torch.device("meta"):
            model = adapters.add(model.to(torch.bfloat16), told.pissa_rank, None)
    order = Order(np.arange(len(data)), told.batch, 1, 0)
    layout = Layout(told.layout == "packed", told.micro_tokens, fixed=told.compile)
    micro = memory.largest(data, order, order.steps, layout)
    return memory.estimate(model, told, micro, DEVICE).total / 2**30


def pissa(size: Size) -> Found:
    """Return what it takes to find adapters, and the figures of training them."""
    shape = size.pissa
    told = next(told for name, told, _ in ways(size) if name == "grouped, sdpa")
    with tempfile.TemporaryDirectory() as folder:
        model = train.model_of(shape, told, size.context).to(torch.bfloat16)
        begun = time.perf_counter()
        made = adapters.add(model, RANK, Path(folder) / "first")
        if CUDA:
            torch.cuda.synchronize()
        seconds = time.perf_counter() - begun
        cleared()
        way = functools.partial(train.ours, make=lambda *_: made)  # has them already
        told = dataclasses.replace(told, pissa_rank=RANK)
        return {"adapters_seconds": seconds, **trained(size, shape, told, way)}


# Answers


def questions(count: int, lengths: tuple[int, int]) -> list[Question]:
    """Return questions about tasks of the library, their lengths spread evenly."""
    tasks = [task for task in catalog().values() if task.split == "downstream"]
    made = []
    for number in range(count):
        task = tasks[number % len(tasks)]
        length = lengths[0] + number // len(tasks) % (lengths[1] - lengths[0] + 1)
        given = task.arguments(max(length, task.min_length), 0, number)
        prompt = task.prompt(given, "rfft")
        written = task.rule.writer("rfft")(*given)
        made.append(Question(str(number), task.id, length, "rfft", prompt, written.response,
                             written.answer, "", ()))  # fmt: skip
    return made


def answered(size: Size, shape: str, backend: str) -> Found:
    """Return the tokens a second of a back end of `rfft.eval`, and of padded `generate`."""
    asked = questions(size.questions, size.lengths)
    told = next(told for name, told, _ in ways(size) if name == "grouped, sdpa")
    with tempfile.TemporaryDirectory() as folder:
        model = train.model_of(shape, told, 32_768).to(torch.bfloat16).eval()
        model.save_pretrained(folder)
        make_tokenizer().save_pretrained(folder)
        found = {}
        if backend == "transformers":
            found["generate_tokens_per_second"] = generated(model, asked)
        del model
        cleared()
        engine = backends.load(backends.Model(folder, backend, factor=1, batch=64))
        list(engine.answers(asked[:1]))  # what is first used takes time
        begun = time.perf_counter()
        written = sum(answer.written for answer in engine.answers(asked))
        found["tokens_per_second"] = written / (time.perf_counter() - begun)
    return found


def generated(model: Any, asked: Sequence[Question]) -> float:
    """Return the tokens a second of `generate` with batches of 64, padded at the left.

    Questions of about the same length of prompt are asked together; a batch goes on to the bound
    of its longest answer, and only what is within an answer's own bound counts.
    """
    tokenizer = make_tokenizer()
    prompts = encode_prompts(tokenizer, [question.prompt for question in asked])
    true = encode_completions(tokenizer, [question.completion for question in asked])
    bounds = [backends.Model("", factor=1).limit(len(ids)) for ids in true]
    order = sorted(range(len(asked)), key=lambda n: len(prompts[n]))
    model.generate(torch.tensor([prompts[0]], device=DEVICE), max_new_tokens=2)
    begun, written = time.perf_counter(), 0
    for start in range(0, len(order), 64):
        some = order[start : start + 64]
        batch = tokenizer.pad(
            {"input_ids": [prompts[n] for n in some]}, padding_side="left", return_tensors="pt"
        ).to(DEVICE)
        made = model.generate(
            **batch, do_sample=False, max_new_tokens=max(bounds[n] for n in some),
            pad_token_id=tokenizer.pad_token_id,
        )  # fmt: skip
        new = made[:, batch["input_ids"].shape[1] :] != tokenizer.pad_token_id
        for n, there in zip(some, new, strict=True):
            written += int(there[: bounds[n]].sum())
    return written / (time.perf_counter() - begun)


# All of it


def cleared() -> None:
    """Leave the device as it was."""
    gc.collect()
    torch._dynamo.reset()
    if CUDA:
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()


def machine() -> dict[str, str]:
    versions = {name: __import__(name).__version__ for name in ("torch", "transformers", "peft")}
    return {"device": torch.cuda.get_device_name() if CUDA else "CPU", **versions}


def left(size: Size, known: dict[str, Found], wanted: Sequence[str]) -> list[tuple[str, Any]]:
    """Return the parts that have no figures yet; those that were tried in vain come last."""
    found = [
        (name, part) for name, part in parts(size)
        if (not wanted or any(name.startswith(one) for one in wanted))
        and (name not in known or "problem" in known[name])
    ]  # fmt: skip
    return sorted(found, key=lambda part: part[0] in known)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help="how the names of parts begin")
    parser.add_argument("--out", type=Path, default=Path("gpu.json"))
    parser.add_argument("--seconds", type=float, default=420.0)
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--table", action="store_true", help="print the figures of the file")
    options = parser.parse_args(arguments)
    results = json.loads(options.out.read_text()) if options.out.exists() else {}
    known: dict[str, Found] = results.setdefault("parts", {})
    if options.table:
        table(results)
        return
    transformers.logging.set_verbosity_error()
    results["machine"] = machine()

    def keep(name: str, figures: Found) -> None:
        known[name] = figures
        disk.put(options.out, (json.dumps(results, indent=1) + "\n").encode())

    started = time.perf_counter()
    for name, part in left(TINY if options.tiny else FULL, known, options.parts):
        if time.perf_counter() - started > options.seconds:
            print("the time is over; the same command goes on")
            break
        keep(name, {"problem": "it has ended the process"})
        cleared()
        begun = time.perf_counter()
        try:
            figures = part()
        except Exception as error:  # one part that fails must not hide the others
            first = str(error).partition("\n")[0]
            figures = {"problem": f"{type(error).__name__}: {first}"}
        figures["seconds"] = round(time.perf_counter() - begun, 1)
        keep(name, figures)
        print(f"{name}: {figures}", flush=True)


def table(results: dict[str, Any]) -> None:
    """Print the figures as a table of Markdown."""
    print(", ".join(f"{name} {version}" for name, version in results["machine"].items()))
    print("\n| what | tokens/s | MFU | GiB | GiB said before | more |\n|---|---|---|---|---|---|")
    for name, figures in results["parts"].items():
        more = dict(figures)
        columns = []
        for key, form in (("tokens_per_second", ",.0f"), ("mfu", ".1%"), ("memory_gib", ".1f"),
                          ("memory_gib_said", ".1f")):  # fmt: skip
            value = more.pop(key, None)
            columns.append("" if value is None else format(value, form))
        print(f"| {name} | {' | '.join(columns)} | {shown(more)} |")


def shown(figures: Found) -> str:
    """Return what has no column of its own, in short."""
    texts = []
    for name, value in figures.items():
        if isinstance(value, dict):
            value = "; ".join(f"{way}: {shown(each)}" for way, each in value.items())
        texts.append(f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}")
    return ", ".join(texts)


if __name__ == "__main__":
    main()
