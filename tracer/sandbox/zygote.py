"""The zygote: a process that has everything loaded, can reach nothing, and forks for each request.

It runs no text of a rule; the processes that it forks do (`child`). The text of a rule that is
asked for again is parsed here (`prepared`).
"""

import contextlib
import functools
import gc
import importlib
import io
import json
import marshal
import mmap
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any, NoReturn

from ..errors import Refused, StyleNotFound
from ..records import Limits, Task
from ..styles import built_in, load
from .allowed import load as load_allowed
from .elsewhere import scatter, set_clocks
from .guard import watch_roads
from .limited import STAND_STILL
from .quiet import Quiet
from .scrub import scrub
from .secret import Secret
from .state import Snapshot
from .wire import HEAD, KILL, QUICK, STEPWISE, TASK, TOGETHER, TOKEN_SIZE, Report

SPARE = 512 << 20  # bytes of address space, for making a record when there is no other room left

# What rules may import; what these import themselves is there, too.
LIBRARY = (
    "__future__ abc array ast base64 binascii bisect calendar cmath collections.abc colorsys"
    " contextlib contextvars copy copyreg csv dataclasses datetime decimal difflib dis enum errno"
    " fractions functools gc graphlib hashlib heapq html inspect io itertools json keyword"
    " linecache locale math numbers operator os.path pprint queue random re reprlib secrets"
    " select shlex signal stat statistics string struct textwrap threading time timeit token"
    " tokenize traceback types typing unicodedata warnings weakref zlib"
).split()
_OWN = (
    "astor ..compiled.codegen ..compiled.to_steps ..compiled.to_text ..rule ..styles.render"
    " ..tracing .child .guard .limited .prepared .quick .stepwise .together"
).split()
# Cryptography and its libraries cost every fork time; hashlib does without.
_UNWANTED = ("_hashlib", "_ssl", "ssl", "_uuid", "_curses", "readline")
# What a rule does not get to see, although it is loaded.
_HIDDEN = ("rfft", "ctypes", "_ctypes", "astor", "mmap", "socket", "_socket", "resource")


def serve(descriptor: int, hidden: dict[str, ModuleType]) -> NoReturn:
    """Be a zygote: load, lock up, say hello, then fork for each request until the other end goes.

    The modules that a rule does not get to see are moved into `hidden`.

    The configuration comes first: ``styles``, ``path`` (where packages are), whether
    ``coroutines`` (asyncio) are wanted, which other place than usual this is to be
    (``elsewhere``, 0 if it is none), the protections to go ``without``, the modules to ``allow``
    beside those of the library, and the ``judge`` of texts, as ``module:function``. It is called
    with a record, its trace (or None), a text and the name of its style, and returns the record
    with the ``verdict``.
    """
    supervisor = socket.socket(fileno=descriptor)
    config = json.loads(_receive(supervisor, HEAD.unpack(_receive(supervisor, HEAD.size))[1]))
    gc.disable()
    missing = leave_network(config["without"])
    try:
        judge = _load(config)
        if config["allow"]:
            import site  # a package may be found by a .pth file only

            site.main()
        trusted = load_allowed(config["allow"])
    except StyleNotFound as problem:
        _send(supervisor, json.dumps({"style": str(problem)}).encode())
        sys.exit(0)
    except Refused as problem:
        _send(supervisor, json.dumps({"allow": str(problem)}).encode())
        sys.exit(0)
    watch_roads()
    _rehearse()
    spare = mmap.mmap(-1, SPARE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    size = _address_space()
    missing += lock_up(config["without"])
    call_filter = None if "system-call filter" in config["without"] else filter_of()
    if call_filter is None:
        missing.append("system-call filter")
    scrub()
    quiet = Quiet()
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), quiet, quiet
    from . import quick, stepwise, together
    from .child import Child, Surroundings
    from .prepared import Prepared

    token = Secret(TOKEN_SIZE)
    snapshot = Snapshot(trusted)
    hidden.update((n, m) for n, m in sys.modules.items() if n.partition(".")[0] in _HIDDEN)
    for name in hidden:
        del sys.modules[name]
    for name in ("ctypes", "_ctypes"):
        hidden.pop(name, None)  # of use to nobody from here on
    snapshot.modules_are_final()
    surroundings = Surroundings(
        snapshot,
        size,
        spare,
        hidden,
        quiet,
        call_filter,
        judge,
        scatter if config["elsewhere"] else list,
    )
    gc.collect()
    gc.freeze()
    _send(supervisor, json.dumps({"missing": missing}).encode())
    prepared = Prepared()
    ways = {QUICK: quick.perform, STEPWISE: stepwise.perform, TOGETHER: together.perform}
    while True:
        try:
            (letter, length), reply = _next(supervisor)
            if letter != TASK or reply is None:
                continue  # a late order to kill what has ended by itself
            token.receive(supervisor)
            request = marshal.loads(_receive(supervisor, length))
        except EOFError:
            os._exit(0)
        tasks = [Task(**task) for task in request["tasks"]]
        rule = prepared.rule(tasks)
        limits = Limits(**request["limits"])
        perform = ways[request["way"]]
        answer = functools.partial(perform, tasks=tasks, limits=limits, rule=rule)
        steps = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast("Q")  # of this process alone
        began = time.monotonic()
        ours, theirs = os.pipe()
        parent = os.getpid()
        process = os.fork()
        if process == 0:
            child = Child(surroundings, token, steps, reply, theirs)
            child.run(parent, answer)
        os.close(reply)
        os.close(theirs)
        status = _wait(process, ours, supervisor)
        os.close(ours)
        prepared.ended(status, time.monotonic() - began)
        _send_report(supervisor, Report(status, min(steps[0], 1 << 62)))


