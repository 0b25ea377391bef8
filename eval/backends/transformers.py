"""Back end `transformers`: a checkpoint in this process, on the GPU if there is one.

Questions are sorted by how long their prompts and true responses are, so that those of one batch
end at about the same time. A batch that does not fit the GPU's memory is halved.
"""

import logging
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rfft.rules.corpus.encoding import encode_completions, encode_prompts
from rfft.rules.corpus.errors import CorpusRejected
from rfft.rules.corpus.templates import choose_for

from ..errors import EvalRejected, RunFailed
from ..questions import Question
from . import Answer, Backend, Model

_ADAPTER = "adapter_config.json"
_CHUNK = 1000  # texts whose tokens are counted together


class Transformers(Backend):
    """A causal language model of transformers, or a PEFT adapter on one, merged into it."""

    needs = MappingProxyType(
        {name: f"{name}: pip install 'meta-rfft[eval]'" for name in ("torch", "transformers")}
    )
    options = ("batch", "batching")

    @classmethod
    def check(cls, model: Model) -> None:
        """Raise EvalRejected if there is no such checkpoint, or nothing that could load it."""
        super().check(model)
        folder = Path(model.name)
        if folder.exists() and not any((folder / n).is_file() for n in ("config.json", _ADAPTER)):
            raise EvalRejected(f"{model.name}: is no checkpoint, it has no config.json")
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
        try:
            self._tokenizer = transformers.AutoTokenizer.from_pretrained(model.name)
            self._template = choose_for(
                model.name, self._tokenizer, model.template, model.system, model.template_args
            )
            self._model = _load(model.name, self.versions["device"])
        except CorpusRejected:
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
        self._size = model.batch

    def answers(self, questions: Sequence[Question]) -> Iterator[Answer]:
        """Yield the answers batch by batch, short ones first."""
        import torch

        from ..decoding.greedy import greedy

        limits = self._limits(questions)
        order = sorted(range(len(questions)), key=lambda i: (limits[i], len(questions[i].prompt)))
        if self._asked.batching == "continuous":
            from ..decoding.continuous import generate

            prompts = self._prompts(questions)
            for i, ids in generate(self._model, prompts, limits, order, self._ends):
                yield self._answer(questions[i], len(prompts[i]), ids)
            return
        while order:
            some = order[: self._size]
            prompts = self._prompts([questions[i] for i in some])
            ended = set()
            try:
                for n, ids in greedy(self._model, prompts, [limits[i] for i in some], self._ends):
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

    def _prompts(self, questions: Sequence[Question]) -> list[list[int]]:
        return encode_prompts(self._tokenizer, [q.prompt for q in questions], self._template)

    def _limits(self, questions: Sequence[Question]) -> list[int]:
        """Return how many tokens may be written for each question."""
        limits: list[int] = []
        for start in range(0, len(questions), _CHUNK):
            some = [question.completion for question in questions[start : start + _CHUNK]]
            true = encode_completions(self._tokenizer, some, self._template)
            limits += [self._asked.limit(len(ids)) for ids in true]
        return limits

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
    model = transformers.AutoModelForCausalLM.from_pretrained(name, dtype="auto", **where)
    return model.eval()
