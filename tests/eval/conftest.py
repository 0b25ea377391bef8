import os

import pytest

from .small import corpus_in, rows_of

# The models are so small that threads only get in each other's way.
os.environ["OMP_NUM_THREADS"] = "1"


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    return corpus_in(tmp_path_factory.mktemp("eval"))


@pytest.fixture(scope="session")
def rows(corpus):
    return rows_of(corpus)
