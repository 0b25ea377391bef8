"""Back ends: what makes a model answer. One small file each, behind one protocol.

A back end is a module with a class that is made from a `Model`. It is loaded when answers are
needed, and what it imports is imported then.
"""

import importlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..errors import EvalRejected
from ..questions import Question

BACKENDS = {
    "transformers": "Transformers",
    "vllm": "VLLM",
    "openai": "OpenAI",
}
_ROOM = 16  # tokens more, for answers that are short


@dataclass(frozen=True)
class Model:
    """A model, and how it is asked. All of it decides about the answers, but for the last three.

    `name` is a folder or a name on a hub; for a server, the name that it knows the model by.
    `factor` bounds what a model writes: so many times the tokens of the true response. `server` is
    the address of a server, `plain` has it complete texts rather than conversations, and `options`
    go into each request. `batching` is ``padded`` or ``continuous``. `batch` and `concurrency` are
    how many questions are answered at a time. `price` is what a million tokens cost, read and
    written.
    """

    name: str
    backend: str = "transformers"
    factor: float = 2.0
    server: str | None = None
    plain: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    batching: str = "padded"
    batch: int = 64
    concurrency: int = 8
    price: tuple[float, float] | None = None

    def limit(self, tokens: int) -> int:
        """Return how many tokens a model may write where the true response has so many."""
        return math.ceil(self.factor * tokens) + _ROOM


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model has written, and how that ended: ``stop``, ``length`` or ``refused``.

    `read` and `written` are counts of tokens, those of the prompt and of the text; `note` is what
    a server said when it refused.
    """

    id: str
    text: str
    finish: str
    read: int
    written: int
    note: str = ""


class Backend(Protocol):
    """Answers questions, greedily, in whatever order is quickest."""

    versions: dict[str, str]  # of what makes the answers

    def answers(self, questions: Sequence[Question]) -> Iterator[Answer]:
        """Yield an answer for each question as soon as it is there. Raises RunFailed."""


def load(model: Model) -> Backend:
    """Return a back end that has its model at hand. Raises EvalRejected, RunFailed."""
    made: Backend = _class(model)(model)
    return made


def check(model: Model) -> None:
    """Raise EvalRejected if a model cannot be asked as is wanted, as far as is quickly seen."""
    if model.backend not in BACKENDS:
        raise EvalRejected(f"no back end {model.backend!r}; there are {', '.join(BACKENDS)}")
    if not 1 <= model.factor <= 1000:
        raise EvalRejected(f"--max-factor takes 1 to 1000, not {model.factor:g}")
    _class(model).check(model)


def _class(model: Model) -> Any:
    module = importlib.import_module(f"{__name__}.{model.backend}")
    return getattr(module, BACKENDS[model.backend])
