"""What processes have started, and how much they have computed."""

import contextlib
import os
from pathlib import Path


def stats():
    """Return the parent and the CPU seconds of each process, by its id."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            used = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            found[int(path.parent.name)] = int(fields[1]), used
    return found


def children(process):
    """Return the ids of the processes that a process has started."""
    return [number for number, (parent, _) in stats().items() if parent == process]


def descendants(process):
    """Return the ids of the processes that a process has started, then those that these have."""
    known = stats()
    found, new = [], [process]
    while new:
        new = [number for number, (parent, _) in known.items() if parent in new]
        found += new
    return found


def busy(process):
    """Return the CPU seconds of a process and of those that it has started."""
    family = {process, *descendants(process)}
    return sum(used for number, (_, used) in stats().items() if number in family)
