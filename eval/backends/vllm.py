"""Back end `vllm`: a checkpoint in this process, answered by vLLM."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

from rfft.rules.corpus.encoding import encode_completions, encode_prompts
from rfft.rules.corpus.templates import choose_for

from ..errors import EvalRejected
from ..questions import Question
from . import Answer, Backend, Model

_CHUNK = 512  # questions that are handed over together; their answers come together


class VLLM(Backend):
    """A checkpoint that vLLM serves in process."""

    needs = MappingProxyType({"vllm": "vLLM: pip install vllm"})

    @classmethod
    def check(cls, model: Model) -> None:
        """Raise EvalRejected if it is not installed, or the checkpoint is not for it."""
        super().check(model)
        if (Path(model.name) / "adapter_config.json").is_file():
            raise EvalRejected(f"{model.name}: is an adapter; merge it, or --backend transformers")

    def __init__(self, model: Model) -> None:
        from vllm import LLM

        self._asked = model
        self._llm = LLM(model=model.name, enable_prefix_caching=True)
        self.versions = {"vllm": version("vllm")}

    def answers(self, questions: Sequence[Question]) -> Iterator[Answer]:
        """Yield the answers chunk by chunk, short ones first."""
        from vllm import SamplingParams

        asked = self._asked
        tokenizer = self._llm.get_tokenizer()
        template = choose_for(
            asked.name, tokenizer, asked.template, asked.system, asked.template_args
        )
        end = template.closing(tokenizer).end
        prompts = encode_prompts(tokenizer, [q.prompt for q in questions], template)
        true = encode_completions(tokenizer, [q.completion for q in questions], template)
        order = sorted(range(len(questions)), key=lambda i: (len(true[i]) + len(prompts[i]), i))
        for start in range(0, len(order), _CHUNK):
            some = order[start : start + _CHUNK]
            settings = [
                SamplingParams(
                    temperature=0,
                    max_tokens=asked.limit(len(true[i])),
                    skip_special_tokens=False,
                    stop_token_ids=[] if end is None else [end],
                )
                for i in some
            ]
            given = [{"prompt_token_ids": prompts[i]} for i in some]
            for i, made in zip(some, self._llm.generate(given, settings), strict=True):
                out = made.outputs[0]
                finish = "stop" if out.finish_reason == "stop" else "length"
                ids = len(out.token_ids)
                yield Answer(questions[i].id, out.text, finish, len(prompts[i]), ids)
