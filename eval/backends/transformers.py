"""Back end `transformers`: a checkpoint in this process, on the GPU if there is one.

Questions are sorted by how long their prompts and true responses are, so that those of one batch
end at about the same time. A batch that does not fit the GPU's memory is halved.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from rfft.rules.corpus import gguf
from rfft.rules.corpus.encoding import encode_completions, encode_prompts
from rfft.rules.corpus.errors import CorpusRejected
from rfft.rules.corpus.templates import choose_for
from rfft.tracer.commands.app import note, say
from rfft.tracer.commands.extras import installing

from ..errors import EvalRejected, RunFailed
from ..questions import Question
from . import Answer, Backend, Model

if TYPE_CHECKING:
    from ..decoding.fitting import Writer

_ADAPTER = "adapter_config.json"
_TOKENIZER = "tokenizer_config.json"
_TRIED = 4  # tokens that `fitting` writes
_CHUNK = 1000  # texts whose tokens are counted together


class Transformers(Backend):
    """A causal language model of transformers, or a PEFT adapter on one, merged into it."""

    needs = MappingProxyType(
        {name: f"{name}: {installing('eval,train')}" for name in ("torch", "transformers")}
    )
    options = ("batch", "batching")

    @classmethod
    def check(cls, model: Model) -> None:
        """Raise EvalRejected if there is no such checkpoint, or nothing that could load it."""
        super().check(model)
        if gguf.source(model.name) is not None:
            return
        folder = Path(model.name)
        if folder.exists() and not any((folder / n).is_file() for n in ("config.json", _ADAPTER)):
            raise EvalRejected(f"{model.name}: is no checkpoint, it has no config.json")
        if (folder / _ADAPTER).is_file():
            _check_base(folder)
        if not folder.exists() and (folder.is_absolute() or model.name.startswith(".")):
            raise EvalRejected(f"{model.name}: no such folder")

    def __init__(self, model: Model) -> None:
        import torch
        import transformers

        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
        self._asked = model
        self.versions = {name: version(name) for name in ("torch", "transformers")}
        self.versions["device"] = "cuda" if torch.cuda.is_available() else "cpu"
        folder = gguf.folder(model.name)
        try:
            self._tokenizer = transformers.AutoTokenizer.from_pretrained(_with_tokenizer(folder))
            self._template = choose_for(
                model.name, self._tokenizer, model.template, model.system, model.template_args
            )
            self._model = _load(folder, self.versions["device"])
        except (EvalRejected, CorpusRejected):
            raise
        except Exception as error:  # what reads a damaged checkpoint raises anything
            said = str(error).strip().partition("\n")[0]
            raise EvalRejected(f"{model.name}: cannot be loaded: {said}") from None
        end = self._template.closing(self._tokenizer).end
        if end is None:
            raise EvalRejected(f"{model.name}: its tokenizer has no end-of-text token")
        ends = self._model.generation_config.eos_token_id
        known = ends if isinstance(ends, list) else [ends]
        self._ends = sorted(
            {e for e in [*known, self._tokenizer.eos_token_id, end] if e is not None}
        )
        # Greedy, without penalties and whatever else the checkpoint asks of `generate`.
        self._model.generation_config = transformers.GenerationConfig(pad_token_id=self._ends[0])
        self._size = model.batch
        self._write: Writer | None = None  # once it is known
        self._told = False  # whether what is short was said

    def answers(self, questions: Sequence[Question]) -> Iterator[Answer]:
        """Yield the answers batch by batch, short ones first."""
        import torch

        from ..decoding.fitting import fitting, turn

        limits, none = self._limits(questions)
        for i, read in none.items():
            yield Answer(questions[i].id, "", "length", read, 0)
        order = [i for i in range(len(questions)) if i not in none]
        order.sort(key=lambda i: (limits[i], len(questions[i].prompt)))
        if self._asked.batching == "continuous":
            from ..decoding.continuous import generate

            prompts = self._prompts(questions)
            for i, ids in generate(self._model, prompts, limits, order, self._ends):
                yield self._answer(questions[i], len(prompts[i]), ids)
            return

        if not order:
            return

        def longest() -> int:
            prompts = self._prompts(questions)
            return max(len(p) + limit for p, limit in zip(prompts, limits, strict=True))

        write = self._write
        if write is None:
            (first,) = self._prompts([questions[order[0]]])
            # A few tokens less: those that are tried must have positions, too.
            write, slower = fitting(self._model, first[:-_TRIED] or first, longest)
            if turn(self._model) is None:  # else it depends on the questions
                self._write = write
            if slower:
                note(f"{self._asked.name}: {slower}", "rfft")
        while order:
            some = order[: self._size]
            prompts = self._prompts([questions[i] for i in some])
            ended = set()
            try:
                for n, ids in write(self._model, prompts, [limits[i] for i in some], self._ends):
                    ended.add(some[n])
                    yield self._answer(questions[some[n]], len(prompts[n]), ids)
            except torch.OutOfMemoryError:
                if len(some) == 1:
                    raise RunFailed(
                        f"{questions[some[0]].id}: does not fit the memory of the GPU, even alone"
                    ) from None
                torch.cuda.empty_cache()
                self._size = len(some) // 2
            order = [i for i in order if i not in ended]

    def likeliest(self, question: Question) -> list[tuple[str, bool]]:
        """Return the tokens of the true response, and whether each is the likeliest there."""
        from ..decoding.greedy import likeliest

        (prompt,) = self._prompts([question])
        (true,) = encode_completions(self._tokenizer, [question.completion], self._template)
        found = likeliest(self._model, prompt, true)
        return [
            (str(self._tokenizer.decode([token])), token == likely)
            for token, likely in zip(true, found, strict=True)
        ]

    def _prompts(self, questions: Sequence[Question]) -> list[list[int]]:
        return encode_prompts(self._tokenizer, [q.prompt for q in questions], self._template)

    def _limits(self, questions: Sequence[Question]) -> tuple[list[int], dict[int, int]]:
        """Return how many tokens may be written for each question, and which have no room for any.

        Of these, by their places, it tells how many tokens their prompts have.
        """
        from ..decoding.fitting import positions

        true: list[int] = []
        lengths: list[int] = []
        for start in range(0, len(questions), _CHUNK):
            some = questions[start : start + _CHUNK]
            completions = [question.completion for question in some]
            true += map(len, encode_completions(self._tokenizer, completions, self._template))
            lengths += map(len, self._prompts(some))
        limits = [self._asked.limit(count) for count in true]
        most = positions(self._model)
        if most is None:
            return limits, {}
        left = [most - length for length in lengths]
        short = sum(room < count for room, count in zip(left, true, strict=True))
        if short and not self._told:
            self._told = True
            say(
                f"{self._asked.name}: has {most:,} positions, too few for the prompts and true "
                f"answers of {short:,} of {len(questions):,} questions; what is written is cut",
                "rfft",
            )
        none = {i: lengths[i] for i, room in enumerate(left) if room <= 0}
        return [min(pair) for pair in zip(limits, left, strict=True)], none

    def _answer(self, question: Question, read: int, ids: list[int]) -> Answer:
        ended = bool(ids) and ids[-1] in self._ends
        text = self._tokenizer.decode(ids[:-1] if ended else ids, skip_special_tokens=False)
        finish = "stop" if ended else "length"
        return Answer(question.id, str(text), finish, read, len(ids))


def _load(name: str, device: str) -> Any:
    """Return a model that is ready to answer."""
    import transformers

    logging.getLogger("transformers").setLevel(logging.ERROR)
    where: dict[str, Any] = {"device_map": "auto"} if device == "cuda" else {}
    if (Path(name) / _ADAPTER).is_file():
        import peft

        model = peft.AutoPeftModelForCausalLM.from_pretrained(name, dtype="auto", **where)
        return model.merge_and_unload().eval()
    found: Any = transformers.AutoModelForCausalLM.from_pretrained(
        name, dtype="auto", output_loading_info=True, **where
    )
    model, said = found
    if said["missing_keys"]:
        missing = sorted(said["missing_keys"])
        raise EvalRejected(
            f"{name}: the weights are not whole: {len(missing):,} tensors are missing, such as "
            f"{missing[0]}; copy or download them again"
        )
    return model.eval()


def _with_tokenizer(name: str) -> str:
    """Return where the tokenizer of a checkpoint is: with it, with its run, or with its base."""
    folder = Path(name)
    if not (folder / _ADAPTER).is_file() or (folder / _TOKENIZER).is_file():
        return name
    run = folder.resolve().parent
    return str(run) if (run / _TOKENIZER).is_file() else str(_base(folder))


def _check_base(folder: Path) -> None:
    """Raise EvalRejected if the model that an adapter is for is not there."""
    base, run = _base(folder), folder.resolve().parent
    merged = (
        f"; --model {run} has the change in its weights" if (run / "config.json").is_file() else ""
    )
    if not base:
        raise EvalRejected(f"{folder}: does not say which model it is an adapter for{merged}")
    if Path(base).is_absolute() and not Path(base).exists():
        raise EvalRejected(f"{folder}: is an adapter for {base}, which is not there{merged}")


def _base(folder: Path) -> str:
    try:
        return str(json.loads((folder / _ADAPTER).read_text())["base_model_name_or_path"] or "")
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise EvalRejected(f"{folder / _ADAPTER}: is damaged: {error}") from None
