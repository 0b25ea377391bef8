"""What the tests of training share: two corpora and a very small model."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    import torch

    os.environ["OMP_NUM_THREADS"] = "1"
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory) -> Path:
    from .small import corpus_in

    return corpus_in(tmp_path_factory.mktemp("train"))


@pytest.fixture(scope="session")
def held_out(tmp_path_factory) -> Path:
    from .small import corpus_in

    return corpus_in(
        tmp_path_factory.mktemp("validation"), side="validation", lengths=(4, 4), per_length=6
    )


@pytest.fixture(scope="session")
def model(tmp_path_factory) -> Path:
    from .small import model_in

    return model_in(tmp_path_factory.mktemp("model"))
