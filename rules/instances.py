"""Which random numbers an instance of a task is made from."""

from hashlib import blake2b
from random import Random


def random_for(task: str, seed: int, length: int, index: int) -> Random:
    """Return the source of random numbers for one instance of a task.

    It depends on these four alone: not on the Python version, the machine or the hash seed. They
    are hashed, not added, so that neighbouring seeds share no instance.
    """
    key = f"{task}/{seed}/{length}/{index}".encode()
    return Random(int.from_bytes(blake2b(key, digest_size=16).digest(), "big"))