def _load(config: dict[str, Any]) -> Callable[..., Any] | None:
    """Load all that a rule or its trace may need; return the judge, if one is wanted."""
    sys.path.extend(p for p in config["path"] if p not in sys.path)
    for name in _UNWANTED:
        sys.modules[name] = None  # type: ignore[assignment]
    if config["elsewhere"]:
        set_clocks(config["elsewhere"])
    names = [*LIBRARY, *_OWN]
    if config["coroutines"]:
        names += ["asyncio", ".loop"]
    judge, _, function = config["judge"].partition(":")
    if judge:
        names += [judge, "codecs", "collections"]
    for name in names:
        importlib.import_module(name, __package__)
    if config["coroutines"]:
        from .loop import prepare

        prepare()
    if any(s not in built_in() and not s.endswith(".py") for s in config["styles"]):
        import site  # a package that brings a style may be found by a .pth file only

        site.main()
    for style in {*built_in(), *config["styles"]}:
        load(style)
    for name in _UNWANTED:
        sys.modules.pop(name, None)
    return getattr(sys.modules[judge], function) if judge else None


def _rehearse() -> None:
    """Do once what all processes for tasks will do, with a rule of our own.

    What the interpreter does only once, such as adapting bytecode and filling caches, writes to
    memory; in a forked process each page that is written to is copied first.
    """
    from ..rule import Rule
    from .quick import Texts
    from .wire import pack_texts

    for _ in range(10):
        rule = Rule.from_source(_SAMPLE)
        texts = Texts(rule, Task(_SAMPLE, ("[0, 1], 'a'",)), Limits())
        ran = texts.run(0)
        assert ran is not None
        pack_texts(rule.function, texts.prompts, [ran])


_SAMPLE = """
def sample(nums: list[int], text: str) -> int:
    total = 0
    for num in nums:
        if num % 2 == 0 and total > 1:
            total += num
        else:
            nums.append(len(text))
            break
    while total < 3:
        total += 1
    return total
"""


def lock_up(without: list[str]) -> list[str]:
    """Give up all that the system lets this process give up; say what it does not."""
    import resource

    # A time zone that needs no file. Ctrl-C is for the supervisor.
    os.environ["TZ"] = "UTC0"
    time.tzset()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    os.chdir("/")
    os.umask(0o077)
    for kind in (resource.RLIMIT_CORE, getattr(resource, "RLIMIT_MSGQUEUE", None)):
        if kind is not None:
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(kind, (0, 0))
    if not sys.platform.startswith("linux"):
        return ["Landlock", "namespaces", "memory limit"]
    from . import linux

    linux.gain_no_privileges()
    steps = {"dropped capabilities": linux.drop_capabilities, "Landlock": linux.forbid_files}
    missing = _taken(steps, without)
    linux.hide_from_others()
    return missing


def leave_network(without: list[str]) -> list[str]:
    """Enter namespaces of its own, while there is no other thread; say if that cannot be done."""
    if not sys.platform.startswith("linux"):
        return []
    from . import linux

    return _taken({"namespaces": linux.enter_namespaces}, without)


def _taken(steps: dict[str, Callable[[], None]], without: list[str]) -> list[str]:
    """Take steps of giving up rights, but for those to go `without`; say what is missing then."""
    missing = [what for what in steps if what in without]
    for what, step in steps.items():
        if what not in without:
            try:
                step()
            except (OSError, AttributeError, KeyError):
                missing.append(what)
    return missing


def filter_of() -> Any:
    """Return the filter that is loaded into each process for a task; None if there is none."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        from .linux import SystemCallFilter

        return SystemCallFilter(STAND_STILL)
    except OSError:
        return None


def _address_space() -> int:
    """Return the size of this process's address space in bytes; 0 if the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as sizes:  # noqa: PTH123
            return int(sizes.read().split()[0]) * mmap.PAGESIZE
    except OSError:
        return 0


def _wait(process: int, ours: int, supervisor: socket.socket) -> int:
    """Wait for the end of a process, and bring it about if the supervisor wants it or is gone.

    The process holds the other end of the pipe `ours` as long as it lives.
    """
    poll = select.poll()
    poll.register(ours, select.POLLIN)
    poll.register(supervisor, select.POLLIN)
    while True:
        ready = dict(poll.poll())
        if ours in ready:
            break
        try:
            (letter, _), _ = _next(supervisor)
        except EOFError:
            os.kill(process, signal.SIGKILL)
            os._exit(0)
        if letter == KILL:
            break
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)  # which changes nothing about a process that is ending
    return os.waitpid(process, 0)[1]


def _next(supervisor: socket.socket) -> tuple[tuple[bytes, int], int | None]:
    """Return the head of the next message, and the descriptor that comes with it."""
    data, descriptors, _, _ = socket.recv_fds(supervisor, HEAD.size, 1)
    if not data:
        raise EOFError
    while len(data) < HEAD.size:
        data += _receive(supervisor, HEAD.size - len(data))
    return HEAD.unpack(data), descriptors[0] if descriptors else None


def _receive(supervisor: socket.socket, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        chunk = supervisor.recv(min(count - len(data), 1 << 20))
        if not chunk:
            raise EOFError
        data += chunk
    return bytes(data)


def _send(supervisor: socket.socket, payload: bytes) -> None:
    supervisor.sendall(HEAD.pack(b"H", len(payload)) + payload)


def _send_report(supervisor: socket.socket, report: Report) -> None:
    try:
        supervisor.sendall(report.pack())
    except OSError:
        os._exit(0)
