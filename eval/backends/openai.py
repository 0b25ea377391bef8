"""Back end `openai`: any server that speaks OpenAI's API, through their client.

The key comes from the environment (OPENAI_API_KEY) and from nowhere else. The client waits and asks
again when a server is busy or has failed, as the server says or ever longer.
"""

import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from importlib.metadata import version
from types import MappingProxyType
from typing import Any

from rfft.rules.corpus.rows import blank_line, message
from rfft.rules.corpus.templates import check_plain
from rfft.tracer.commands.extras import installing

from ..errors import EvalRejected, RunFailed
from ..questions import Question
from . import Answer, Backend, Model

_KEY = "OPENAI_API_KEY"
_RETRIES = 8
_SECONDS = 1800.0  # for one answer
_PROBE_SECONDS = 20.0  # for a server to be there
_BYTES = 2  # of a text for each token, at the least; how servers cut texts is not known
_BOUNDS = ("max_tokens", "max_completion_tokens")  # as older and newer servers call it
_UNKNOWN = re.compile(
    r"max_completion_tokens|(?=.*\bmax_tokens\b).*(support|unknown|recogni|allowed|permitted|extra)",
    re.IGNORECASE | re.DOTALL,
)


class OpenAI(Backend):
    """A model behind a server."""

    needs = MappingProxyType({"openai": f"openai: {installing('eval')}"})
    options = ("server", "options", "concurrency")
    local = False

    @classmethod
    def check(cls, model: Model) -> None:
        """Raise EvalRejected if the client or the key is missing."""
        super().check(model)
        if model.template == "none":
            check_plain(model.system, model.template_args)
        elif model.template not in (None, "model"):
            raise EvalRejected(
                f"--template {model.template}: a server has its own; take none or model"
            )
        if not os.environ.get(_KEY):
            raise EvalRejected(f"{_KEY} is not set; a server that wants no key takes any")

    def __init__(self, model: Model) -> None:
        import openai

        self._asked = model
        self._client = openai.OpenAI(base_url=model.server, max_retries=_RETRIES, timeout=_SECONDS)
        self._where = str(self._client.base_url)
        self._answered = False
        self._bound = _BOUNDS[0]
        try:
            # Said at once, where a server that fails later is asked again for a while.
            self._client.with_options(max_retries=0, timeout=_PROBE_SECONDS).models.list()
        except openai.APIConnectionError as error:
            raise self._failure(error) from None
        except openai.OpenAIError:
            pass  # it need not have a list of models
        self.versions = {"openai": version("openai")}

    def answers(self, questions: Sequence[Question]) -> Iterator[Answer]:
        """Yield the answers as they come. What is on its way when a request fails still comes."""
        left = iter(questions)
        failure: RunFailed | None = None
        with ThreadPoolExecutor(self._asked.concurrency, "rfft-eval") as threads:
            waiting: set[Future[Answer]] = set()
            try:
                while True:
                    while failure is None and len(waiting) < self._asked.concurrency:
                        question = next(left, None)
                        if question is None:
                            break
                        waiting.add(threads.submit(self._answer, question))
                    if not waiting:
                        break
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    for future in done:
                        try:
                            yield future.result()
                        except RunFailed as problem:
                            failure = failure or problem
            finally:
                for future in waiting:
                    future.cancel()
                if waiting:  # nobody waits for the answers any more
                    self._client.close()
        if failure is not None:
            raise failure

    def _answer(self, question: Question) -> Answer:
        """Return the answer to one question. Raises RunFailed."""
        import openai

        bound = self._bound
        try:
            try:
                return self._ask(question, bound)
            except openai.BadRequestError as error:
                if bound != _BOUNDS[0] or not _UNKNOWN.search(str(error)):
                    raise
            made = self._ask(question, _BOUNDS[1])
            self._bound = _BOUNDS[1]
            return made
        except openai.BadRequestError as error:
            # The server does not take this prompt (it may be too long), or takes none at all.
            if not self._answered:
                raise self._failure(error) from None
            return Answer(question.id, "", "refused", 0, 0, _said(error))
        except openai.OpenAIError as error:
            raise self._failure(error) from None

    def _ask(self, question: Question, bound: str) -> Answer:
        limit = self._asked.limit(-(-len(question.completion.encode()) // _BYTES))
        request: dict[str, Any] = {
            "model": self._asked.name, "temperature": 0, bound: limit, **self._asked.options,
        }  # fmt: skip
        if self._asked.template_args:  # as vLLM and SGLang take them
            request["chat_template_kwargs"] = dict(self._asked.template_args)
        request = {name: value for name, value in request.items() if value is not None}
        named = ("model", "temperature", _BOUNDS[0])
        known = {name: request.pop(name) for name in named if name in request}
        made: Any
        if self._asked.template == "none":
            prompt = blank_line(question.prompt)
            made = self._client.completions.create(prompt=prompt, extra_body=request, **known)
            text = made.choices[0].text
        else:
            talk: Any = [message("user", question.prompt)]
            if self._asked.system is not None:
                talk.insert(0, message("system", self._asked.system))
            made = self._client.chat.completions.create(messages=talk, extra_body=request, **known)
            text = made.choices[0].message.content
        self._answered = True
        reason = made.choices[0].finish_reason
        finish = {"length": "length", "content_filter": "refused"}.get(reason, "stop")
        used = made.usage
        read, written = (used.prompt_tokens, used.completion_tokens) if used else (0, 0)
        return Answer(question.id, text or "", finish, read, written)

    def _failure(self, error: Exception) -> RunFailed:
        import openai

        said = _said(error)
        if isinstance(error, openai.APITimeoutError):
            said = "gave no answer in time"
        elif isinstance(error, openai.APIConnectionError):
            said = f"cannot be reached: {error.__cause__ or error}"
        elif isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
            said = f"does not take the key in {_KEY}: {said}"
        return RunFailed(f"{self._where} {said}")


def _said(error: Exception) -> str:
    """Return what a server said in its refusal, on one line."""
    return " ".join(str(getattr(error, "message", error)).split())[:300]
