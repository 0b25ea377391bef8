"""Templates: how a prompt and its response become one text, the same wherever that is done.

Training, evaluation and the counting of tokens all ask here. A model that was trained under a
template is to be asked under the same one, so a run writes down which it was (`Template.said`), and
`choose_for` compares.
"""

import inspect
import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import CorpusRejected
from .rows import blank_line, message

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

RUN = "run.json"
"""The file of a run of training that says, under ``configuration``, what was `said`."""

_PROMPT, _RESPONSE = "What is 1 + 1?", "The answer is 2"  # that no template has in it


class Closing(NamedTuple):
    """What comes behind a response: a text, the token that ends it, how many tokens follow that."""

    text: str
    end: int | None
    more: int


@dataclass(frozen=True)
class Template:
    """How a prompt and its response become one text.

    `text` is a chat template; without one, the response follows the prompt and a blank line, as
    `rfft-trace` prints them. `system` is the system's message, and `arguments` are what else the
    template is given, such as ``enable_thinking``. `source` is where it was found.
    """

    text: str | None
    system: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    source: str = field(default="model", compare=False)

    def opened(self, tokenizer: "PreTrainedTokenizerBase", prompt: str) -> str:
        """Return the text after which a model writes its response to a prompt."""
        if self.text is None:
            return blank_line(prompt)
        return self._rendered(tokenizer, prompt)

    def closing(self, tokenizer: "PreTrainedTokenizerBase") -> Closing:
        """Return what comes behind each response: the end of the turn, by the template's own token.

        Where the template writes no such token, that is the end-of-text token, if there is one.
        """
        end = tokenizer.eos_token_id
        if self.text is None:
            return Closing("", end, 0)
        whole = self._rendered(tokenizer, _PROMPT, _RESPONSE)
        tail = whole.rpartition(_RESPONSE)[2]
        special = {n for n, token in tokenizer.added_tokens_decoder.items() if token.special}
        found = [n for n in _ids(tokenizer, tail) if n in special]
        if found:
            end = found[0]
            tail = tail.partition(str(tokenizer.convert_ids_to_tokens(end)))[0]
        else:
            tail = tail.rstrip()
        # Some templates write more in front of a response that is there, too.
        parts = (self._rendered(tokenizer, _PROMPT), _RESPONSE + tail)
        taken = sum(len(_ids(tokenizer, part)) for part in parts) + 1
        return Closing(tail, end, max(0, len(_ids(tokenizer, whole)) - taken))

    def _rendered(
        self, tokenizer: "PreTrainedTokenizerBase", prompt: str, response: str | None = None
    ) -> str:
        talk = [message("user", prompt)]
        if self.system is not None:
            talk.insert(0, {"role": "system", "content": self.system})
        if response is not None:
            talk.append(message("assistant", response))
        made = tokenizer.apply_chat_template(
            talk,
            chat_template=self.text,
            add_generation_prompt=response is None,
            tokenize=False,
            **self.arguments,
        )
        return str(made)

    def options(self) -> str:
        """Return the options that ask for it."""
        return _options(self.source, self.system, self.arguments)

    def said(self) -> dict[str, Any]:
        """Return what tells templates apart, as JSON data."""
        digest = "none" if self.text is None else sha256(self.text.encode()).hexdigest()[:32]
        return {"template": digest, "system": self.system, "template_args": dict(self.arguments)}


def _ids(tokenizer: "PreTrainedTokenizerBase", text: str) -> list[int]:
    found: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return found


def own(tokenizer: "PreTrainedTokenizerBase") -> Template:
    """Return a tokenizer's own template."""
    if tokenizer.chat_template is None:
        return Template(None)
    return Template(tokenizer.get_chat_template())


def choose(
    tokenizer: "PreTrainedTokenizerBase",
    name: str,
    source: str | None = None,
    system: str | None = None,
    arguments: Mapping[str, Any] | None = None,
) -> Template:
    """Return the template that is wanted for the tokenizer of a name. Raises CorpusRejected.

    `source` is ``none``, ``model`` or a file; by default it is the tokenizer's own, if it has one.
    """
    given = dict(arguments or {})
    if source in (None, "model"):
        text = own(tokenizer).text
        if text is None and source is not None:
            raise CorpusRejected(f"{name}: has no chat template; --template none, or a file")
    else:
        text = None if source == "none" else read(str(source))
    made = Template(text, system, given, source or "model")
    if text is None:
        check_plain(system, given)
        return Template(None, source="none")
    taken = inspect.signature(tokenizer.apply_chat_template).parameters
    for key in given:
        if key in taken:
            raise CorpusRejected(f"--template-arg {key} is none that can be given")
        if not re.search(rf"\b{re.escape(key)}\b", text):
            raise CorpusRejected(f"{name}: its template takes no {key}")
    try:
        opened, _ = made.opened(tokenizer, _PROMPT), made.closing(tokenizer)
    except Exception as error:  # what stands in a template raises anything
        said = " ".join(str(error).split())[:200]
        raise CorpusRejected(f"{name}: its template cannot be used: {said}") from None
    missing = [t for t in (system, _PROMPT) if t is not None and t.strip() not in opened]
    if missing:
        raise CorpusRejected(f"{name}: its template leaves out {missing[0][:60]!r}")
    return made


def choose_for(
    model: str,
    tokenizer: "PreTrainedTokenizerBase",
    source: str | None,
    system: str | None,
    arguments: Mapping[str, Any],
) -> Template:
    """Return the template that a model is to be asked by, which is the one it was trained under.

    `model` is a name, or the folder of a run or one in it, such as a checkpoint; the others are as
    for `choose`. Raises CorpusRejected.
    """
    made = choose(tokenizer, model, source, system, arguments)
    if Path(model).is_dir():
        _demand(Path(model), made)
    return made


def check_plain(system: str | None, arguments: Mapping[str, Any]) -> None:
    """Raise CorpusRejected for what only a chat template takes, where there is none."""
    given = [n for n, v in (("--system", system), ("--template-arg", arguments)) if v]
    if given:
        raise CorpusRejected(f"{given[0]} goes into a chat template, and there is none")


def read(path: str) -> str:
    """Return the template in a file. Raises CorpusRejected."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise CorpusRejected(f"--template takes none, model or a file, not {path}: {why}") from None


def _demand(model: Path, template: Template) -> None:
    """Raise CorpusRejected if a model was trained under another template, as its run says."""
    for folder in (model, *model.absolute().parents[:2]):
        try:
            said = json.loads((folder / RUN).read_text(encoding="utf-8"))["configuration"]
            trained = {name: said[name] for name in template.said()}
        except (OSError, ValueError, LookupError, TypeError):
            continue
        if trained == template.said():
            return
        plain = trained["template"] == "none"
        wanted = _options("none" if plain else "model", trained["system"], trained["template_args"])
        raise CorpusRejected(
            f"{model}: was trained with {wanted}, not {template.options()}: give {wanted}"
        )


def _options(source: str, system: str | None, arguments: Mapping[str, Any]) -> str:
    """Return the options that ask for a template."""
    words = ["--template", source]
    if system is not None:
        words += ["--system", system]
    for key, value in arguments.items():
        words += ["--template-arg", f"{key}={json.dumps(value, ensure_ascii=False)}"]
    return shlex.join(words)
