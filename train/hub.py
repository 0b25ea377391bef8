"""The Hugging Face hub: where the model of a run may go."""

from pathlib import Path

from .errors import TrainingFailed, TrainingRejected

#: What goes there of a run: its model, its card, and how it went. Not what is for going on, and not
#: `run.json`, which has paths of the machine.
_FILES = ["config.json", "generation_config.json", "*.safetensors", "*.safetensors.index.json",
          "tokenizer*", "special_tokens_map.json", "chat_template.jinja", "vocab*", "merges.txt",
          "added_tokens.json", "README.md", "curve.png", "metrics.jsonl", "adapter/*"]  # fmt: skip


def claim(name: str) -> str:
    """Return the whole name of a repository, made if it is not there: private, then.

    Called before training, so that a name or a token that will not do is found at once. Raises
    TrainingRejected.
    """
    from huggingface_hub import HfApi

    try:
        return str(HfApi().create_repo(name, private=True, exist_ok=True).repo_id)
    except Exception as error:  # of the client, or of what it stands on
        raise TrainingRejected(
            f"--push-to-hub {name}: there can be no such repository: {_line(error)}; "
            "`hf auth login` says who you are"
        ) from None


def push(run: Path, name: str) -> str:
    """Put the model of a run, which is over, there; return its address. Raises TrainingFailed."""
    from huggingface_hub import HfApi

    try:
        HfApi().upload_folder(
            repo_id=name,
            folder_path=run,
            allow_patterns=_FILES,
            ignore_patterns=["checkpoints/*", "first_adapter/*", "logs/*", ".work/*"],
            commit_message="A model trained by rfft train",
        )
        return f"{HfApi().endpoint}/{name}"
    except Exception as error:  # of the client, or of what it stands on
        raise TrainingFailed(
            f"{run}: is trained, and {name} could not be reached: {_line(error)}; "
            "the same command tries again"
        ) from None


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
