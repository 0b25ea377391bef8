"""The sandbox: runs rules that nobody has vouched for where they can do no harm.

A trusted *supervisor* (this process) never compiles or runs the text of a rule. It keeps a
*zygote*: a process with all that is needed loaded, which has given up its rights. For each task
the zygote forks a process that closes its descriptors, gives up nearly all system calls, runs the
rule, and answers in JSON. `docs/safety.md` says what this promises and what not.
"""

from ..records import Limits, Task
from .allowed import allow, allowed
from .pool import Pool
from .run import run, run_here
from .sandbox import Sandbox

__all__ = ["Limits", "Pool", "Sandbox", "Task", "allow", "allowed", "run", "run_here"]
