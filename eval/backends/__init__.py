"""Back ends: what makes a model answer. A file in this folder is a back end, and needs no other.

The name of the file is the name that ``--backend`` takes, and in it is one subclass of `Backend`,
made from a `Model`. A file is imported when its back end is asked for, what it needs when answers
are; no other back end is imported then.
"""

import importlib
import importlib.util
import math
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from ..errors import EvalRejected

if TYPE_CHECKING:
    from ..questions import Question

_ROOM = 16  # tokens more, for answers that are short


@dataclass(frozen=True)
class Model:
    """A model, and how it is asked. All of it decides about the answers, but for the last three.

    `name` is a folder or a name on a hub; for a server, the name that it knows the model by.
    `factor` bounds what a model writes: so many times the tokens of the true response. `server` is
    the address of a server, and `options` go into each request. `template`, `system` and
    `template_args` say how a prompt becomes a text (`rfft.rules.corpus.templates.choose`).
    `batching` is ``padded`` or ``continuous``. `batch` and `concurrency` are
    how many questions are answered at a time. `price` is what a million tokens cost, read and
    written.
    """

    name: str
    backend: str = "transformers"
    factor: float = 2.0
    server: str | None = None
    template: str | None = None
    system: str | None = None
    template_args: Mapping[str, Any] = field(default_factory=dict)
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


class Backend(ABC):
    """Answers questions, greedily, in whatever order is quickest.

    `needs` are the modules that must be installed, each with what to say if it is not; `options`
    the fields of a `Model` that this back end alone heeds. Of one that is `local`, the model may be
    a folder, and its files tell runs apart. `versions` are those of what makes the answers.
    """

    needs: ClassVar[Mapping[str, str]] = {}
    options: ClassVar[Sequence[str]] = ()
    local: ClassVar[bool] = True
    versions: dict[str, str]

    @abstractmethod
    def __init__(self, model: Model) -> None:
        """Have the model at hand. Raises EvalRejected, RunFailed."""

    @classmethod
    def check(cls, model: Model) -> None:
        """Raise EvalRejected if a model cannot be asked as wanted, as far as is quickly seen."""
        for name, missing in cls.needs.items():
            if importlib.util.find_spec(name) is None:
                raise EvalRejected(f"--backend {model.backend} needs {missing}")

    @abstractmethod
    def answers(self, questions: Sequence["Question"]) -> Iterator[Answer]:
        """Yield an answer for each question as soon as it is there. Raises RunFailed."""


def names() -> list[str]:
    """Return the names of the back ends."""
    return [module.name for module in pkgutil.iter_modules(__path__)]


def kind(name: str) -> type[Backend]:
    """Return the class of a back end. Raises EvalRejected."""
    if name not in names():
        raise EvalRejected(f"no back end {name!r}; there are {', '.join(names())}")
    module = importlib.import_module(f"{__name__}.{name}")
    (made,) = (c for c in Backend.__subclasses__() if c.__module__ == module.__name__)
    return made


def load(model: Model) -> Backend:
    """Return a back end that has its model at hand. Raises EvalRejected, RunFailed."""
    return kind(model.backend)(model)


def check(model: Model) -> None:
    """Raise EvalRejected if a model cannot be asked as is wanted, as far as is quickly seen."""
    backend = kind(model.backend)
    if not 1 <= model.factor <= 1000:
        raise EvalRejected(f"--max-factor takes 1 to 1000, not {model.factor:g}")
    backend.check(model)
